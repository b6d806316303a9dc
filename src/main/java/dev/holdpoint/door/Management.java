package dev.holdpoint.door;

import java.util.Optional;
import java.util.OptionalInt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where health, metrics and the description of the API are served: everything under {@code /q}. */
@ConfigMapping(prefix = "holdpoint.management")
public interface Management {
    String PATH = "/q";

    /**
     * Serves {@code /q} there, in plain HTTP, and nothing else; on the port of the API it is then 404. It
     * must differ from {@code quarkus.http.port} and {@code quarkus.http.ssl-port}, which must not be 0.
     * Without it {@code /q} is on the port of the API.
     */
    OptionalInt port();

    /** The address of that port; {@code quarkus.http.host} by default. */
    Optional<String> host();

    /** {@code false} closes {@code /q/metrics}, on either port. */
    @WithDefault("true")
    boolean metrics();

    /** {@code false} closes {@code /q/openapi}, on either port. */
    @WithDefault("true")
    boolean openapi();
}
