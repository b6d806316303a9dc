package dev.holdpoint.job;

import java.util.List;

import io.smallrye.mutiny.Uni;

/** Port to what the archive is still owed. Entries are made in the same atomic step as the change that they tell of, and leave in order. */
public interface Outbox {
    /** The oldest entries, at most {@code limit}. */
    Uni<List<Owed>> owed(int limit);

    /** Forgets all entries up to and including this number. Safe to repeat. */
    Uni<Void> paid(long number);

    /** An ended job. */
    record Owed(long number, Job job) {}
}
