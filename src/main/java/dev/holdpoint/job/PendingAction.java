package dev.holdpoint.job;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a paused job waits for.
 *
 * @param expiresAt     the deadline that the worker named, if it named one
 * @param deadline      the instant from which on nobody may decide: {@code expiresAt}, else the backstop
 * @param resumeContext for the worker that goes on; never shown to people
 * @param policyVersion of the policy that wanted a person to be asked; null when the worker asked by itself
 */
public record PendingAction(ActionId id, Interrupt payload, Instant createdAt, @Nullable Instant expiresAt,
        Instant deadline, References references, @Nullable Json resumeContext, @Nullable Long policyVersion) {
    /** The one definition of liveness: the deadline itself is already too late. */
    public boolean isLive(Instant now) {
        return now.isBefore(deadline);
    }
}
