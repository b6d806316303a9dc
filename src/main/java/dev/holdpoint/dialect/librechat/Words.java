package dev.holdpoint.dialect.librechat;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.holdpoint.approval.Decided;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.job.Transition;

/**
 * Says answers and refusals as LibreChat's server does, each with a code and the
 * version of the protocol that is spoken.
 */
final class Words {
    private static final String NOTHING_WAITS = "No live pending action to resume";
    private static final String TOO_LATE = "This action was already resolved or has expired";

    private Words() {}

    /** A code of LibreChat's own; every other problem has its type's name. */
    private record Coded(String code, Consumer<Members> more) implements Consumer<Members> {
        @Override
        public void accept(Members json) { more.accept(json); }
    }

    static Answer ok(Protocol protocol, Consumer<Members> content) {
        return spoken(Answer.ok(json -> {
            content.accept(json);
            json.number(Protocol.MEMBER, protocol.number());
        }), protocol);
    }

    static Function<Problem, Answer> refusals(Protocol protocol) {
        return problem -> {
            Answer answer = spoken(Answer.of(status(problem.type()), json -> {
                json.text("error", problem.detail()).text("code", code(problem));
                problem.members().accept(json);
                json.number(Protocol.MEMBER, protocol.number());
            }), protocol);
            return problem.headers().entrySet().stream().reduce(answer,
                    (more, header) -> more.with(header.getKey(), header.getValue()), (one, other) -> other);
        };
    }

    private static Answer spoken(Answer answer, Protocol protocol) {
        return answer.with(Protocol.HEADER, String.valueOf(protocol.number()));
    }

    private static int status(ProblemType type) {
        return switch (type) {
            case APPROVAL_EXPIRED, ACTION_CLOSED -> 409;
            default -> type.status();
        };
    }

    private static String code(Problem problem) {
        if (problem.members() instanceof Coded coded) return coded.code();
        return problem.type() == ProblemType.OVERLOADED ? "SERVER_NOT_READY" : problem.type().name();
    }

    static Problem coded(ProblemType type, String code, String error) {
        return coded(type, code, error, none -> {
        });
    }

    private static Problem coded(ProblemType type, String code, String error, Consumer<Members> more) {
        return new Problem(type, error, new Coded(code, more));
    }

    /** @param code what the route calls a generation that has gone */
    static Problem replaced(String code) {
        return coded(ProblemType.GENERATION_MISMATCH, code, "Generation replaced", json -> json.text("message",
                "The requested generation has completed or was replaced."));
    }

    /** @param gone what the route says where there is no job */
    static Function<Refused, Refused> unseen(Problem gone) {
        return refused -> switch (refused.problem().type()) {
            case NO_SUCH_JOB -> gone.refused();
            case FORBIDDEN -> unauthorized().refused();
            default -> refused;
        };
    }

    static Problem unauthorized() { return new Problem(ProblemType.FORBIDDEN, "Unauthorized"); }

    static Problem noStream() {
        return new Problem(ProblemType.NO_SUCH_JOB, "Stream not found",
                json -> json.text("message", "The generation job does not exist or has expired."));
    }

    static Problem nothingToAbort(String named) {
        return new Problem(ProblemType.NO_SUCH_JOB, "Job not found", json -> json.text("streamId", named));
    }

    static Problem nothingToResume() {
        return new Problem(ProblemType.NO_SUCH_JOB, "No paused generation for this conversation");
    }

    static Problem of(Decided.Refused refused) {
        return switch (refused) {
            case Decided.Undecided undecided -> calls(ProblemType.UNDECIDED, "Every paused tool call must be decided",
                    "undecided", undecided.calls());
            case Decided.NotAllowed not -> calls(ProblemType.DECISION_NOT_ALLOWED,
                    "Decision not permitted for one or more tools", "disallowed", not.calls());
            case Decided.ScopeNotOffered scope -> calls(ProblemType.SCOPE_NOT_OFFERED,
                    "Only the scope once is offered for one or more tools", "disallowed", scope.calls());
            case Decided.EditDenied denied -> calls(ProblemType.EDIT_DENIED,
                    "The policy denies one or more tools with the edited arguments", "disallowed", denied.calls());
            case Decided.Duplicate twice -> calls(ProblemType.DUPLICATE_DECISION,
                    "A tool call may be decided once", "duplicate", twice.calls());
            case Decided.ArgumentsChanged changed -> calls(ProblemType.ARGUMENTS_CHANGED,
                    "The arguments are not the ones that were seen", "changed", changed.calls());
            case Decided.Invalid invalid -> new Problem(ProblemType.INVALID_DECISION,
                    "edit requires editedArguments and respond requires responseText",
                    json -> json
                            .texts("incomplete", invalid.faults().stream().map(Decided.Fault::call).distinct().toList())
                            .objects("faults", invalid.faults(), (one, fault) -> one.text("tool_call_id", fault.call())
                                    .text("path", fault.path()).text("message", fault.message())));
            case Decided.InvalidAnswers answers -> new Problem(ProblemType.INVALID_DECISION,
                    "An answer of 1 to 16000 characters is required for each question, and for no other",
                    json -> json.texts("questionIds", answers.questions()));
            case Decided.Lost lost -> of(lost.why());
        };
    }

    private static Problem calls(ProblemType type, String error, String name, List<?> calls) {
        return new Problem(type, error, json -> json.texts(name, calls));
    }

    private static Problem of(Transition.Lost why) {
        Problem ours = Refusals.of(why);
        return switch (why) {
            case Transition.NoSuchJob none -> nothingToResume();
            case Transition.GenerationMismatch mismatch -> replaced("RUN_REPLACED");
            case Transition.NotWaiting other -> said(ours, NOTHING_WAITS);
            case Transition.PromptDead dead -> said(ours, NOTHING_WAITS);
            case Transition.StaleAction stale -> said(ours, "This decision targets a stale action");
            case Transition.AlreadyDecided decided -> new Problem(ProblemType.ALREADY_DECIDED, TOO_LATE,
                    json -> json.object("winner", decided.winner(), Shapes::winner));
            case Transition.ActionClosed closed -> said(ours, TOO_LATE);
            default -> ours;
        };
    }

    private static Problem said(Problem problem, String error) {
        return new Problem(problem.type(), error, problem.members(), problem.headers());
    }
}
