package dev.holdpoint.client;

import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/** An event of a job: a worker's own, or one of the job's life, whose names start with {@code job.}. */
public record Event(EventId id, String name, JsonNode data) {
    private static final Set<String> ENDS =
            Set.of("job.completed", "job.failed", "job.aborted", "job.expired", "job.replaced");

    /** Whether the job has ended by this; nothing follows. */
    public boolean isEnd() { return ENDS.contains(name); }

    /**
     * The job as it stands, because the events behind the reader's place are not to be had any more: start over from
     * it. What is kept of this generation follows.
     */
    public Optional<ResumeState> snapshot() {
        return name.equals("job.snapshot") ? Optional.of(Json.read(data, ResumeState.class)) : Optional.empty();
    }

    /** What the job waits for, if this is {@code job.paused}. */
    public Optional<PendingAction> paused() {
        return name.equals("job.paused") ? Optional.of(Json.read(data, PendingAction.class)) : Optional.empty();
    }
}
