package dev.holdpoint.mask;

import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What is hidden before anything is stored, logged, shown or exported. Nothing is by default. */
@ConfigMapping(prefix = "holdpoint.mask")
public interface MaskConfig {
    /**
     * JSON pointers (RFC 6901), with commas between; {@code *} as a segment is any member or index, as in
     * {@code /headers/*}{@code /value}. The whole value is hidden.
     */
    Optional<List<String>> pointers();

    /**
     * Names of members; {@code api_key} is also {@code apiKey} and {@code API-KEY}. The
     * whole value below is hidden, at any depth.
     */
    Optional<List<String>> names();

    /**
     * What is found by its looks: {@code aws-key}, {@code pem}, {@code jwt}, {@code bearer}, {@code card}, or
     * {@code all}. Only the found part of a text is hidden.
     */
    Optional<List<String>> detectors();

    /** What stands there instead: 1 to 32 characters. */
    @WithDefault("•••")
    String text();
}
