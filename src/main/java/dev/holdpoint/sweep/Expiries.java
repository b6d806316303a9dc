package dev.holdpoint.sweep;

import java.time.Instant;

import dev.holdpoint.job.PendingAction;

/** Is told of each prompt that the sweep ended because nobody had decided. */
public interface Expiries {
    /** @param at by the store's clock */
    void expired(PendingAction prompt, Instant at);
}
