package dev.holdpoint.job;

import java.time.Duration;

/**
 * The spans that decide when something is too late.
 *
 * @param runningTtl        silence after which a running job's worker counts as lost
 * @param pauseBackstop     how long a prompt without a deadline may wait
 * @param lease             how long a claim holds without a heartbeat or an append
 * @param terminalRetention how long an ended job stays readable
 */
public record Timing(Duration runningTtl, Duration pauseBackstop, Duration lease, Duration terminalRetention) {
    public Timing {
        positive("running TTL", runningTtl);
        positive("pause backstop", pauseBackstop);
        positive("lease", lease);
        if (terminalRetention.isNegative())
            throw new IllegalArgumentException("terminal retention must not be negative");
    }

    private static void positive(String what, Duration span) {
        if (!span.isPositive()) throw new IllegalArgumentException(what + " must be positive, but is " + span);
    }
}
