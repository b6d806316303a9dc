package dev.holdpoint.cloudevents;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How CloudEvents name where they come from. */
@ConfigMapping(prefix = "holdpoint.cloudevents")
public interface CloudEventsConfig {
    /**
     * The {@code source} of every CloudEvent, a URI reference; another one for each
     * deployment whose events meet in one place.
     */
    @WithDefault("/holdpoint")
    String source();
}
