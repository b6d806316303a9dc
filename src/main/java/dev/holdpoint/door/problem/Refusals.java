package dev.holdpoint.door.problem;

import java.time.Duration;
import java.util.List;

import dev.holdpoint.approval.Decided;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.job.ClosedAction.Outcome;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.Lost;
import dev.holdpoint.job.Transition.Won;

/**
 * Says each refusal of the rooms below in the words of the contract. The switches have no default:
 * a new refusal must find its type here.
 */
public final class Refusals {
    private static final Duration SOON = Duration.ofSeconds(1);

    private Refusals() {}

    /** The won transition, or the refusal of a lost one. */
    public static Won won(Transition outcome) {
        return switch (outcome) {
            case Won won -> won;
            case Lost lost -> throw of(lost).refused();
        };
    }

    public static Problem of(Lost lost) {
        return switch (lost) {
            case Transition.NoSuchJob gone -> noSuchJob();
            case Transition.OwnedByAnother owned -> forbidden("The job id belongs to another user.");
            case Transition.JobActive active ->
                    new Problem(ProblemType.JOB_ACTIVE, "A generation of this job is still active.",
                            json -> json.number("currentGeneration", active.currentGeneration()));
            case Transition.GenerationMismatch mismatch ->
                    new Problem(ProblemType.GENERATION_MISMATCH, "The job is not of the generation that was named.",
                            json -> json.number("currentGeneration", mismatch.currentGeneration()));
            case Transition.TooManyActiveJobs many ->
                    new Problem(ProblemType.TOO_MANY_REQUESTS,
                            "The user already has " + many.most() + " active jobs.").retryAfter(SOON);
            case Transition.StoreFull full -> storeFull();
            case Transition.GenerationReplaced replaced ->
                    new Problem(ProblemType.GENERATION_REPLACED,
                            "The fence is of a generation that is not the current one.",
                            json -> json.number("currentGeneration", replaced.currentGeneration()));
            case Transition.ExecutionReplaced replaced ->
                    new Problem(ProblemType.EXECUTION_REPLACED,
                            "The fence is of an execution that is not the current one.");
            case Transition.NotClaimed unclaimed ->
                    new Problem(ProblemType.NOT_CLAIMED,
                            "Claim the continuation first; then write under the fence that the claim returns.");
            case Transition.NotRunning other ->
                    new Problem(ProblemType.NOT_RUNNING, "The job is " + other.status().word() + ".",
                            json -> json.text("jobStatus", other.status().word()));
            case Transition.AlreadyPaused paused ->
                    new Problem(ProblemType.ALREADY_PAUSED, "The job waits for a decision already.",
                            json -> json.text("currentActionId", paused.current()));
            case Transition.AlreadySettled settled ->
                    new Problem(ProblemType.ALREADY_SETTLED, "The job is " + settled.status().word() + ".",
                            json -> json.text("jobStatus", settled.status().word()));
            case Transition.SequenceMismatch mismatch ->
                    new Problem(ProblemType.SEQUENCE_MISMATCH,
                            "The newest event in the log is another than the one named.",
                            json -> json.text("lastEventId", mismatch.last()));
            case Transition.LogFull full -> new Problem(ProblemType.LOG_FULL, "The job's log takes no more events.");
            case Transition.DeadlinePassed passed ->
                    new Problem(ProblemType.DEADLINE_PASSED, "The deadline is not in the future.");
            case Transition.RulesChanged changed ->
                    new Problem(ProblemType.OVERLOADED, "The rules changed meanwhile. Try again.").retryAfter(SOON);
            case Transition.ActionIdReused reused ->
                    new Problem(ProblemType.ACTION_ID_REUSED,
                            "This generation used that actionId before; take a new one for each pause.");
            case Transition.NotWaiting other ->
                    new Problem(ProblemType.NOT_WAITING, "The job is " + other.status().word() + ".",
                            json -> json.text("jobStatus", other.status().word()));
            case Transition.PromptDead dead -> approvalExpired();
            case Transition.StaleAction stale ->
                    new Problem(ProblemType.STALE_ACTION, "The job waits for another action by now.",
                            json -> json.text("currentActionId", stale.current()));
            case Transition.AlreadyDecided decided ->
                    new Problem(ProblemType.ALREADY_DECIDED, "The action was decided before.",
                            json -> json.object("winner", decided.winner(), Shapes::winner));
            case Transition.ActionClosed closed when closed.outcome() == Outcome.EXPIRED -> approvalExpired();
            case Transition.ActionClosed closed -> actionClosed(closed.outcome());
            case Transition.StillUndecided undecided -> new Problem(ProblemType.NOT_WAITING, "Nobody decided yet.");
            case Transition.AlreadyClaimed claimed ->
                    new Problem(ProblemType.ALREADY_CLAIMED, claimed.holder() == null
                            ? "The continuation was claimed, and the job has gone on since."
                            : "Another worker holds the continuation.");
            case Transition.NoSuchAction none ->
                    new Problem(ProblemType.NO_SUCH_ACTION, "The job knows no action of that id.");
            case Transition.NotDue early -> new Problem(ProblemType.NOT_WAITING, "There is nothing to do.");
        };
    }

    public static Problem of(Decided.Refused refused) {
        return switch (refused) {
            case Decided.Undecided undecided ->
                    calls(ProblemType.UNDECIDED, "Every tool call of the action needs a decision.", undecided.calls());
            case Decided.NotAllowed denied ->
                    calls(ProblemType.DECISION_NOT_ALLOWED,
                            "The prompt doesn't offer this decision for these tool calls.", denied.calls());
            case Decided.ScopeNotOffered scope ->
                    calls(ProblemType.SCOPE_NOT_OFFERED, "Only the scope once is offered for these tool calls.",
                            scope.calls());
            case Decided.EditDenied denied ->
                    calls(ProblemType.EDIT_DENIED, "The policy denies these tool calls with the edited arguments.",
                            denied.calls());
            case Decided.Duplicate duplicate ->
                    calls(ProblemType.DUPLICATE_DECISION, "A tool call may be decided once in a submission.",
                            duplicate.calls());
            case Decided.ArgumentsChanged changed ->
                    calls(ProblemType.ARGUMENTS_CHANGED, "The digest sent is not that of the arguments that would run.",
                            changed.calls());
            case Decided.Invalid invalid ->
                    new Problem(ProblemType.INVALID_DECISION, "A decision lacks what it needs.", json -> {
                        json.texts("toolCallIds",
                                invalid.faults().stream().map(Decided.Fault::call).distinct().toList());
                        json.objects("schemaErrors", invalid.faults(),
                                (one, fault) -> one.text("toolCallId", fault.call())
                                        .text("path", fault.path()).text("message", fault.message()));
                    });
            case Decided.InvalidAnswers invalid ->
                    new Problem(ProblemType.INVALID_DECISION,
                            "Each question needs an answer of 1 to 16000 characters, and no other has one.",
                            json -> json.texts("questionIds", invalid.questions()));
            case Decided.Lost lost -> of(lost.why());
        };
    }

    /** As told to a worker, who learns how his action ended instead of which refusal a person would get. */
    public static Problem actionClosed(Outcome outcome) {
        return new Problem(ProblemType.ACTION_CLOSED,
                "The action was closed without a decision that could be claimed: " + outcome.word() + ".",
                json -> json.text("outcome", outcome.word()));
    }

    private static Problem approvalExpired() {
        return new Problem(ProblemType.APPROVAL_EXPIRED, "Nobody decided before the deadline.");
    }

    private static Problem calls(ProblemType type, String detail, List<?> calls) {
        return new Problem(type, detail, json -> json.texts("toolCallIds", calls));
    }

    public static Problem notFound() {
        return new Problem(ProblemType.NOT_FOUND, "Nothing is served at this path.");
    }

    public static Problem noSuchJob() {
        return new Problem(ProblemType.NO_SUCH_JOB, "There is no job of that id in the caller's space.");
    }

    public static Problem forbidden(String detail) { return new Problem(ProblemType.FORBIDDEN, detail); }

    public static Problem storeFull() {
        return new Problem(ProblemType.STORE_FULL, "The store has no room for more.").retryAfter(SOON);
    }

    public static Problem archiveUnavailable() {
        return new Problem(ProblemType.ARCHIVE_UNAVAILABLE, "Jobs and decisions are not affected. Try again.")
                .retryAfter(SOON);
    }

    public static Problem signInUnavailable() {
        return new Problem(ProblemType.SIGN_IN_UNAVAILABLE, "Keys and sessions are not affected. Try again.")
                .retryAfter(SOON);
    }

    /** Nothing here says whether the request would be granted: whoever sends it again finds out. */
    public static Problem of(StoreTrouble trouble) {
        Problem problem = switch (trouble.kind()) {
            case UNAVAILABLE -> new Problem(ProblemType.STORE_UNAVAILABLE, "Nothing was changed. Try again.");
            case READONLY -> new Problem(ProblemType.STORE_READONLY, "Nothing was changed. Try again.");
            case OVERLOADED -> new Problem(ProblemType.OVERLOADED, "Nothing was changed. Try again.");
            case OUTCOME_UNKNOWN -> new Problem(ProblemType.OUTCOME_UNKNOWN,
                    "It may have been done, but that isn't safe yet. A decision sent again finds out; look before anything else is.");
        };
        return problem.retryAfter(SOON);
    }

    public static Problem invalid(String detail) { return new Problem(ProblemType.INVALID_REQUEST, detail); }
}
