package dev.holdpoint.access;

import java.nio.file.Path;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;

/** How callers prove who they are. */
@ConfigMapping(prefix = "holdpoint")
public interface AuthConfig {
    /** JSON file that lists the API keys in force; read again when it changes. */
    @WithName("auth.keys-file")
    Optional<Path> keysFile();

    /** The key with all roles that is in force while no keys file is named; a random one by default. */
    Optional<String> bootstrapKey();
}
