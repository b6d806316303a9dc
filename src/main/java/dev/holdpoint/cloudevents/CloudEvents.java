package dev.holdpoint.cloudevents;

import java.net.URI;
import java.net.URISyntaxException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.holdpoint.job.InstantText;
import dev.holdpoint.job.Json;

/**
 * Writes CloudEvents in structured mode. The source is configured and never guessed: the
 * name of a host is nobody else's business.
 */
public final class CloudEvents {
    public static final String MEDIA_TYPE = "application/cloudevents+json";
    private static final String VERSION = "specversion";
    private static final String TYPES = "dev.holdpoint.";

    private final String source;

    private CloudEvents(String source) { this.source = source; }

    /** Throws {@link IllegalStateException}, in one sentence, when the configuration can't be meant. */
    public static CloudEvents of(CloudEventsConfig config) {
        try {
            String source = new URI(config.source()).toASCIIString();
            if (!source.isEmpty()) return new CloudEvents(source);
        } catch (URISyntaxException malformed) {
            // Told below.
        }
        throw new IllegalStateException("holdpoint.cloudevents.source must be a URI reference such as /holdpoint.");
    }

    public Json written(CloudEvent event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(VERSION, "1.0").put("id", event.id()).put("source", source).put("type", TYPES + event.type())
                .put("subject", event.subject()).put("time", InstantText.of(event.at()))
                .put("datacontenttype", "application/json");
        if (event.trace() != null) json.put("traceparent", event.trace().value());
        json.putRawValue("data", new RawValue(event.data().text()));
        return new Json(json.toString());
    }

    /** Whether this was written here. */
    public static boolean isOne(Json json) {
        return json.text().startsWith("{\"" + VERSION + "\":");
    }
}
