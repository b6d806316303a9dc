package dev.holdpoint.measure;

import java.util.Locale;

import dev.holdpoint.job.Transition;
import org.jspecify.annotations.Nullable;

/** What became of a move, in the words of the problems that it is answered with where there are such. */
enum Outcome {
    WON, NO_SUCH_JOB, OWNED_BY_ANOTHER, JOB_ACTIVE, GENERATION_MISMATCH,
    TOO_MANY_ACTIVE_JOBS(Limit.ACTIVE_JOBS_PER_USER), STORE_FULL(Limit.STORE), GENERATION_REPLACED, EXECUTION_REPLACED,
    NOT_CLAIMED, NOT_RUNNING, ALREADY_PAUSED, ALREADY_SETTLED, SEQUENCE_MISMATCH, LOG_FULL(Limit.EVENTS_PER_JOB),
    DEADLINE_PASSED, RULES_CHANGED, ACTION_ID_REUSED, NOT_WAITING, APPROVAL_EXPIRED, STALE_ACTION, ALREADY_DECIDED,
    ACTION_CLOSED, STILL_UNDECIDED, ALREADY_CLAIMED, NO_SUCH_ACTION, NOT_DUE;

    private final @Nullable Limit limit;

    Outcome() { this(null); }

    Outcome(@Nullable Limit limit) { this.limit = limit; }

    /** What was run into; null when nothing was. */
    @Nullable
    Limit limit() { return limit; }

    static Outcome of(Transition transition) {
        return switch (transition) {
            case Transition.Won won -> WON;
            case Transition.NoSuchJob lost -> NO_SUCH_JOB;
            case Transition.OwnedByAnother lost -> OWNED_BY_ANOTHER;
            case Transition.JobActive lost -> JOB_ACTIVE;
            case Transition.GenerationMismatch lost -> GENERATION_MISMATCH;
            case Transition.TooManyActiveJobs lost -> TOO_MANY_ACTIVE_JOBS;
            case Transition.StoreFull lost -> STORE_FULL;
            case Transition.GenerationReplaced lost -> GENERATION_REPLACED;
            case Transition.ExecutionReplaced lost -> EXECUTION_REPLACED;
            case Transition.NotClaimed lost -> NOT_CLAIMED;
            case Transition.NotRunning lost -> NOT_RUNNING;
            case Transition.AlreadyPaused lost -> ALREADY_PAUSED;
            case Transition.AlreadySettled lost -> ALREADY_SETTLED;
            case Transition.SequenceMismatch lost -> SEQUENCE_MISMATCH;
            case Transition.LogFull lost -> LOG_FULL;
            case Transition.DeadlinePassed lost -> DEADLINE_PASSED;
            case Transition.RulesChanged lost -> RULES_CHANGED;
            case Transition.ActionIdReused lost -> ACTION_ID_REUSED;
            case Transition.NotWaiting lost -> NOT_WAITING;
            case Transition.PromptDead lost -> APPROVAL_EXPIRED;
            case Transition.StaleAction lost -> STALE_ACTION;
            case Transition.AlreadyDecided lost -> ALREADY_DECIDED;
            case Transition.ActionClosed lost -> ACTION_CLOSED;
            case Transition.StillUndecided lost -> STILL_UNDECIDED;
            case Transition.AlreadyClaimed lost -> ALREADY_CLAIMED;
            case Transition.NoSuchAction lost -> NO_SUCH_ACTION;
            case Transition.NotDue lost -> NOT_DUE;
        };
    }

    String word() { return name().toLowerCase(Locale.ROOT).replace('_', '-'); }
}
