package dev.holdpoint.mask;

import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What is hidden before anything is stored, logged, shown or exported. Nothing is by default. */
@ConfigMapping(prefix = "holdpoint.mask")
public interface MaskConfig {
    /** JSON pointers to what is hidden; {@code *} stands for any member or index. */
    Optional<List<String>> pointers();

    /** Names of members whose values are hidden; case, {@code _} and {@code -} make no difference. */
    Optional<List<String>> names();

    /** What is recognised by its looks: {@code aws-key}, {@code pem}, {@code jwt}, {@code bearer}, {@code card}, or {@code all}. */
    Optional<List<String>> detectors();

    /** What stands where something was hidden. */
    @WithDefault("•••")
    String text();
}
