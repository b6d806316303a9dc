package dev.holdpoint.client;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A call that an agent wants to make.
 *
 * @param toolCallId what decisions are joined by
 * @param name the canonical name of the tool
 * @param description in the agent's words, for the person who decides
 * @param aliases other names of the same tool, for the policy; null when there are none
 */
public record ToolCall(String toolCallId, String name, ObjectNode arguments, @Nullable String description,
        @Nullable List<String> aliases) {
    /** @param arguments a JSON tree, a map, a record, or text that is a JSON object */
    public static ToolCall of(String toolCallId, String name, Object arguments) {
        return new ToolCall(toolCallId, name, Json.objectOf(arguments), null, null);
    }

    public ToolCall describedAs(String words) { return new ToolCall(toolCallId, name, arguments, words, aliases); }

    public ToolCall alsoCalled(String... names) {
        return new ToolCall(toolCallId, name, arguments, description, List.of(names));
    }
}
