package dev.holdpoint.api;

import java.util.List;
import java.util.Optional;

import dev.holdpoint.api.json.Requests;
import dev.holdpoint.api.problem.Problem;
import dev.holdpoint.api.problem.ProblemType;
import dev.holdpoint.approval.Prompts;
import dev.holdpoint.approval.Prompts.Reading;
import dev.holdpoint.approval.RequestedPrompt;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.NewPause;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.References;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Reads what a worker asks for when it pauses. */
final class Pauses {
    private Pauses() {}

    static Uni<NewPause> read(Requests.Pause body, Ids ids) {
        Requests.Action action = Inputs.present(body.action(), "action");
        RequestedPrompt prompt = prompt(Inputs.present(action.payload(), "payload"));
        if (action.onExpire() != null && !action.onExpire().equals("abort"))
            throw Inputs.invalid("onExpire must be abort.");
        ActionId id = new ActionId(action.actionId() == null ? ids.next() : action.actionId());
        References references =
                new References(action.interruptId(), action.threadId(), action.runId(), action.responseMessageId());
        Deadline deadline = deadline(action);
        return Prompts.read(prompt).map(reading -> switch (reading) {
            case Reading.Prompt fit -> new NewPause(id, fit.payload(), deadline, references, action.resumeContext());
            case Reading.Unfit unfit -> throw new Problem(ProblemType.INVALID_INTERRUPT, unfit.why() + ".").refused();
        });
    }

    private static Deadline deadline(Requests.Action action) {
        if (action.expiresAt() != null && action.ttl() != null)
            throw Inputs.invalid("Send expiresAt or ttl, not both.");
        if (action.expiresAt() != null) return new Deadline.At(Inputs.instant(action.expiresAt(), "expiresAt"));
        return action.ttl() != null ? new Deadline.In(Inputs.ttl(action.ttl())) : new Deadline.Unsaid();
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
                                call.description())),
                map(payload.reviewConfigs(),
                        review -> new RequestedPrompt.Review(review.actionName(), review.toolCallId(),
                                review.allowedDecisions(), review.argsSchema(), review.allowAlways())));
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
