package dev.holdpoint.dialect.mcp;

import java.time.Duration;

import dev.holdpoint.door.Dialects;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Settles inquiries whose caller doesn't wait any more, so that the outcome is there when he comes back. Every replica
 * hears of every job; which of them settles it makes no difference.
 */
@ApplicationScoped
class Settling {
    private static final Logger LOG = Logger.getLogger(Settling.class);
    private static final int AT_ONCE = 16;
    private static final int BACKLOG = 16_384;
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Duration AGAIN_AT_THE_LATEST = Duration.ofSeconds(5);

    private final JobStore store;
    private final EventLog log;
    private final InquiryWorker worker;
    private final Dialects dialects;
    private @Nullable Cancellable following;

    Settling(JobStore store, EventLog log, InquiryWorker worker, Dialects dialects) {
        this.store = store;
        this.log = log;
        this.worker = worker;
        this.dialects = dialects;
    }

    void start(@Observes StartupEvent event) {
        if (!dialects.mcp()) return;
        Multi<JobKey> over = log.changes()
                .filter(change -> change.what() instanceof JobEvent.JobResumed
                        || change.what() instanceof JobEvent.JobEnded)
                .map(change -> change.job().key());
        following = Multi.createBy().merging().streams(over, store.opened())
                .filter(Marker::mayBeOn)
                .onOverflow().buffer(BACKLOG)
                .onItem().transformToUni(job -> worker.look(job, Duration.ZERO)
                        .onFailure().invoke(failure -> LOG.debugf("not settled: jobId=%s: %s", job.id(),
                                failure.getMessage()))
                        .onFailure().recoverWithNull())
                .merge(AT_ONCE)
                // What is missed is settled when its caller comes back, or when its job ends because nobody took it up.
                .onFailure().retry().withBackOff(AGAIN_AFTER, AGAIN_AT_THE_LATEST).indefinitely()
                .subscribe().with(standing -> {
                }, failure -> LOG.error("Nobody settles inquiries any more.", failure));
    }

    void stop(@Observes ShutdownEvent event) {
        if (following != null) following.cancel();
    }
}
