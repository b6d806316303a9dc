package dev.holdpoint.dialect.mcp;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdpoint.job.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** What the tools are called with. Names with underscores are those of coding agents. */
final class Arguments {
    private Arguments() {}

    /** Agents send more with each version; none of it says what may run. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Approval(@JsonProperty("tool_name") @Nullable String toolName, @Nullable Json input,
            @JsonProperty("tool_use_id") @Nullable String toolUseId, @Nullable String description,
            @Nullable List<String> allowedDecisions, @Nullable String userId, @Nullable String conversationId,
            @Nullable Long expiresInSeconds, @Nullable Long waitSeconds) {}

    @RegisterForReflection
    record Ask(@Nullable String question, @Nullable String header, @Nullable String description,
            @Nullable List<@Nullable Option> options, @Nullable Boolean multiSelect,
            @Nullable List<@Nullable Question> questions, @Nullable String idempotencyKey, @Nullable String userId,
            @Nullable String conversationId, @Nullable Long expiresInSeconds, @Nullable Long waitSeconds) {}

    @RegisterForReflection
    record Question(@Nullable String id, @Nullable String question, @Nullable String header,
            @Nullable String description, @Nullable List<@Nullable Option> options, @Nullable Boolean multiSelect) {}

    @RegisterForReflection
    record Option(@Nullable String label, @Nullable String value, @Nullable String description) {}

    @RegisterForReflection
    record Check(@Nullable String approvalId, @Nullable Long waitSeconds) {}
}
