package dev.holdpoint.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;

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
    private static final int BATCH = 2_000;
    private static final int AT_ONCE = 64;

    private final JobStore store;
    private final Duty expire;
    private final Duty reap;
    private final Duty reopen;
    private final Duty reclaim;
    private volatile boolean behind;

    public Sweep(JobStore store, Expiries told) {
        this.store = store;
        this.expire = new ExpirePrompts(store, told);
        this.reap = new ReapSilentJobs(store);
        this.reopen = new ReopenLapsedLeases(store);
        this.reclaim = new ReclaimEndedJobs(store);
    }

    /** Sees to everything due now. Answers how long it is until the next job falls due; null when none is known. */
    public Uni<@Nullable Duration> run() {
        // Repeated, not recursive: the passes may be too many for one stack.
        return Multi.createBy().repeating().uni(() -> store.due(BATCH).chain(this::see))
                // A pass that moved nothing must not start over at once: the jobs it saw are another replica's by now.
                .whilst(pass -> pass.moved() > 0)
                .collect().last()
                .map(Pass::nextIn)
                .onTermination().invoke(() -> behind = false);
    }

    /** Whether more prompts and workers were due at the last look than are seen to at once. */
    public boolean isBehind() {
        return behind;
    }

    private record Pass(long moved, @Nullable Duration nextIn) {}

    private Uni<Pass> see(DueJobs due) {
        // Ended jobs are nobody's to wait for, and those that the archive is owed would hold it up for ever.
        behind = due.jobs().stream().filter(one -> !(one.job().phase() instanceof Phase.Ended)).count() > AT_ONCE;
        return Multi.createFrom().iterable(due.jobs())
                // One after another, each would wait for a store that answers many as fast as one.
                .onItem().transformToUni(job -> duty(job).see(job)).merge(AT_ONCE)
                .filter(Transition.Won.class::isInstance)
                .collect().with(Collectors.counting())
                .map(moved -> new Pass(moved, due.nextIn()));
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
