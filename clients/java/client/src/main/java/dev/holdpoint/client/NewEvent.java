package dev.holdpoint.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** An event that a worker appends. Names starting with {@code job.} are the service's. */
public record NewEvent(String event, JsonNode data, @Nullable String retain) {
    /** @param data anything that Jackson writes as JSON */
    public static NewEvent of(String event, Object data) {
        return new NewEvent(event, Json.tree(data), null);
    }

    /** The newest event of this name becomes part of the resume state. */
    public NewEvent retained() {
        return new NewEvent(event, data, "latest");
    }
}
