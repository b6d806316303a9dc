package dev.holdpoint.sweep;

import java.time.Duration;
import java.time.Instant;

import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Continuation.Hold;
import dev.holdpoint.job.DueJobs;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Looks at every job that is due and lets the one duty see to it that its phase calls for. */
public final class Sweep {
    private static final int BATCH = 500;

    private final JobStore store;
    private final Duty expire;
    private final Duty reap;
    private final Duty reopen;
    private final Duty reclaim;

    public Sweep(JobStore store) {
        this.store = store;
        this.expire = new ExpirePrompts(store);
        this.reap = new ReapSilentJobs(store);
        this.reopen = new ReopenLapsedLeases(store);
        this.reclaim = new ReclaimEndedJobs(store);
    }

    /** Sees to everything due now. Answers how long it is until the next job falls due; null when none is known. */
    public Uni<@Nullable Duration> run() {
        return store.due(BATCH).chain(this::see);
    }

    private Uni<@Nullable Duration> see(DueJobs due) {
        if (due.jobs().isEmpty()) return Uni.createFrom().item(due.nextIn());
        return Multi.createFrom().iterable(due.jobs())
                .onItem().transformToUniAndConcatenate(job -> duty(job).see(job))
                .filter(Transition.Won.class::isInstance)
                .collect().asList()
                // A pass that moved nothing must not start over at once: the jobs it saw are another replica's by now.
                .chain(won -> won.isEmpty() ? Uni.createFrom().item(due.nextIn()) : run());
    }

    private Duty duty(Sighting due) {
        return switch (due.job().phase()) {
            case Phase.Running running -> lapsed(running.continuation(), due.at()) ? reopen : reap;
            case Phase.Waiting waiting -> expire;
            case Phase.Ended ended -> reclaim;
        };
    }

    private static boolean lapsed(@Nullable Continuation continuation, Instant now) {
        return continuation != null && !continuation.isOpen() && continuation.holdAt(now) instanceof Hold.Open;
    }
}
