package dev.holdpoint.client;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * How a job waits: until when a person may decide, how long this thread waits for that, and what the
 * worker that goes on will need to know.
 *
 * @param actionId what the pending action will be called; a fresh id when null
 * @param ttl after this the job ends as expired; the service's backstop when null
 * @param patience after this a call answers {@link Outcome.Waiting}, and the prompt stays open; when null, never
 * @param resumeContext for the worker that goes on, never shown to people
 */
public record Terms(@Nullable String actionId, @Nullable Duration ttl, @Nullable Duration patience,
        @Nullable String interruptId, @Nullable String threadId, @Nullable String runId, List<Review> reviews,
        @Nullable JsonNode resumeContext) {
    private static final Terms DEFAULT = new Terms(null, null, null, null, null, null, List.of(), null);

    public static Terms open() { return DEFAULT; }

    /** A person may decide for this long. */
    public static Terms within(Duration ttl) { return DEFAULT.ttl(ttl); }

    public Terms ttl(Duration time) {
        return new Terms(actionId, time, patience, interruptId, threadId, runId, reviews, resumeContext);
    }

    public Terms actionId(String id) {
        return new Terms(id, ttl, patience, interruptId, threadId, runId, reviews, resumeContext);
    }

    public Terms patience(Duration time) {
        return new Terms(actionId, ttl, time, interruptId, threadId, runId, reviews, resumeContext);
    }

    public Terms interruptId(String id) {
        return new Terms(actionId, ttl, patience, id, threadId, runId, reviews, resumeContext);
    }

    /** Where the agent's own state is kept, so that whoever claims the job can find it. */
    public Terms threadId(String id) {
        return new Terms(actionId, ttl, patience, interruptId, id, runId, reviews, resumeContext);
    }

    public Terms runId(String id) {
        return new Terms(actionId, ttl, patience, interruptId, threadId, id, reviews, resumeContext);
    }

    public Terms reviews(Review... configs) {
        return new Terms(actionId, ttl, patience, interruptId, threadId, runId, List.of(configs), resumeContext);
    }

    /** @param value anything that Jackson writes as JSON */
    public Terms resumeContext(Object value) {
        return new Terms(actionId, ttl, patience, interruptId, threadId, runId, reviews, Json.tree(value));
    }

    /** With an action id, so that a repeated request is the same pause. */
    Terms named() {
        return actionId == null ? renamed() : this;
    }

    /** With a fresh action id, for another pause. */
    Terms renamed() {
        return actionId(UUID.randomUUID().toString());
    }

    String name() {
        if (actionId == null) throw new IllegalStateException("an action id comes first");
        return actionId;
    }

    ObjectNode json() {
        ObjectNode json = Json.object().put("actionId", name());
        if (ttl != null) json.put("ttl", ttl.toString());
        if (interruptId != null) json.put("interruptId", interruptId);
        if (threadId != null) json.put("threadId", threadId);
        if (runId != null) json.put("runId", runId);
        if (resumeContext != null) json.set("resumeContext", resumeContext);
        return json;
    }
}
