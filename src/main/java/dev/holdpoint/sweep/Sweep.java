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
import dev.holdpoint.job.Transition;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every job that is due and sees to what its phase calls for. Safe to run twice and on every replica: the
 * store lets one of them win.
 */
public final class Sweep {
    private static final int BATCH = 2_000;
    private static final int AT_ONCE = 64;

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

    /** Whether more prompts and workers were due at the last look than are seen to at once. */
    public boolean isBehind() {
        return behind;
    }

    private record Pass(long moved, @Nullable Duration nextIn) {}

    private Uni<Pass> see(DueJobs due) {
        // Ended jobs are nobody's to wait for, and those that the archive is owed would hold it up for ever.
        behind = due.jobs().stream().filter(one -> !(one.job().phase() instanceof Phase.Ended)).count() > AT_ONCE;
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
        return Multi.createBy().merging().streams(expire.see(dead), Multi.createFrom().iterable(others)
                // One after another, each would wait for a store that answers many as fast as one.
                .onItem().transformToUni(Supplier::get).merge(AT_ONCE))
                .filter(Transition.Won.class::isInstance)
                .collect().with(Collectors.counting())
                .map(moved -> new Pass(moved, due.nextIn()));
    }

    private static boolean lapsed(@Nullable Continuation continuation, Instant now) {
        return continuation != null && !continuation.isOpen() && continuation.holdAt(now) instanceof Hold.Open;
    }
}
