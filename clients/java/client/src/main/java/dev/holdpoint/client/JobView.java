package dev.holdpoint.client;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A job as it stood when it was read. */
public record JobView(String id, long generation, Status status, boolean active, String userId,
        @Nullable String tenantId, String conversationId, @Nullable String agentId, @Nullable String runId,
        @Nullable String responseMessageId, Instant createdAt, Instant lastActiveAt, @Nullable Instant completedAt,
        @Nullable Failure error, String lastEventId, @Nullable PendingAction pendingAction,
        @Nullable Continuation continuation, JsonNode metadata) {
    /** The last three are ends. */
    public enum Status {
        @JsonProperty("running")
        RUNNING, @JsonProperty("requires_action")
        REQUIRES_ACTION, @JsonProperty("complete")
        COMPLETE, @JsonProperty("error")
        ERROR, @JsonProperty("aborted")
        ABORTED
    }

    /** @param code for machines, such as {@code approval_expired} */
    public record Failure(String code, String message) {}

    /** @param state {@code open} or {@code claimed} */
    public record Continuation(String state, @Nullable String workerId) {}
}
