package dev.holdpoint.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Where an ended job stands in the history of its space: the newest first. Its text is a cursor.
 *
 * @param endedAt to the millisecond, which is as exact as every archive keeps it
 */
public record HistoryPlace(Instant endedAt, TurnPlace turn) implements Comparable<HistoryPlace> {
    /** Only for a job that has ended. */
    public static HistoryPlace of(Job ended) {
        Instant at = ended.ended().orElseThrow().at();
        return new HistoryPlace(at.truncatedTo(ChronoUnit.MILLIS), TurnPlace.of(ended));
    }

    /** Throws {@link BadCursor} when the text is no place's. */
    public static HistoryPlace parse(String cursor) {
        String[] parts = cursor.split("\\.", 2);
        if (parts.length != 2) throw new BadCursor();
        try {
            return new HistoryPlace(Instant.ofEpochMilli(Long.parseLong(parts[0])), TurnPlace.parse(parts[1]));
        } catch (NumberFormatException notOurs) {
            throw new BadCursor();
        }
    }

    @Override
    public int compareTo(HistoryPlace other) {
        int byEnd = other.endedAt.compareTo(endedAt);
        return byEnd != 0 ? byEnd : other.turn.compareTo(turn);
    }

    @Override
    public String toString() { return endedAt.toEpochMilli() + "." + turn; }
}
