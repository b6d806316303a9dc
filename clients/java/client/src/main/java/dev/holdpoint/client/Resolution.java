package dev.holdpoint.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The one accepted submission that closed a pending action: decisions, an answer, or answers by question id. */
public record Resolution(String resolutionId, String jobId, long generation, String actionId, By decidedBy,
        Instant decidedAt, @Nullable List<Decision> decisions, @Nullable String answer,
        @Nullable Map<String, String> answers) {
    /** @param via the door that was used, such as {@code api} or {@code inbox} */
    public record By(String subject, List<String> roles, String via) {}
}
