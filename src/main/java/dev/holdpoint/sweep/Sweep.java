package dev.holdpoint.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        List<Sighting> dead = new ArrayList<>();
        List<Supplier<Uni<Transition>>> others = new ArrayList<>();
        for (Sighting one : due.jobs()) {
            JobKey job = one.job().key();
            long generation = one.job().generation();
            switch (one.job().phase()) {
                case Phase.Waiting waiting -> dead.add(one);
                case Phase.Running running when lapsed(running.continuation(), one.at()) ->
                        others.add(() -> store.reopen(job, generation));
                case Phase.Running running -> others.add(() -> store.reap(job, generation));
                case Phase.Ended ended -> others.add(() -> store.reclaim(job, generation));
            }
        }
        return Multi.createBy().merging().streams(
                expire.see(dead)
                        .onFailure(Sweep::isOfOneJob).invoke(Sweep::tell)
                        .onFailure(Sweep::isOfOneJob).recoverWithCompletion(),
                Multi.createFrom().iterable(others)
                        .onItem().transformToUni(move -> move.get()
                                .onFailure(Sweep::isOfOneJob).invoke(Sweep::tell)
                                .onFailure(Sweep::isOfOneJob).recoverWithItem(new Transition.NotDue()))
                        // One after another, each would wait for a store that answers many as fast as one.
                        .merge(AT_ONCE))
                .filter(Transition.Won.class::isInstance)
                .collect().with(Collectors.counting())
                .map(moved -> new Pass(moved, due.nextIn()));
    }

    /** A job that something else wrote over must not keep others waiting; a store that is away fails for all. */
    private static boolean isOfOneJob(Throwable failure) {
        return !(failure instanceof StoreTrouble);
    }

    private static void tell(Throwable failure) {
        LOG.warn("A job that is due can't be seen to; the next pass tries again", failure);
    }

    private static boolean lapsed(@Nullable Continuation continuation, Instant now) {
        return continuation != null && !continuation.isOpen() && continuation.holdAt(now) instanceof Hold.Open;
    }
}
