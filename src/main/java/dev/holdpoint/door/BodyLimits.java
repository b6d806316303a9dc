package dev.holdpoint.door;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What request bodies may take together, and each of them in time. */
@ConfigMapping(prefix = "holdpoint.limits")
public interface BodyLimits {
    /**
     * Bytes of bodies that may be read or worked on at a time, over all callers; a body that tells no
     * length counts as the largest until it is there. 503 {@code overloaded} beyond, before the body is
     * read. A quarter of the heap by default.
     */
    Optional<MemorySize> bodiesInFlight();

    /** How long a body may take to arrive; then its connection is closed. */
    @WithDefault("PT60S")
    Duration bodyTime();
}
