package dev.holdpoint.job;

import java.time.Instant;
import java.util.List;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Port to what the archive is still owed. Entries are made in the same atomic step as the change that they
 * tell of; those of one job leave in order.
 */
public interface Outbox {
    /** The oldest entries, at most {@code limit}. */
    Uni<List<Owed>> owed(int limit);

    /** Forgets these entries. Safe to repeat. */
    Uni<Void> paid(List<Owed> entries);

    /** How much there is. */
    Uni<Backlog> backlog();

    /** @param since when the oldest entry was made, by the store's clock; null when there is none */
    record Backlog(long entries, @Nullable Instant since) {}

    /** Owes the archive a note that belongs to no other change. */
    Uni<Void> owe(Debt.Note note);

    /** @param receipt names the entry; unique within its job or space */
    record Owed(String receipt, Debt debt) {}
}
