package dev.holdpoint.client;

import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What may be decided about one call; without one that is approve, reject and edit.
 *
 * @param argsSchema JSON Schema 2020-12 that edited arguments must satisfy
 * @param allowAlways false offers no memory for an approval
 */
public record Review(@JsonProperty("action_name") String name, @JsonProperty("tool_call_id") String toolCallId,
        @JsonProperty("allowed_decisions") List<String> allowed,
        @JsonProperty("args_schema") @Nullable ObjectNode argsSchema,
        @JsonProperty("allow_always") @Nullable Boolean allowAlways) {
    /** @param allowed any of {@code approve}, {@code reject}, {@code edit} and {@code respond} */
    public static Review of(ToolCall call, String... allowed) {
        return new Review(call.name(), call.toolCallId(), Arrays.asList(allowed), null, null);
    }

    public Review editsFit(Object schema) {
        return new Review(name, toolCallId, allowed, Json.objectOf(schema), allowAlways);
    }

    public Review onlyThisOnce() { return new Review(name, toolCallId, allowed, argsSchema, false); }
}
