package dev.holdpoint.client;

import java.io.Serial;

/** A prompt ended, or still waits, without a decision for this worker. */
public final class NotDecided extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final transient Outcome<?> outcome;

    NotDecided(Outcome<?> outcome) {
        super(outcome.toString());
        this.outcome = outcome;
    }

    public Outcome<?> outcome() { return outcome; }
}
