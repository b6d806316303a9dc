package dev.holdpoint.door.problem;

import java.util.OptionalInt;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much one request or reader may take. */
@ConfigMapping(prefix = "holdpoint.limits")
public interface Limits {
    /**
     * Largest body, that of events aside: 413 beyond. To go above 8M build with
     * {@code quarkus.rest.input-buffer-size} as large, or a thread waits for the rest.
     */
    @WithDefault("1M")
    MemorySize requestBody();

    /** Largest body of appended events: 413 beyond. */
    @WithDefault("4M")
    MemorySize eventsBody();

    /** Largest data of one event, as compact JSON: 413. */
    @WithDefault("256K")
    MemorySize eventData();

    /** Most levels of nesting in an opaque value, such as a tool call's arguments: 400. */
    @WithDefault("64")
    int nestingDepth();

    /** Most member names in an opaque value, such as a tool call's arguments: 400. */
    @WithDefault("10000")
    int argumentKeys();

    /** Requests of one caller in a second: 429 ([more](#limits-of-requests)); unlimited by default. */
    OptionalInt requestsPerSecond();

    /** Requests of all callers of one tenant in a second: 429; unlimited by default. */
    OptionalInt requestsPerSecondPerTenant();

    /** Requests of anybody to one process in a second: 429; unlimited by default. */
    OptionalInt requestsPerSecondPerProcess();

    /** Submitted decisions of one person in a minute: 429; unlimited by default. */
    OptionalInt decisionsPerMinute();

    /** Most open streams of one job: 429 beyond. */
    @WithDefault("5000")
    int subscribersPerJob();

    /** Most open streams of one caller: 429 beyond. */
    @WithDefault("1000")
    int subscribersPerCaller();
}
