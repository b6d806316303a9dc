package dev.holdpoint.audit;

import java.util.List;

import dev.holdpoint.audit.AuditTrail.Slice;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreTrouble;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a whole chain as it is kept, a slice at a time: to verify it, or to hand it out. Fails when the chain
 * lets go of records faster than they are read.
 */
public final class Inspection {
    private static final int SLICE = 100;

    private final AuditTrail trail;
    private final @Nullable SigningKey key;
    private final PublicKeys keys;

    /**
     * @param key  signs what is handed out, when given
     * @param keys by which checkpoints are checked
     */
    public Inspection(AuditTrail trail, @Nullable SigningKey key, PublicKeys keys) {
        this.trail = trail;
        this.key = key;
        this.keys = keys;
    }

    /** Of the chain as it stood when the call began. */
    public Uni<Verdict> verify(Space space) {
        return first(space).chain(first -> {
            Verifier verifier = Verifier.ofTrail(space, first.extent(), keys);
            return slices(space, first).invoke(slice -> slice.forEach(verifier::record))
                    .onItem().ignoreAsUni().map(done -> verifier.verdict());
        });
    }

    /** One line for each record, and the end line; known once the trail has answered for the first time. */
    public Uni<Multi<Json>> export(Space space) {
        return first(space).map(first -> {
            Export export = new Export(space, first.extent().start(), key, keys);
            return Multi.createBy().concatenating().streams(
                    slices(space, first).onItem().transformToIterable(slice -> slice).map(export::line),
                    Multi.createFrom().deferred(() -> Multi.createFrom().item(export.end())));
        });
    }

    /**
     * With the extent that belongs to it: asked for on its own, records could be let
     * go in between, and would look removed.
     */
    private Uni<Slice> first(Space space) {
        return trail.read(space, 0, SLICE);
    }

    /** What is appended meanwhile is not looked at: a chain that grows as fast as it is read would have no end. */
    private Multi<List<ChainedRecord>> slices(Space space, Slice first) {
        Place place = new Place(first.extent());
        return Multi.createBy().concatenating().streams(Multi.createFrom().item(place.take(first)),
                Multi.createBy().repeating().uni(() -> trail.read(space, place.seq, SLICE).map(place::take))
                        .whilst(slice -> !slice.isEmpty()));
    }

    private static final class Place {
        private final long last;
        private long seq;

        Place(Extent whole) {
            last = whole.head().seq();
            seq = whole.start().seq();
        }

        /** Records that were let go may still be there for a while, in front of where the chain begins. */
        List<ChainedRecord> take(Slice slice) {
            List<ChainedRecord> wanted = slice.records().stream()
                    .filter(record -> record.seq() > seq && record.seq() <= last).toList();
            long next = wanted.isEmpty() ? last + 1 : wanted.getFirst().seq();
            // They would look removed.
            if (next > seq + 1 && slice.extent().start().seq() > seq)
                throw new StoreTrouble(StoreTrouble.Kind.OVERLOADED, "records were let go before they were read", null);
            if (!wanted.isEmpty()) seq = wanted.getLast().seq();
            return wanted;
        }
    }
}
