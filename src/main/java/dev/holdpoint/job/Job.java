package dev.holdpoint.job;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * One life of a job id. Immutable: a move makes a new one.
 *
 * @param execution 1 at creation, one more with each claim
 * @param lastSeq   sequence number of the newest event in the log
 * @param closed    the newest prompts of this id that no longer wait, oldest first; bounded, and seldom all
 *                  that the store remembers
 */
public record Job(JobKey key, long generation, int execution, JobDetails details, Phase phase, Instant createdAt,
        Instant lastActiveAt, long lastSeq, List<ClosedAction> closed) {
    public Job {
        closed = List.copyOf(closed);
    }

    public JobStatus status() { return phase.status(); }

    public Fence fence() { return new Fence(generation, execution); }

    public EventId lastEventId() { return new EventId(generation, lastSeq); }

    public boolean isActive(Instant now) {
        return switch (phase) {
            case Phase.Running running -> true;
            case Phase.Waiting waiting -> waiting.action() != null && waiting.action().isLive(now);
            case Phase.Ended ended -> false;
        };
    }

    /** The prompt that somebody may decide at {@code now}. */
    public Optional<PendingAction> livePrompt(Instant now) {
        return prompt().filter(action -> action.isLive(now));
    }

    /** The stored prompt, live or not; empty when the job doesn't wait or the prompt can't be read. */
    public Optional<PendingAction> prompt() {
        return phase instanceof Phase.Waiting waiting ? Optional.ofNullable(waiting.action()) : Optional.empty();
    }

    public Optional<Continuation> continuation() {
        return phase instanceof Phase.Running running ? Optional.ofNullable(running.continuation()) : Optional.empty();
    }

    public Optional<Phase.Ended> ended() {
        return phase instanceof Phase.Ended ended ? Optional.of(ended) : Optional.empty();
    }

    public Optional<ClosedAction> closed(ActionId action) {
        for (int at = closed.size() - 1; at >= 0; at--) {
            if (closed.get(at).id().equals(action)) return Optional.of(closed.get(at));
        }
        return Optional.empty();
    }

    /** The same of one generation: an action id may have come back since. */
    public Optional<ClosedAction> closed(long of, ActionId action) {
        return closed.reversed().stream().filter(one -> one.generation() == of && one.id().equals(action)).findFirst();
    }

    /**
     * The prompt that still waited when this job ended: nothing but an end leaves
     * a prompt of this generation undecided.
     */
    public Optional<ClosedAction> closedByTheEnd() {
        return closed.isEmpty() || ended().isEmpty() ? Optional.empty()
                : Optional.of(closed.getLast())
                        .filter(last -> last.generation() == generation
                                && last.outcome() != ClosedAction.Outcome.DECIDED);
    }

    /** Names of the tools that this generation's decided prompts asked for, as far as they are remembered. */
    public List<String> tools() {
        return closed.stream().filter(one -> one.generation() == generation).map(ClosedAction::resolution)
                .filter(Objects::nonNull)
                .flatMap(resolution -> resolution.action().payload().toolNames().stream())
                .distinct().toList();
    }

    /** The next instant at which the sweep must look at this job. */
    public Instant dueAt(Timing timing) {
        return switch (phase) {
            case Phase.Running running -> runningDue(running.continuation(), timing);
            case Phase.Waiting waiting -> waiting.action() == null ? lastActiveAt : waiting.action().deadline();
            case Phase.Ended ended -> ended.at().plus(timing.terminalRetention());
        };
    }

    private Instant runningDue(@Nullable Continuation continuation, Timing timing) {
        Instant silent = lastActiveAt.plus(timing.runningTtl());
        if (continuation == null || !(continuation.hold() instanceof Continuation.Hold.Claimed claimed)) return silent;
        return claimed.leaseExpiresAt().isBefore(silent) ? claimed.leaseExpiresAt() : silent;
    }

    /** The same job in another phase. */
    public Job withPhase(Phase next) {
        return new Job(key, generation, execution, details, next, createdAt, lastActiveAt, lastSeq, closed);
    }

    /** The same job without what it remembers of closed prompts, which nobody asks an archive for. */
    public Job withoutMemory() {
        return remembering(List.of());
    }

    Job activeAt(Instant now) {
        return new Job(key, generation, execution, details, phase, createdAt, now, lastSeq, closed);
    }

    Job nextExecution() {
        return new Job(key, generation, execution + 1, details, phase, createdAt, lastActiveAt, lastSeq, closed);
    }

    Job after(int events) {
        return new Job(key, generation, execution, details, phase, createdAt, lastActiveAt, lastSeq + events, closed);
    }

    Job remembering(List<ClosedAction> memory) {
        return new Job(key, generation, execution, details, phase, createdAt, lastActiveAt, lastSeq, memory);
    }
}
