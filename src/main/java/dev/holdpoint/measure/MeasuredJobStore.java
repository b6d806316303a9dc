package dev.holdpoint.measure;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.DueJobs;
import dev.holdpoint.job.Fence;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Judgement;
import dev.holdpoint.job.NewJob;
import dev.holdpoint.job.NewPause;
import dev.holdpoint.job.NewResolution;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.PendingQuery;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.Won;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.WorkerId;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * A job store that is watched: everything is counted in the process that asked for it,
 * so the numbers of all replicas add up.
 */
public final class MeasuredJobStore implements JobStore {
    private final JobStore store;
    private final Clock clock;
    private final Latencies latencies;
    private final Moves moves;
    private final Times times;
    private final LimitHits limits;
    private final Counter events;

    public MeasuredJobStore(JobStore store, MeterRegistry meters, Times times, LimitHits limits) {
        this.store = store;
        this.clock = meters.config().clock();
        this.latencies = new Latencies(meters);
        this.moves = new Moves(meters);
        this.times = times;
        this.limits = limits;
        this.events = Counter.builder("holdpoint.events").description("Events that workers appended").register(meters);
    }

    private <T> Uni<T> timed(Operation operation, Uni<T> question) {
        return Uni.createFrom().deferred(() -> {
            long begun = clock.monotonicTime();
            return question.onItemOrFailure().invoke((answer, failure) -> latencies.record(operation,
                    Answered.by(failure), clock.monotonicTime() - begun));
        });
    }

    private Uni<Transition> counted(Operation kind, Uni<Transition> move) {
        return timed(kind, move).invoke(answer -> count(kind, answer));
    }

    private void count(Operation kind, Transition answer) {
        Outcome outcome = Outcome.of(answer);
        moves.count(kind, outcome);
        Limit limit = outcome.limit();
        if (limit != null) limits.hit(limit);
    }

    @Override
    public Uni<Transition> create(NewJob wanted) { return counted(Operation.CREATE, store.create(wanted)); }

    @Override
    public Uni<Transition> append(JobKey job, Fence fence, OptionalLong expectedSeq, List<JobEvent.Reported> reported) {
        return counted(Operation.APPEND, store.append(job, fence, expectedSeq, reported)).invoke(outcome -> {
            if (outcome instanceof Won) events.increment(reported.size());
        });
    }

    @Override
    public Uni<Transition> heartbeat(JobKey job, Fence fence) {
        return counted(Operation.HEARTBEAT, store.heartbeat(job, fence));
    }

    @Override
    public Uni<Transition> pause(JobKey job, Fence fence, NewPause wanted, @Nullable Judgement judgement) {
        return counted(Operation.PAUSE, store.pause(job, fence, wanted, judgement));
    }

    @Override
    public Uni<Transition> pass(JobKey job, Fence fence, Judgement judgement) {
        return counted(Operation.PASS, store.pass(job, fence, judgement));
    }

    @Override
    public Uni<Transition> complete(JobKey job, Fence fence, @Nullable Json result) {
        return counted(Operation.COMPLETE, store.complete(job, fence, result));
    }

    @Override
    public Uni<Transition> fail(JobKey job, Fence fence, JobError error) {
        return counted(Operation.FAIL, store.fail(job, fence, error));
    }

    @Override
    public Uni<Transition> resolve(JobKey job, NewResolution wanted) {
        return counted(Operation.RESOLVE, store.resolve(job, wanted)).invoke(outcome -> {
            if (outcome instanceof Won won)
                won.job().continuation().ifPresent(open -> times.decided(open.resolution()));
        });
    }

    @Override
    public Uni<Transition> abort(JobKey job, OptionalLong generation) {
        return counted(Operation.ABORT, store.abort(job, generation));
    }

    @Override
    public Uni<Transition> expireByHand(JobKey job, @Nullable ActionId named) {
        return counted(Operation.EXPIRE, store.expireByHand(job, named));
    }

    @Override
    public Uni<Transition> expireDead(JobKey job, long generation, @Nullable ActionId observed) {
        return counted(Operation.EXPIRE, store.expireDead(job, generation, observed));
    }

    /** Counted each, and timed as the one question that it is. */
    @Override
    public Multi<Transition> expireDead(List<Sighting> dead) {
        return Multi.createFrom().deferred(() -> {
            long begun = clock.monotonicTime();
            return store.expireDead(dead).invoke(answer -> count(Operation.EXPIRE, answer))
                    .onTermination().invoke((failure, cancelled) -> {
                        if (!cancelled) latencies.record(Operation.EXPIRE_DEAD, Answered.by(failure),
                                clock.monotonicTime() - begun);
                    });
        });
    }

    @Override
    public Uni<Transition> claim(JobKey job, ActionId action, WorkerId worker) {
        return counted(Operation.CLAIM, store.claim(job, action, worker));
    }

    @Override
    public Uni<Transition> claimOldest(Space space, Set<AgentId> agents, WorkerId worker) {
        return counted(Operation.CLAIM, store.claimOldest(space, agents, worker));
    }

    @Override
    public Uni<Transition> reap(JobKey job, long generation) {
        return counted(Operation.REAP, store.reap(job, generation));
    }

    @Override
    public Uni<Transition> reopen(JobKey job, long generation) {
        return counted(Operation.REOPEN, store.reopen(job, generation));
    }

    @Override
    public Uni<Transition> reclaim(JobKey job, long generation) {
        return counted(Operation.RECLAIM, store.reclaim(job, generation));
    }

    @Override
    public Uni<@Nullable Sighting> find(JobKey job) { return timed(Operation.FIND, store.find(job)); }

    @Override
    public Uni<@Nullable Sighting> recall(JobKey job) { return timed(Operation.RECALL, store.recall(job)); }

    @Override
    public Uni<@Nullable Resolution> resolution(JobKey job, ActionId action) {
        return timed(Operation.RESOLUTION, store.resolution(job, action));
    }

    @Override
    public Uni<@Nullable ResumeState> resumeState(JobKey job) {
        return timed(Operation.RESUME_STATE, store.resumeState(job));
    }

    @Override
    public Uni<Page<Job>> activeJobs(Space space, UserId owner, @Nullable String cursor, int limit) {
        return timed(Operation.ACTIVE_JOBS, store.activeJobs(space, owner, cursor, limit));
    }

    @Override
    public Uni<Page<Job>> pending(Space space, PendingQuery query, @Nullable String cursor, int limit) {
        return timed(Operation.PENDING, store.pending(space, query, cursor, limit));
    }

    @Override
    public Multi<JobKey> opened() { return store.opened(); }

    @Override
    public Uni<Waiting> waiting() { return timed(Operation.WAITING, store.waiting()); }

    @Override
    public Uni<Map<JobStatus, Long>> count(Space space) { return timed(Operation.COUNT, store.count(space)); }

    @Override
    public Uni<DueJobs> due(int limit) { return timed(Operation.DUE, store.due(limit)); }
}
