package dev.holdpoint.start;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.TenantId;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** One line per transition, for whoever reads the log: ids and statuses, never what was said. */
@Singleton
class TransitionLog {
    private static final Logger LOG = Logger.getLogger("dev.holdpoint.transitions");

    private final EventLog log;

    TransitionLog(EventLog log) { this.log = log; }

    void follow(@Observes StartupEvent start) {
        log.changes().onFailure().retry().indefinitely().subscribe().with(TransitionLog::tell);
    }

    private static void tell(Change change) {
        if (!LOG.isInfoEnabled()) return;
        LOG.infof("%s tenant=%s jobId=%s event=%s to=%s", name(change.what()), tenant(change),
                quoted(change.job().key().id().value()),
                change.event().id(), change.job().status().word());
    }

    /** Ids are text of others: encoded, none of them can look like a field of this line. */
    private static String quoted(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private static String tenant(Change change) {
        TenantId tenant = change.job().key().space().tenant();
        return tenant == null ? "-" : quoted(tenant.value());
    }

    private static String name(JobEvent.Lifecycle what) {
        return switch (what) {
            case JobEvent.JobCreated created -> "created";
            case JobEvent.JobPaused paused -> "paused";
            case JobEvent.JobResumed resumed -> "resumed";
            case JobEvent.JobClaimed claimed -> "claimed";
            case JobEvent.JobEnded ended -> "ended";
        };
    }
}
