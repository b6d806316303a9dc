package dev.holdpoint.job;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Asks to pause a job on a prompt.
 *
 * @param policyVersion of the policy that wants a person to be asked; null when the worker asks by itself
 */
public record NewPause(ActionId action, Interrupt payload, Deadline deadline, References references,
        @Nullable Json resumeContext, @Nullable Long policyVersion) {
    /** When the prompt dies, in the terms of whoever asked. */
    public sealed interface Deadline {
        /** Nothing was said: the backstop holds. */
        record Unsaid() implements Deadline {}

        record At(Instant instant) implements Deadline {}

        /** Counted from the pause by the store's clock. */
        record In(Duration span) implements Deadline {}
    }

    PendingAction at(Instant now, Timing timing) {
        return switch (deadline) {
            case Deadline.Unsaid unsaid -> pending(now, null, now.plus(timing.pauseBackstop()));
            case Deadline.At at -> pending(now, at.instant(), at.instant());
            case Deadline.In in -> pending(now, now.plus(in.span()), now.plus(in.span()));
        };
    }

    private PendingAction pending(Instant now, @Nullable Instant expiresAt, Instant dies) {
        return new PendingAction(action, payload, now, expiresAt, dies, references, resumeContext, policyVersion);
    }
}
