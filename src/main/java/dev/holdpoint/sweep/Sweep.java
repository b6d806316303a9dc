package dev.holdpoint.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Continuation.Hold;
import dev.holdpoint.job.DueJobs;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.Transition;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every job that is due and sees to what its phase calls for. Safe to run twice and on every replica: the
 * store lets one of them win.
 */
public final class Sweep {
    private static final Logger LOG = Logger.getLogger(Sweep.class);
    private static final int BATCH = 2_000;
    private static final int AT_ONCE = 64;
    /** So many that somebody waits for the last of them. */
    private static final int CROWD = 64;

    private final JobStore store;
    private final ExpirePrompts expire;
    private volatile boolean behind;

    public Sweep(JobStore store, Expiries told) {
        this.store = store;
        this.expire = new ExpirePrompts(store, told);
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

    /** Whether more than a few prompts and workers were due at the last look. */
    public boolean isBehind() {
        return behind;
    }

    private record Pass(long moved, @Nullable Duration nextIn) {}

    private Uni<Pass> see(DueJobs due) {
        // Ended jobs are nobody's to wait for, and those that the archive is owed would hold it up for ever.
        behind = due.jobs().stream().filter(one -> !(one.job().phase() instanceof Phase.Ended)).count() > CROWD;
        Failures failures = new Failures();
        List<Sighting> dead = new ArrayList<>();
        List<Uni<Transition>> others = new ArrayList<>();
        for (Sighting one : due.jobs()) {
            JobKey job = one.job().key();
            long generation = one.job().generation();
            switch (one.job().phase()) {
                case Phase.Waiting waiting -> dead.add(one);
                case Phase.Running running when lapsed(running.continuation(), one.at()) ->
                        others.add(failures.despite(job, () -> store.reopen(job, generation)));
                case Phase.Running running -> others.add(failures.despite(job, () -> store.reap(job, generation)));
                case Phase.Ended ended -> others.add(failures.despite(job, () -> store.reclaim(job, generation)));
            }
        }
        return Multi.createBy().merging().streams(failures.despite(expire.see(dead)),
                // One after another, each would wait for a store that answers many as fast as one.
                Multi.createFrom().iterable(others).onItem().transformToUni(move -> move).merge(AT_ONCE))
                .filter(Transition.Won.class::isInstance)
                .collect().with(Collectors.counting())
                // What failed is due still, and would bring the next pass at once.
                .map(moved -> new Pass(moved, failures.tell() ? null : due.nextIn()));
    }

    /** What failed in a pass for one job alone: it must not keep others waiting. A store that is away fails for all. */
    private static final class Failures {
        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

        Uni<Transition> despite(JobKey job, Supplier<Uni<Transition>> move) {
            return Uni.createFrom().deferred(move::get)
                    .onFailure(Failures::isOfOneJob).recoverWithItem(failure -> {
                        failures.add(new IllegalStateException(
                                "The job " + job.id().value() + " is due and can't be seen to", failure));
                        return new Transition.NotDue();
                    });
        }

        Multi<Transition> despite(Multi<Transition> moves) {
            return moves.onFailure(Failures::isOfOneJob).invoke(failures::add)
                    .onFailure(Failures::isOfOneJob).recoverWithCompletion();
        }

        private static boolean isOfOneJob(Throwable failure) { return !(failure instanceof StoreTrouble); }

        /** One line for all of them. Answers whether there are any. */
        boolean tell() {
            Throwable first = failures.peek();
            if (first == null) return false;
            LOG.warnf(first, "not everything that is due was seen to (%d failures); the next pass tries again",
                    failures.size());
            return true;
        }
    }

    private static boolean lapsed(@Nullable Continuation continuation, Instant now) {
        return continuation != null && !continuation.isOpen() && continuation.holdAt(now) instanceof Hold.Open;
    }
}
