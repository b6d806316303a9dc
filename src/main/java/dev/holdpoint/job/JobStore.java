package dev.holdpoint.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Port to where jobs are kept. Every move is one atomic command: it checks status, fence or generation, action and
 * deadline by the store's own clock, and writes the job, its log, its indexes and its outbox entry together, or
 * nothing. An expected outcome is a {@link Transition}; a failed {@link Uni} means broken machinery.
 */
public interface JobStore {
    Uni<Transition> create(NewJob wanted);

    /**
     * Appends the whole batch or nothing.
     *
     * @param expectedSeq when given, the batch lands only right behind this sequence number
     */
    Uni<Transition> append(JobKey job, Fence fence, OptionalLong expectedSeq, List<JobEvent.Reported> events);

    Uni<Transition> heartbeat(JobKey job, Fence fence);

    /** @param judgement what the prompt and the calls beside it rest on; null when no policy was asked */
    Uni<Transition> pause(JobKey job, Fence fence, NewPause wanted, @Nullable Judgement judgement);

    /**
     * Lets the worker go on with calls that nobody has to be asked about: its fence and
     * the rules are in force at this moment.
     */
    Uni<Transition> pass(JobKey job, Fence fence, Judgement judgement);

    Uni<Transition> complete(JobKey job, Fence fence, @Nullable Json result);

    Uni<Transition> fail(JobKey job, Fence fence, JobError error);

    Uni<Transition> resolve(JobKey job, NewResolution wanted);

    Uni<Transition> abort(JobKey job, OptionalLong generation);

    /** Expires the waiting prompt, dead or alive; {@code named} guards against hitting another one. */
    Uni<Transition> expireByHand(JobKey job, @Nullable ActionId named);

    /** Expires exactly the prompt that was seen dead; {@code observed} is null when it can't be read. */
    Uni<Transition> expireDead(JobKey job, long generation, @Nullable ActionId observed);

    /**
     * Expires many prompts that were seen dead, each as if it were asked for alone; outcomes come in no order. A
     * failure says nothing of those whose outcome was not told before.
     */
    default Multi<Transition> expireDead(List<Sighting> dead) {
        return Multi.createFrom().iterable(dead)
                .onItem().transformToUni(one -> expireDead(one.job().key(), one.job().generation(),
                        one.job().prompt().map(PendingAction::id).orElse(null)))
                .merge();
    }

    /** Claims the continuation of {@code action}; the same worker again gets the same lease. */
    Uni<Transition> claim(JobKey job, ActionId action, WorkerId worker);

    /**
     * Claims the continuation of the space that is open for longest; {@link Transition.StillUndecided} when
     * none is. An empty set of agents means any.
     */
    Uni<Transition> claimOldest(Space space, Set<AgentId> agents, WorkerId worker);

    Uni<Transition> reap(JobKey job, long generation);

    Uni<Transition> reopen(JobKey job, long generation);

    /** Deletes an ended job whose retention is over and whose outbox entry has left; won with the job that is gone. */
    Uni<Transition> reclaim(JobKey job, long generation);

    /**
     * The job as it stands, or null when there is none. Reading never writes. Of closed prompts it
     * tells at least the newest, as moves do.
     */
    Uni<@Nullable Sighting> find(JobKey job);

    /** Like {@link #find}, with every closed prompt that is remembered. */
    Uni<@Nullable Sighting> recall(JobKey job);

    /**
     * The resolution that closed an action, once it is as safe as this store makes an
     * acknowledged one; null when none is known.
     */
    Uni<@Nullable Resolution> resolution(JobKey job, ActionId action);

    /** Job, retained events and newest event id of one moment and one generation, or null when there is no job. */
    Uni<@Nullable ResumeState> resumeState(JobKey job);

    /** Active jobs of a user, oldest first. */
    Uni<Page<Job>> activeJobs(Space space, UserId owner, @Nullable String cursor, int limit);

    /** Jobs with a live prompt. */
    Uni<Page<Job>> pending(Space space, PendingQuery query, @Nullable String cursor, int limit);

    /** Emits a job whenever its continuation becomes open to claims, from now on. */
    Multi<JobKey> opened();

    /**
     * How many prompts wait in all spaces together, and since when the oldest of them does. About
     * right: what died a moment ago may count.
     */
    Uni<Waiting> waiting();

    /** @param since by the store's clock; null when nothing waits */
    record Waiting(long prompts, @Nullable Instant since) {}

    /** Number of jobs of a space by status. */
    Uni<Map<JobStatus, Long>> count(Space space);

    /** Jobs that the sweep must look at now, earliest first. Shows at most {@code limit}. */
    Uni<DueJobs> due(int limit);
}
