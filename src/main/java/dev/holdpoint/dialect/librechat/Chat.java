package dev.holdpoint.dialect.librechat;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/**
 * A job as a turn of a chat. What LibreChat knows of a turn and no other client asks for, its worker says in the job's
 * {@code metadata}, under LibreChat's names.
 *
 * @param streamId what LibreChat calls the job's id
 * @param epoch    what it calls the generation: {@code createdAt}, in milliseconds
 */
record Chat(String streamId, long epoch, JobDetails details, JsonNode userMessage, JsonNode metadata) {
    /** What a message without a parent has as its parent. */
    private static final String NO_PARENT = "00000000-0000-0000-0000-000000000000";
    private static final String DEFAULT_SENDER = "AI";
    private static final String UNTITLED = "New Chat";

    static Chat of(Job job) {
        JsonNode said = Trees.of(job.details().userMessage());
        return new Chat(job.key().id().value(), job.generation(), job.details(),
                said.isObject() ? said : MissingNode.getInstance(), Trees.of(job.details().metadata()));
    }

    String conversationId() { return details.conversation().value(); }

    @Nullable
    String agentId() {
        return details.agent() == null ? null : details.agent().value();
    }

    @Nullable
    String endpoint() {
        return Trees.text(metadata, "endpoint");
    }

    /**
     * The user's message as it was sent, and what makes it one of this conversation; null when the worker told none.
     */
    @Nullable
    ObjectNode requestMessage() {
        if (userMessage.isMissingNode()) return null;
        ObjectNode message = userMessage.deepCopy();
        message.put("conversationId", conversationId()).put("isCreatedByUser", true);
        fill(message, "sender", "User");
        fill(message, "parentMessageId", NO_PARENT);
        fill(message, "text", "");
        return message;
    }

    /** The message that answers, as far as it has come. */
    ObjectNode responseMessage(List<Json> content, boolean unfinished) {
        ObjectNode message = Trees.object().put("messageId", responseMessageId());
        message.put("parentMessageId", or(Trees.text(userMessage, "messageId"), NO_PARENT))
                .put("conversationId", conversationId()).put("text", "");
        ArrayNode parts = message.putArray("content");
        content.forEach(part -> parts.add(Trees.of(part)));
        message.put("sender", or(Trees.text(metadata, "sender"), DEFAULT_SENDER));
        for (String member : List.of("endpoint", "iconURL", "model")) {
            String value = Trees.text(metadata, member);
            if (value != null) message.put(member, value);
        }
        if (agentId() != null) message.put("agent_id", agentId());
        return message.put("unfinished", unfinished).put("error", false).put("isCreatedByUser", false);
    }

    /** Where the worker gave none, the id that LibreChat's page makes up for a message it has no id of. */
    String responseMessageId() {
        String named = details.responseMessageId();
        return named != null ? named : or(Trees.text(userMessage, "messageId"), String.valueOf(epoch)) + "_";
    }

    String title(@Nullable Json told) {
        return or(Trees.text(Trees.of(told), "title"), or(Trees.text(metadata, "title"), UNTITLED));
    }

    private static void fill(ObjectNode message, String member, String value) {
        if (!Trees.isPresent(message.path(member))) message.put(member, value);
    }

    private static String or(@Nullable String value, String otherwise) { return value == null ? otherwise : value; }
}
