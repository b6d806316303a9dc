package dev.holdpoint.audit;

import java.util.List;
import java.util.function.Function;

import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Port to where the chains are kept, one for each space. However many append at once, from however many processes:
 * numbers follow each other from 1 without a gap, every record follows the one before it, and none is there twice. A
 * failed {@link Uni} means that nobody knows how much of the call was done; the same call again completes it.
 */
public interface AuditTrail {
    /** Adds the records that aren't there yet, known by id, in this order. What is there under an id stays as it is. */
    Uni<Void> append(Space space, List<AuditRecord> records);

    /** Adds the one record that is made from the head it follows; made anew where another record was faster. */
    Uni<Void> seal(Space space, Function<Head, AuditRecord> made);

    /** The kept records behind {@code afterSeq}, in their order, at most {@code limit}. */
    Uni<Slice> read(Space space, long afterSeq, int limit);

    /** The record with this id, or null when it isn't kept. */
    Uni<@Nullable ChainedRecord> find(Space space, String recordId);

    /** Which part of the chain is kept; {@link Extent#EMPTY} when the space has none. */
    Uni<Extent> head(Space space);

    /** Newest first. Throws {@link dev.holdpoint.job.BadCursor} through the {@link Uni}. */
    Uni<Page<ChainedRecord>> search(Space space, AuditQuery query, @Nullable String cursor, int limit);

    /** Erases the content of all records with this {@code userId}, and tells how many had some. The records stay. */
    Uni<Long> erase(Space space, UserId user);

    /** Every space with a chain. */
    Uni<List<Space>> spaces();

    /** Part of a chain, and what was kept of the chain at that moment. */
    record Slice(Extent extent, List<ChainedRecord> records) {
        public Slice {
            records = List.copyOf(records);
        }
    }
}
