package dev.holdpoint.job;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** What became of a move. A lost move has changed nothing. */
public sealed interface Transition {
    /** @param at the store's time of the move */
    record Won(Job job, Instant at) implements Transition {}

    sealed interface Lost extends Transition {}

    record NoSuchJob() implements Lost {}

    /** The id belongs to a job of somebody else. */
    record OwnedByAnother() implements Lost {}

    record JobActive(long currentGeneration) implements Lost {}

    /** @param currentGeneration 0 when there is no job */
    record GenerationMismatch(long currentGeneration) implements Lost {}

    record TooManyActiveJobs(int most) implements Lost {}

    record StoreFull() implements Lost {}

    record GenerationReplaced(long currentGeneration) implements Lost {}

    record ExecutionReplaced(int currentExecution) implements Lost {}

    /** The job was resolved and nobody holds its continuation: no worker may write. */
    record NotClaimed() implements Lost {}

    record NotRunning(JobStatus status) implements Lost {}

    /** @param current null when what is stored can't be read */
    record AlreadyPaused(@Nullable ActionId current) implements Lost {}

    record AlreadySettled(JobStatus status) implements Lost {}

    record SequenceMismatch(EventId last) implements Lost {}

    record LogFull() implements Lost {}

    record DeadlinePassed() implements Lost {}

    /** Newer rules are in force than the move rests on: judge again. */
    record RulesChanged(long inForce) implements Lost {}

    /** This generation used the action id before, so a late decision could land on the wrong prompt. */
    record ActionIdReused(ActionId action) implements Lost {}

    record NotWaiting(JobStatus status) implements Lost {}

    /**
     * The prompt can't be decided any more: it is past its deadline or unreadable.
     *
     * @param observed names the prompt for the expiry that must follow; null when it is unreadable
     */
    record PromptDead(long generation, @Nullable ActionId observed) implements Lost {}

    record StaleAction(ActionId current) implements Lost {}

    record AlreadyDecided(Resolution winner) implements Lost {}

    /** @param outcome how the action ended; never {@code DECIDED} */
    record ActionClosed(ClosedAction.Outcome outcome) implements Lost {}

    record StillUndecided() implements Lost {}

    record AlreadyClaimed(@Nullable WorkerId holder) implements Lost {}

    record NoSuchAction() implements Lost {}

    /** The sweep came too early or too late: there is nothing to do. */
    record NotDue() implements Lost {}
}
