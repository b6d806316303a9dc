package dev.holdpoint.job;

import org.jspecify.annotations.Nullable;

/**
 * What the worker said about a job when it created it; none of it changes.
 *
 * @param userMessage any JSON, echoed in the resume state
 * @param metadata    a JSON object
 */
public record JobDetails(UserId owner, ConversationId conversation, @Nullable AgentId agent, @Nullable String runId,
        @Nullable String responseMessageId, @Nullable Json userMessage, Json metadata) {
    public JobDetails {
        if (runId != null) Text.name("runId", runId);
        if (responseMessageId != null) Text.name("responseMessageId", responseMessageId);
    }
}
