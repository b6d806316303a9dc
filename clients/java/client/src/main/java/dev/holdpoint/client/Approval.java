package dev.holdpoint.client;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** A prompt in the inbox. */
public record Approval(String jobId, String actionId, long generation, String conversationId, String userId,
        @Nullable String agentId, Interrupt payload, Instant createdAt, @Nullable Instant expiresAt,
        List<String> warnings) {}
