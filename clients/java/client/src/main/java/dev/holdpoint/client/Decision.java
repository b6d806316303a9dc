package dev.holdpoint.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A person's word on one tool call. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "decision")
@JsonSubTypes({@JsonSubTypes.Type(value = Decision.Approve.class, name = "approve"),
    @JsonSubTypes.Type(value = Decision.Reject.class, name = "reject"),
    @JsonSubTypes.Type(value = Decision.Edit.class, name = "edit"),
    @JsonSubTypes.Type(value = Decision.Respond.class, name = "respond")})
public sealed interface Decision {
    String toolCallId();

    /** @param scope {@code once}, {@code session} or {@code always}; once when null */
    record Approve(@JsonProperty("tool_call_id") String toolCallId, @Nullable String reason, @Nullable String scope,
            @Nullable String argumentsDigest) implements Decision {}

    record Reject(@JsonProperty("tool_call_id") String toolCallId, @Nullable String reason,
            @Nullable String argumentsDigest) implements Decision {}

    record Edit(@JsonProperty("tool_call_id") String toolCallId, ObjectNode editedArguments, @Nullable String reason,
            @Nullable String argumentsDigest) implements Decision {}

    /** The text stands for the tool's result. */
    record Respond(@JsonProperty("tool_call_id") String toolCallId, String responseText, @Nullable String reason,
            @Nullable String argumentsDigest) implements Decision {}

    static Decision approve(String toolCallId) { return new Approve(toolCallId, null, null, null); }

    static Decision reject(String toolCallId, String reason) { return new Reject(toolCallId, reason, null); }

    static Decision edit(String toolCallId, Object editedArguments) {
        return new Edit(toolCallId, Json.objectOf(editedArguments), null, null);
    }

    static Decision respond(String toolCallId, String text) { return new Respond(toolCallId, text, null, null); }
}
