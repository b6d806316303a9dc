package dev.holdpoint.door.json;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/**
 * Request bodies as they are written down in the contract. What may be left out is nullable;
 * what it means is checked where it is used.
 */
public final class Requests {
    private Requests() {}

    /** Marks what {@link StrictJson} reads. */
    public sealed interface Body {}

    public record CreateJob(@Nullable String id, @Nullable String userId, @Nullable String conversationId,
            @Nullable String agentId,
            @Nullable String runId, @Nullable String responseMessageId, @Nullable Json userMessage,
            @Nullable Json metadata,
            @Nullable String ifActive, @Nullable Long expectedGeneration) implements Body {}

    public record Pause(@Nullable Action action) implements Body {}

    public record Action(@Nullable Payload payload, @Nullable String actionId, @Nullable String expiresAt,
            @Nullable String ttl,
            @Nullable String onExpire, @Nullable String interruptId, @Nullable String threadId, @Nullable String runId,
            @Nullable String responseMessageId, @Nullable Json resumeContext) {}

    public record Payload(@Nullable String type,
            @JsonProperty("action_requests") @Nullable List<ActionRequest> actionRequests,
            @JsonProperty("review_configs") @Nullable List<ReviewConfig> reviewConfigs, @Nullable Question question,
            @Nullable List<Question> questions, @JsonProperty("tool_call_id") @Nullable String toolCallId) {}

    public record ActionRequest(@JsonProperty("tool_call_id") @Nullable String toolCallId, @Nullable String name,
            @Nullable Json arguments, @Nullable String description) {}

    public record ReviewConfig(@JsonProperty("action_name") @Nullable String actionName,
            @JsonProperty("tool_call_id") @Nullable String toolCallId,
            @JsonProperty("allowed_decisions") @Nullable List<String> allowedDecisions,
            @JsonProperty("args_schema") @Nullable Json argsSchema,
            @JsonProperty("allow_always") @Nullable Boolean allowAlways) {}

    public record Question(@Nullable String id, @Nullable String header, @Nullable String question,
            @Nullable String description,
            @Nullable List<Option> options, @Nullable Boolean multiSelect) {}

    public record Option(@Nullable String label, @Nullable String value) {}

    public record Resolve(@Nullable String actionId, @Nullable Long generation,
            @Nullable List<ProposedDecision> decisions, @Nullable String answer, @Nullable Map<String, String> answers)
            implements Body {}

    public record ProposedDecision(@JsonProperty("tool_call_id") @Nullable String toolCallId, @Nullable String decision,
            @Nullable String scope, @Nullable String reason, @Nullable Json editedArguments,
            @Nullable String responseText,
            @Nullable String argumentsDigest) {}

    /** @param events one event each, from a JSON array or from NDJSON */
    public record Events(List<Event> events) implements Body {}

    public record Event(@Nullable String event, @Nullable Json data, @Nullable String retain) {}

    public record Gate(@Nullable List<GatedCall> toolCalls,
            @JsonProperty("review_configs") @Nullable List<ReviewConfig> reviewConfigs, @Nullable String actionId,
            @Nullable String expiresAt, @Nullable String ttl, @Nullable String onExpire, @Nullable String interruptId,
            @Nullable String threadId, @Nullable String runId, @Nullable String responseMessageId,
            @Nullable Json resumeContext) implements Body {}

    public record GatedCall(@Nullable String toolCallId, @Nullable String name, @Nullable Json arguments,
            @Nullable String description, @Nullable List<String> aliases) {}

    public record Evaluate(@Nullable String userId, @Nullable String conversationId,
            @Nullable List<GatedCall> toolCalls) implements Body {}

    /** @param value the whole body, which its route reads by itself */
    public record Document(Json value) implements Body {}

    public record Simulate(@Nullable Json policy, @Nullable Long last) implements Body {}

    public record Complete(@JsonProperty("final") @Nullable Json result) implements Body {}

    public record Fail(@Nullable String code, @Nullable String message) implements Body {}

    public record Claim(@Nullable String workerId, @JsonProperty("wait") @Nullable String longest) implements Body {}

    public record ClaimAny(@Nullable String workerId, @Nullable List<String> agentIds,
            @JsonProperty("wait") @Nullable String longest)
            implements Body {}

    public record Abort(@Nullable Long generation) implements Body {}

    public record Expire(@Nullable String actionId) implements Body {}

    public record Erase(@Nullable String userId) implements Body {}

    public record Nothing() implements Body {}
}
