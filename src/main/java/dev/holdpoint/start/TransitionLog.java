package dev.holdpoint.start;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.Text;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One line per transition, for whoever reads the log: ids and statuses, never what was said. They are fields of a JSON
 * log as well, so that nobody has to take the line apart.
 */
@Singleton
class TransitionLog {
    private static final Logger LOG = Logger.getLogger("dev.holdpoint.transitions");

    private final EventLog log;

    TransitionLog(EventLog log) { this.log = log; }

    void follow(@Observes StartupEvent start) {
        log.changes().onFailure().retry().indefinitely().subscribe().with(TransitionLog::tell);
    }

    private static void tell(Change change) {
        if (!LOG.isLoggable(Level.INFO)) return;
        Map<String, String> fields = fields(change);
        StringBuilder line = new StringBuilder(name(change.what()));
        fields.forEach((name, value) -> line.append(' ').append(name).append('=').append(Text.encoded(value)));
        fields.put("transition", name(change.what()));
        ExtLogRecord told = new ExtLogRecord(Level.INFO, line.toString(), ExtLogRecord.FormatStyle.NO_FORMAT,
                TransitionLog.class.getName());
        told.setLoggerName(LOG.getName());
        told.setMdc(fields);
        LOG.logRaw(told);
    }

    private static Map<String, String> fields(Change change) {
        Job job = change.job();
        TenantId tenant = job.key().space().tenant();
        Map<String, String> fields = new LinkedHashMap<>();
        put(fields, "tenant", tenant == null ? null : tenant.value());
        put(fields, "jobId", job.key().id().value());
        put(fields, "event", change.event().id().toString());
        put(fields, "from", from(change).map(JobStatus::word).orElse(null));
        put(fields, "to", job.status().word());
        put(fields, "actionId", action(change).map(ActionId::value).orElse(null));
        return fields;
    }

    private static void put(Map<String, String> fields, String name, @Nullable String value) {
        if (value != null) fields.put(name, value);
    }

    /** Empty for a job that begins. */
    private static Optional<JobStatus> from(Change change) {
        return switch (change.what()) {
            case JobEvent.JobCreated created -> Optional.empty();
            case JobEvent.JobPaused paused -> Optional.of(JobStatus.RUNNING);
            case JobEvent.JobResumed resumed -> Optional.of(JobStatus.REQUIRES_ACTION);
            case JobEvent.JobClaimed claimed -> Optional.of(JobStatus.RUNNING);
            case JobEvent.JobEnded ended -> Optional.of(
                    ended.how() instanceof Ending.Expired || change.job().closedByTheEnd().isPresent()
                            ? JobStatus.REQUIRES_ACTION
                            : JobStatus.RUNNING);
        };
    }

    private static Optional<ActionId> action(Change change) {
        return switch (change.what()) {
            case JobEvent.JobCreated created -> Optional.empty();
            case JobEvent.JobPaused paused -> Optional.of(paused.action().id());
            case JobEvent.JobResumed resumed -> Optional.of(resumed.resolution().action().id());
            case JobEvent.JobClaimed claimed ->
                    change.job().continuation().map(continuation -> continuation.resolution().action().id());
            case JobEvent.JobEnded ended -> change.job().closedByTheEnd().map(ClosedAction::id);
        };
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
