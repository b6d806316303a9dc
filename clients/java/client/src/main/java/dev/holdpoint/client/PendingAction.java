package dev.holdpoint.client;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a paused job waits for.
 *
 * @param expiresAt null: open until the service's backstop
 * @param warnings what in its texts could deceive the eye
 */
public record PendingAction(String actionId, String jobId, long generation, Interrupt payload, Instant createdAt,
        @Nullable Instant expiresAt, List<String> warnings, @Nullable String interruptId, @Nullable String threadId,
        @Nullable String runId) {}
