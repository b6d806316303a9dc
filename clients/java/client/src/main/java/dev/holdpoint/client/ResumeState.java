package dev.holdpoint.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What a client needs to go on showing a job, all of one moment. Follow the events after {@code lastEventId} next.
 *
 * @param retained the latest data of each event that was appended with {@link NewEvent#retained}
 */
public record ResumeState(JobView job, JsonNode retained, @Nullable JsonNode userMessage,
        @Nullable PendingAction pendingAction, String lastEventId) {}
