package dev.holdpoint.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.holdpoint.job.Sha256;
import org.jspecify.annotations.Nullable;

/** When a message is tried again: as the Standard Webhooks specification suggests, over about three days. */
final class Retries {
    private static final List<Duration> PAUSES = List.of(Duration.ofSeconds(5), Duration.ofMinutes(5),
            Duration.ofMinutes(30), Duration.ofHours(2), Duration.ofHours(5), Duration.ofHours(10),
            Duration.ofHours(14), Duration.ofHours(20), Duration.ofHours(24));
    /** A receiver can't ask for more patience. */
    private static final Duration LONGEST = Duration.ofHours(24);
    /** A pause grows by up to a fifth. */
    private static final int JITTER_PERCENT = 20;
    private static final int STEPS = 0xffff;

    private Retries() {}

    /**
     * The pause after a failed attempt; empty when it was the last.
     *
     * @param attempt how many there were before it
     * @param asked   what the receiver asked for
     */
    static Optional<Duration> after(String id, int attempt, @Nullable Duration asked) {
        if (attempt >= PAUSES.size()) return Optional.empty();
        Duration pause = PAUSES.get(attempt);
        if (asked != null && asked.compareTo(pause) > 0) pause = asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
        return Optional.of(pause.plusMillis(pause.toMillis() * JITTER_PERCENT / 100 * step(id, attempt) / STEPS));
    }

    /** Chance enough to spread what failed together, and the same on every replica. */
    private static long step(String id, int attempt) {
        return Long.parseLong(Sha256.of(id + "\n" + attempt), 0, 4, 16);
    }
}
