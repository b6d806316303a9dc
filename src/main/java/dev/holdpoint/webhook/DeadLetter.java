package dev.holdpoint.webhook;

import java.time.Instant;

/**
 * A message that is not sent any more unless somebody has it replayed.
 *
 * @param attempts how often it was tried
 * @param why      the word for what came of the last attempt, or for what else ended it
 */
public record DeadLetter(String endpoint, Message message, Instant diedAt, int attempts, String why) {
    /** Its place among all. The instant has as many digits for centuries, so that texts order as instants do. */
    public String place() {
        return diedAt.toEpochMilli() + "." + message.id();
    }
}
