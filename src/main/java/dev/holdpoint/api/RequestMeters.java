package dev.holdpoint.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;

/**
 * Keeps out of the metrics what callers make up. Where the framework found no route it would keep a series for each method and path that anybody
 * sends, ids included, for ever.
 */
@Singleton
class RequestMeters implements MeterFilter {
    /** Those that routes have. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");
    /** Refusals of what may have reached no route. */
    private static final Set<String> UNROUTED = Set.of("400", "405", "406", "413", "415", "RESET");

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().startsWith("http.server")) return id;
        boolean routed = METHODS.contains(said(id, "method")) && !UNROUTED.contains(said(id, "status"));
        List<Tag> tags = new ArrayList<>();
        for (Tag tag : id.getTagsAsIterable()) {
            tags.add(switch (tag.getKey()) {
                case "method" -> METHODS.contains(tag.getValue()) ? tag : Tag.of("method", "OTHER");
                // A path can't have braces, so whatever has them is a route's.
                case "uri" -> routed || tag.getValue().contains("{") ? tag : Tag.of("uri", "UNKNOWN");
                default -> tag;
            });
        }
        return id.replaceTags(Tags.of(tags));
    }

    private static String said(Meter.Id id, String tag) { return Objects.requireNonNullElse(id.getTag(tag), ""); }
}
