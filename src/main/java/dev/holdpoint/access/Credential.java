package dev.holdpoint.access;

import java.time.Instant;

/** What a caller's rights hang on: they end with it. */
public sealed interface Credential {
    /** What is shown with each call. */
    sealed interface Bearer extends Credential {}

    /**
     * An API key.
     *
     * @param sha256 lower-case hex digest of the key
     */
    record Key(String sha256) implements Bearer {}

    /**
     * A signed token.
     *
     * @param expiresAt when it is none any more
     */
    record Token(Instant expiresAt) implements Bearer {}

    /**
     * A browser that is signed in.
     *
     * @param digest what stands for its secret in the store
     * @param behind what it was opened with, and can't outlive
     */
    record Session(String digest, Instant expiresAt, Bearer behind) implements Credential {}

    /** The one that was shown first: this very credential, or what a session was opened with. */
    default Bearer root() {
        return switch (this) {
            case Bearer bearer -> bearer;
            case Session session -> session.behind();
        };
    }
}
