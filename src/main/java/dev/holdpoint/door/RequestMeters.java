package dev.holdpoint.door;

import java.util.Set;
import java.util.regex.Pattern;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.micrometer.runtime.HttpServerMetricsTagsContributor;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Keeps out of the metrics what callers make up. Where the framework found no route it would keep a series for each
 * method and path that anybody sends, ids included, for ever. What is told here takes the place of the framework's own.
 */
@Singleton
class RequestMeters implements HttpServerMetricsTagsContributor, MeterFilter {
    private static final Tag NO_ROUTE = Tag.of("uri", "UNKNOWN");
    private static final Tag NO_METHOD = Tag.of("method", "OTHER");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");
    private static final Pattern PLAIN = Pattern.compile("(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*+)++");
    private static final String GONE = "RESET";

    @Override
    public Tags contribute(Context context) {
        boolean ours = METHODS.contains(context.request().method().name());
        // The framework leaves the template of the route that it found under this name.
        @Nullable
        String template = context.requestContextLocalData("UrlPathTemplate");
        // A check or a file of the framework's has no template; it is there, so such paths have an end.
        boolean known = template != null
                || ours && context.response().statusCode() < 400 && PLAIN.matcher(context.request().path()).matches();
        Tags tags = ours ? Tags.empty() : Tags.of(NO_METHOD);
        return known ? tags : tags.and(NO_ROUTE);
    }

    /** Whoever hangs up before the answer is counted without being asked about above. */
    @Override
    public Meter.Id map(Meter.Id id) {
        return GONE.equals(id.getTag("status"))
                ? id.replaceTags(Tags.of(id.getTagsAsIterable()).and(NO_ROUTE, NO_METHOD))
                : id;
    }
}
