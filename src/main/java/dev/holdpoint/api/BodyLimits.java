package dev.holdpoint.api;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What request bodies may take together, and each of them in time. */
@ConfigMapping(prefix = "holdpoint.limits")
public interface BodyLimits {
    /** Most bytes of bodies that are read or worked on at a time; a quarter of the heap by default. */
    Optional<MemorySize> bodiesInFlight();

    /** How long a body may take to arrive. */
    @WithDefault("PT60S")
    Duration bodyTime();
}
