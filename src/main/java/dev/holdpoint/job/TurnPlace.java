package dev.holdpoint.job;

/** Where a turn stands among those of its conversation: the oldest first. Its text is a cursor. */
public record TurnPlace(long generation, JobId job) implements Comparable<TurnPlace> {
    public static TurnPlace of(Job turn) { return new TurnPlace(turn.generation(), turn.key().id()); }

    /** Throws {@link BadCursor} when the text is no place's. */
    public static TurnPlace parse(String cursor) {
        String[] parts = cursor.split("\\.", 2);
        if (parts.length != 2) throw new BadCursor();
        try {
            return new TurnPlace(Long.parseLong(parts[0]), new JobId(parts[1]));
        } catch (IllegalArgumentException notOurs) {
            throw new BadCursor();
        }
    }

    @Override
    public int compareTo(TurnPlace other) {
        int byAge = Long.compare(generation, other.generation);
        return byAge != 0 ? byAge : job.value().compareTo(other.job.value());
    }

    @Override
    public String toString() { return generation + "." + job; }
}
