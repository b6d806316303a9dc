package dev.holdpoint.job;

import java.time.Instant;
import java.util.Map;

/**
 * What a client needs to go on showing a job.
 *
 * @param retained the newest data of each retained event name
 */
public record ResumeState(Job job, Map<EventName, Json> retained, Instant at) {
    public ResumeState {
        retained = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(retained));
    }
}
