package dev.holdpoint.api;

import java.util.List;
import java.util.Optional;

import dev.holdpoint.approval.Gate.IfAsked;
import dev.holdpoint.approval.Masking;
import dev.holdpoint.approval.Prompts;
import dev.holdpoint.approval.Prompts.Reading;
import dev.holdpoint.approval.RequestedPrompt;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.NewPause;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.References;
import dev.holdpoint.job.TraceParent;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Reads what a worker asks for when it pauses. */
final class Pauses {
    private Pauses() {}

    static Uni<NewPause> read(Requests.Pause body, Ids ids, Masking masking, @Nullable TraceParent trace) {
        Requests.Action action = Inputs.present(body.action(), "action");
        RequestedPrompt prompt = prompt(Inputs.present(action.payload(), "payload"));
        checkOnExpire(action.onExpire());
        ActionId id = id(action.actionId(), ids);
        References references =
                new References(action.interruptId(), action.threadId(), action.runId(), action.responseMessageId(),
                        trace);
        Deadline deadline = deadline(action.expiresAt(), action.ttl());
        return Prompts.read(prompt).map(reading -> switch (reading) {
            case Reading.Prompt fit ->
                    new NewPause(id, masking.prompt(fit.payload()), deadline, references, action.resumeContext(),
                            null);
            case Reading.Unfit unfit -> throw new Problem(ProblemType.INVALID_INTERRUPT, unfit.why() + ".").refused();
        });
    }

    /** How a gate pauses, should it have to. */
    static IfAsked read(Requests.Gate body, Ids ids, @Nullable TraceParent trace) {
        checkOnExpire(body.onExpire());
        return new IfAsked(id(body.actionId(), ids), deadline(body.expiresAt(), body.ttl()),
                new References(body.interruptId(), body.threadId(), body.runId(), body.responseMessageId(), trace),
                body.resumeContext());
    }

    /** @param calls as any route takes them that has them judged */
    static RequestedPrompt.Approval calls(@Nullable List<Requests.GatedCall> calls,
            @Nullable List<Requests.ReviewConfig> reviews) {
        return new RequestedPrompt.Approval(map(Inputs.present(calls, "toolCalls"),
                call -> new RequestedPrompt.Call(call.toolCallId(), call.name(), call.arguments(), call.description(),
                        Optional.ofNullable(map(call.aliases(), alias -> alias)).orElse(List.of()))),
                map(reviews, Pauses::review));
    }

    private static void checkOnExpire(@Nullable String word) {
        if (word != null && !word.equals("abort")) throw Inputs.invalid("onExpire must be abort.");
    }

    private static ActionId id(@Nullable String named, Ids ids) {
        return new ActionId(named == null ? ids.next() : named);
    }

    private static Deadline deadline(@Nullable String expiresAt, @Nullable String ttl) {
        if (expiresAt != null && ttl != null) throw Inputs.invalid("Send expiresAt or ttl, not both.");
        if (expiresAt != null) return new Deadline.At(Inputs.instant(expiresAt, "expiresAt"));
        return ttl != null ? new Deadline.In(Inputs.ttl(ttl)) : new Deadline.Unsaid();
    }

    private static RequestedPrompt prompt(Requests.Payload payload) {
        String type = Optional.ofNullable(payload.type()).orElse("missing");
        return switch (type) {
            case "tool_approval" -> approval(payload);
            case "ask_user_question" -> ask(payload);
            default -> new RequestedPrompt.Unknown(type);
        };
    }

    private static RequestedPrompt approval(Requests.Payload payload) {
        if (payload.question() != null || payload.questions() != null || payload.toolCallId() != null) {
            throw Inputs.invalid("question, questions and tool_call_id belong to an ask_user_question.");
        }
        return new RequestedPrompt.Approval(
                map(payload.actionRequests(),
                        call -> new RequestedPrompt.Call(call.toolCallId(), call.name(), call.arguments(),
                                call.description(), List.of())),
                map(payload.reviewConfigs(), Pauses::review));
    }

    private static RequestedPrompt.Review review(Requests.ReviewConfig review) {
        return new RequestedPrompt.Review(review.actionName(), review.toolCallId(), review.allowedDecisions(),
                review.argsSchema(), review.allowAlways());
    }

    private static RequestedPrompt ask(Requests.Payload payload) {
        if (payload.actionRequests() != null || payload.reviewConfigs() != null) {
            throw Inputs.invalid("action_requests and review_configs belong to a tool_approval.");
        }
        return new RequestedPrompt.Ask(payload.question() == null ? null : question(payload.question()),
                map(payload.questions(), Pauses::question), payload.toolCallId());
    }

    private static RequestedPrompt.Question question(Requests.Question question) {
        return new RequestedPrompt.Question(question.id(), question.header(), question.question(),
                question.description(),
                map(question.options(), option -> new RequestedPrompt.Option(option.label(), option.value())),
                question.multiSelect());
    }

    private interface Reader<F, T> {
        T read(F from);
    }

    private static <F, T> @Nullable List<T> map(@Nullable List<@Nullable F> entries, Reader<F, T> reader) {
        return entries == null ? null
                : entries.stream().map(entry -> reader.read(Inputs.present(entry, "a list entry"))).toList();
    }
}
