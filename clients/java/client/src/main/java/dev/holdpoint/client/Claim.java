package dev.holdpoint.client;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The right to go on with a decided job.
 *
 * @param resumeContext as the worker that paused gave it
 * @param traceparent where that worker was in its trace
 */
public record Claim(String jobId, Resolution resolution, PendingAction action, @Nullable JsonNode resumeContext,
        @Nullable String traceparent, String fence, Instant leaseExpiresAt) {

    Claim renewed(Instant leaseEnd) {
        return new Claim(jobId, resolution, action, resumeContext, traceparent, fence, leaseEnd);
    }
}
