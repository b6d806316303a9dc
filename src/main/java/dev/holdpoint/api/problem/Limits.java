package dev.holdpoint.api.problem;

import java.util.OptionalInt;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much one request or reader may take. */
@ConfigMapping(prefix = "holdpoint.limits")
public interface Limits {
    /** Largest request body, events aside. */
    @WithDefault("1M")
    MemorySize requestBody();

    /** Largest body of appended events. */
    @WithDefault("4M")
    MemorySize eventsBody();

    /** Largest data of one event, as compact JSON. */
    @WithDefault("256K")
    MemorySize eventData();

    /** Most levels of nesting in an opaque value such as a tool call's arguments. */
    @WithDefault("64")
    int nestingDepth();

    /** Most member names in an opaque value such as a tool call's arguments. */
    @WithDefault("10000")
    int argumentKeys();

    /** Most requests of one caller in a second; unlimited by default. */
    OptionalInt requestsPerSecond();

    /** Most requests of all callers of one tenant in a second; unlimited by default. */
    OptionalInt requestsPerSecondPerTenant();

    /** Most requests of anybody to one process in a second; unlimited by default. */
    OptionalInt requestsPerSecondPerProcess();

    /** Most submitted decisions of one person in a minute; unlimited by default. */
    OptionalInt decisionsPerMinute();

    @WithDefault("5000")
    int subscribersPerJob();

    @WithDefault("1000")
    int subscribersPerCaller();
}
