package dev.holdpoint.api;

import java.util.Optional;
import java.util.OptionalInt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where health, metrics and the description of the API are served: everything under {@code /q}. */
@ConfigMapping(prefix = "holdpoint.management")
public interface Management {
    String PATH = "/q";

    /** A port of their own, and then no other; without it they are on the port of the API. */
    OptionalInt port();

    /** The address of that port; the one of the API by default. */
    Optional<String> host();

    /** Whether {@code /q/metrics} is served. */
    @WithDefault("true")
    boolean metrics();

    /** Whether {@code /q/openapi} is served. */
    @WithDefault("true")
    boolean openapi();
}
