package dev.holdpoint.continuation;

import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ClosedAction.Outcome;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.poll.LongPolls;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** Claims that can wait for a decision. Whoever stops waiting cancels, and then nothing is claimed for him. */
public final class Claims {
    /** A wake from another replica can be lost. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final JobStore store;
    private final EventLog log;
    private final LongPolls polls;

    public Claims(JobStore store, EventLog log, LongPolls polls) {
        this.store = store;
        this.log = log;
        this.polls = polls;
    }

    /** The continuation of one action; {@link Transition.StillUndecided} when nobody decided within {@code wait}. */
    public Uni<Transition> claim(JobKey job, ActionId action, WorkerId worker, Duration wait) {
        return waiting(wait, log.watch(job),
                () -> store.claim(job, action, worker).chain(outcome -> buried(job, action, worker, outcome)));
    }

    /**
     * The continuation that is open for longest; {@link Transition.StillUndecided}
     * when none came up within {@code wait}.
     */
    public Uni<Transition> claimOldest(Space space, Set<AgentId> agents, WorkerId worker, Duration wait) {
        Multi<Object> opened = store.opened().filter(job -> job.space().equals(space)).onItem().castTo(Object.class)
                .onOverflow().dropPreviousItems();
        Multi<Object> again = Multi.createFrom().ticks().startingAfter(LOOK_AGAIN).every(LOOK_AGAIN)
                .onOverflow().drop().onItem().castTo(Object.class);
        return waiting(wait, Multi.createBy().merging().streams(opened, again),
                () -> store.claimOldest(space, agents, worker));
    }

    private Uni<Transition> waiting(Duration wait, Multi<?> wakes, Supplier<Uni<Transition>> attempt) {
        return polls.poll(wait, wakes, attempt, outcome -> !(outcome instanceof Transition.StillUndecided))
                .onItem().ifNull().continueWith(Transition.StillUndecided::new);
    }

    /** A claim on a prompt that died undecided finishes it, so that the worker isn't told to go on waiting. */
    private Uni<Transition> buried(JobKey job, ActionId action, WorkerId worker, Transition outcome) {
        if (!(outcome instanceof Transition.PromptDead dead)) return Uni.createFrom().item(outcome);
        return store.expireDead(job, dead.generation(), dead.observed())
                .chain(expired -> expired instanceof Transition.Won
                        ? Uni.createFrom().item(new Transition.ActionClosed(Outcome.EXPIRED))
                        // Somebody else ended it in between; how, the store knows.
                        : store.claim(job, action, worker));
    }
}
