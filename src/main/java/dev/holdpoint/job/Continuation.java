package dev.holdpoint.job;

import java.time.Instant;

/** The right to go on with a resolved job. */
public record Continuation(Resolution resolution, Hold hold) {
    public sealed interface Hold {
        record Open() implements Hold {}

        record Claimed(WorkerId worker, Instant leaseExpiresAt) implements Hold {}
    }

    /** Who holds it at {@code now}: a lapsed lease holds nothing. */
    public Hold holdAt(Instant now) {
        return hold instanceof Hold.Claimed claimed && !now.isBefore(claimed.leaseExpiresAt()) ? new Hold.Open() : hold;
    }

    public boolean isOpen() { return hold instanceof Hold.Open; }

    Continuation with(Hold next) { return new Continuation(resolution, next); }
}
