package dev.holdpoint.policy;

import java.util.List;

import dev.holdpoint.job.Json;
import dev.holdpoint.job.ToolCallId;
import org.jspecify.annotations.Nullable;

/**
 * What an agent wants to run.
 *
 * @param name      the canonical name, the only one that loosens anything
 * @param arguments a JSON object, as received
 * @param aliases   other spellings of the same tool
 */
public record ToolCall(ToolCallId id, String name, Json arguments, @Nullable String description,
        List<String> aliases) {
    public ToolCall {
        aliases = List.copyOf(aliases);
    }
}
