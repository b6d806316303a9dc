package dev.holdpoint.access;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** How callers prove who they are. OpenID Connect itself is configured by {@code quarkus.oidc}. */
@ConfigMapping(prefix = "holdpoint")
public interface AuthConfig {
    /** The key with all roles that is in force while no other authentication is configured; a random one by default. */
    Optional<String> bootstrapKey();

    /** Whether the owner of a job is refused when he decides on it, whatever his roles. */
    @WithDefault("false")
    boolean separationOfDuties();

    Auth auth();

    interface Auth {
        /** JSON file that lists the API keys in force; read again when it changes. */
        Optional<Path> keysFile();

        /** How long a browser stays signed in. */
        @WithDefault("PT12H")
        Duration sessionTtl();

        Oidc oidc();

        @WithName("librechat")
        LibreChat libreChat();
    }

    /** Where in a token of an OpenID Connect provider we find what we need; a path of names with slashes between. */
    interface Oidc {
        @WithDefault("sub")
        String subjectClaim();

        /** Without it every token is bound to no tenant. */
        Optional<String> tenantClaim();

        @WithDefault("roles")
        String rolesClaim();

        /** What stands before each of our roles in that claim. */
        Optional<String> rolesPrefix();
    }

    /** Tokens that a LibreChat server issues to its users. */
    interface LibreChat {
        /** File with LibreChat's {@code JWT_SECRET}. Without it none of its tokens is accepted. */
        Optional<Path> secretFile();

        @WithDefault("id")
        String subjectClaim();

        /** The tenant that all its users belong to. */
        Optional<String> tenant();
    }
}
