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
    /**
     * The one key with all roles that is in force while there is no other authentication; a random
     * one, told once in the log, by default.
     */
    Optional<String> bootstrapKey();

    /** {@code true} refuses the owner of a job when he decides on it, whatever his roles. */
    @WithDefault("false")
    boolean separationOfDuties();

    Auth auth();

    interface Auth {
        /**
         * JSON file of API keys; read again when it changes. Without it, and without other authentication:
         * loopback only, one key with all roles.
         */
        Optional<Path> keysFile();

        /** How long a browser stays signed in ([access.md](access.md)). */
        @WithDefault("PT12H")
        Duration sessionTtl();

        Oidc oidc();

        @WithName("librechat")
        LibreChat libreChat();
    }

    /** Where in a token of an OpenID Connect provider we find what we need; a path of names with slashes between. */
    interface Oidc {
        /** Where such a token tells who it is. */
        @WithDefault("sub")
        String subjectClaim();

        /**
         * Where a token of the provider in {@code quarkus.oidc} tells the tenant: a claim, or a path of names with
         * slashes between. Without it its bearers belong to none.
         */
        Optional<String> tenantClaim();

        /** Where such a token tells the roles. */
        @WithDefault("roles")
        String rolesClaim();

        /** What stands before each of our roles in that claim, such as {@code holdpoint-}. */
        Optional<String> rolesPrefix();
    }

    /** Tokens that a LibreChat server issues to its users. */
    interface LibreChat {
        /** File with the {@code JWT_SECRET} of a LibreChat server, whose users' tokens are accepted then. */
        Optional<Path> secretFile();

        /** Which claim of such a token is the user. */
        @WithDefault("id")
        String subjectClaim();

        /** The tenant that all its users belong to. */
        Optional<String> tenant();
    }
}
