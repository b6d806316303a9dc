package dev.holdpoint.dialect.librechat;

import java.util.EnumSet;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Warnings;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.ResumeState;
import org.jspecify.annotations.Nullable;

/** What each thing looks like to a LibreChat client. */
final class ChatShapes {
    private ChatShapes() {}

    /** The first frame of a turn; null when there is no message to show. */
    static @Nullable Json created(Chat chat) {
        if (chat.userMessage().isMissingNode()) return null;
        ObjectNode message = chat.userMessage().deepCopy();
        if (!message.has("conversationId")) message.put("conversationId", chat.conversationId());
        return Members.json(json -> json.flag("created", true).json("message", Trees.json(message))
                .text("streamId", chat.streamId()));
    }

    /** What happens in a turn. */
    static Json event(String name, Json data) {
        return Members.json(json -> json.text("event", name).json("data", data));
    }

    static Json pendingAction(Chat chat, PendingAction action) {
        return Members.json(json -> pendingAction(json, chat, action));
    }

    private static void pendingAction(Members json, Chat chat, PendingAction action) {
        json.text("actionId", action.id()).text("streamId", chat.streamId())
                .text("conversationId", chat.conversationId())
                .text("runId", or(action.references().runId(), chat.details().runId()))
                .text("responseMessageId",
                        or(action.references().responseMessageId(), chat.details().responseMessageId()))
                .object("payload", payload -> payload(payload, action.payload()))
                .number("createdAt", action.createdAt().toEpochMilli());
        if (action.expiresAt() != null) json.number("expiresAt", action.expiresAt().toEpochMilli());
        json.text("interruptId", action.references().interruptId()).text("threadId", action.references().threadId());
        List<String> warnings = Warnings.of(action.payload());
        if (!warnings.isEmpty()) json.texts("warnings", warnings);
    }

    private static @Nullable String or(@Nullable String value, @Nullable String otherwise) {
        return value == null ? otherwise : value;
    }

    private static void payload(Members json, Interrupt payload) {
        switch (payload) {
            case Interrupt.ToolApproval approval -> json.text("type", "tool_approval")
                    .objects("action_requests", approval.requests(), ChatShapes::request)
                    .objects("review_configs", approval.requests(), ChatShapes::review);
            case Interrupt.AskUserQuestion ask -> {
                // Whoever doesn't know batches shows the first question of one.
                json.text("type", "ask_user_question")
                        .object("question", ask.questions().getFirst(),
                                (one, question) -> question(one, question, ask.batch() ? null : question.id()));
                if (ask.batch()) json.objects("questions", ask.questions(),
                        (one, question) -> question(one, question, question.id()));
                json.text("tool_call_id", ask.toolCallId());
            }
        }
    }

    private static void request(Members json, ActionRequest request) {
        json.text("name", request.name()).json("arguments", request.arguments())
                .text("tool_call_id", request.toolCallId()).text("description", request.description())
                .text("arguments_digest", request.argumentsDigest()).text("policy_reason", request.reason());
        if (!request.aliases().isEmpty()) json.texts("aliases", request.aliases());
    }

    private static void review(Members json, ActionRequest request) {
        Interrupt.Review review = request.review();
        List<String> allowed = EnumSet.allOf(DecisionKind.class).stream().filter(review.allowed()::contains)
                .map(DecisionKind::word).toList();
        json.text("action_name", review.actionName()).text("tool_call_id", request.toolCallId())
                .texts("allowed_decisions", allowed).json("args_schema", review.argsSchema())
                .flag("allow_always", review.allowAlways());
    }

    private static void question(Members json, Interrupt.Question question, @Nullable String id) {
        json.text("id", id).text("header", question.header()).text("question", question.text())
                .text("description", question.description());
        if (!question.options().isEmpty()) json.objects("options", question.options(),
                (one, option) -> one.text("label", option.label()).text("value", option.value()));
        json.flag("multiSelect", question.multiSelect());
    }

    /** What a client needs to go on showing a turn. */
    static Json resumeState(Chat chat, Turn turn, ResumeState state) {
        Json title = latest(turn.title(), state, "title");
        return Members.json(json -> {
            json.jsons("runSteps", turn.steps()).jsons("aggregatedContent", turn.content());
            if (!turn.whole()) json.flag("logTrimmed", true);
            if (chat.userMessage().isObject()) json.json("userMessage", Trees.json(chat.userMessage()));
            json.text("responseMessageId", chat.details().responseMessageId())
                    .text("conversationId", chat.conversationId());
            for (String member : List.of("sender", "iconURL", "model"))
                json.text(member, Trees.text(chat.metadata(), member));
            JsonNode again = chat.metadata().path("isRegenerate");
            if (again.isBoolean()) json.flag("isRegenerate", again.booleanValue());
            if (title != null) json.json("titleEvent", event("title", title));
            if (!turn.prompts().isEmpty()) json.jsons("replayEvents", turn.prompts());
            if (!turn.usage().isEmpty()) json.jsons("collectedUsage", turn.usage());
            json.json("contextUsage", latest(turn.contextUsage(), state, "on_context_usage"))
                    .json("pendingAction", pendingAction(chat, state));
        });
    }

    /** What waits for a decision that can still be made; null when nothing does. */
    static @Nullable Json pendingAction(Chat chat, ResumeState state) {
        return state.job().livePrompt(state.at()).map(action -> pendingAction(chat, action)).orElse(null);
    }

    /** What the log tells, or where that doesn't reach back so far, what the worker had retained. */
    private static @Nullable Json latest(@Nullable Json told, ResumeState state, String event) {
        return told != null ? told : state.retained().get(new EventName(event));
    }

    /** Nothing happens between a snapshot and the events that follow it, so none are pending. */
    static Json sync(Json resumeState) {
        return Members.json(json -> json.flag("sync", true).json("resumeState", resumeState)
                .jsons("pendingEvents", List.of()));
    }

    /** The last frame of a turn that came to its end: what its worker left, and what that lacks as the log tells it. */
    static Json completed(Chat chat, @Nullable Json result, @Nullable Turn turn, Protocol protocol) {
        JsonNode left = Trees.of(result);
        ObjectNode frame = left.isObject() ? left.deepCopy() : Trees.object();
        frame.put("final", true);
        finish(frame, chat, turn, false);
        return Trees.json(frame.put(Protocol.MEMBER, protocol.number()));
    }

    /** Whether a worker's last word needs nothing from the log. */
    static boolean isComplete(@Nullable Json result) {
        JsonNode left = Trees.of(result);
        return left.has("title") && left.has("responseMessage");
    }

    /** The last frame of a turn that somebody stopped. Where nothing had been shown yet, there is nothing to keep. */
    static Json aborted(Chat chat, Turn turn, Protocol protocol) {
        ObjectNode frame = Trees.object().put("final", true);
        boolean early = chat.userMessage().isMissingNode() && turn.content().isEmpty();
        if (early) {
            frame.putNull("conversation").putNull("requestMessage").putNull("responseMessage").put("earlyAbort", true);
        }
        finish(frame, chat, turn, true);
        return Trees.json(frame.put("aborted", true).put(Protocol.MEMBER, protocol.number()));
    }

    private static void finish(ObjectNode frame, Chat chat, @Nullable Turn turn, boolean unfinished) {
        if (!frame.has("conversation"))
            frame.set("conversation", Trees.object().put("conversationId", chat.conversationId()));
        if (!frame.has("title")) frame.put("title", chat.title(turn == null ? null : turn.title()));
        if (!frame.has("requestMessage")) frame.set("requestMessage", chat.requestMessage());
        if (!frame.has("responseMessage"))
            frame.set("responseMessage",
                    chat.responseMessage(turn == null ? List.of() : turn.content(), unfinished));
    }

    /** Tells a client to ask for what is stored, because there is nothing more to be told here. */
    static Json reconcile(Chat chat, String reason, JobStatus status) {
        return Members.json(json -> json.flag("final", true).flag("reconcile", true).text("reconcileReason", reason)
                .text("terminalStatus", status.word()).number("generationCreatedAt", chat.epoch())
                .object("conversation", one -> one.text("conversationId", chat.conversationId()))
                .number(Protocol.MEMBER, Protocol.FENCED.number()));
    }

    static Json error(String message, @Nullable String code, Protocol protocol) {
        return Members.json(json -> json.text("error", message).text("code", code)
                .number(Protocol.MEMBER, protocol.number()));
    }

    static Json error(JobError error, Protocol protocol) { return error(error.message(), error.code(), protocol); }
}
