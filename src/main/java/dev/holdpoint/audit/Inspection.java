package dev.holdpoint.audit;

import java.util.List;

import dev.holdpoint.audit.AuditTrail.Slice;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Goes through a whole chain as it is kept, a slice at a time: to verify it, or to hand it out. */
public final class Inspection {
    private static final int SLICE = 500;

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
        return trail.head(space).chain(extent -> {
            Verifier verifier = Verifier.ofTrail(space, extent, keys);
            return slices(space, extent).invoke(slice -> slice.forEach(verifier::record))
                    .onItem().ignoreAsUni().map(done -> verifier.verdict());
        });
    }

    /** One line for each record, and the end line. */
    public Multi<Json> export(Space space) {
        return trail.head(space).onItem().transformToMulti(extent -> {
            Export export = new Export(space, extent.start(), key, keys);
            return Multi.createBy().concatenating().streams(
                    slices(space, extent).onItem().transformToIterable(slice -> slice).map(export::line),
                    Multi.createFrom().deferred(() -> Multi.createFrom().item(export.end())));
        });
    }

    /** What is appended meanwhile is not looked at: a chain that grows as fast as it is read would have no end. */
    private Multi<List<ChainedRecord>> slices(Space space, Extent extent) {
        return Multi.createBy().repeating().uni(() -> new Place(extent.start().seq()),
                place -> trail.read(space, place.seq, SLICE).map(slice -> place.take(slice, extent)))
                .whilst(slice -> !slice.isEmpty());
    }

    private static final class Place {
        private long seq;

        Place(long seq) { this.seq = seq; }

        List<ChainedRecord> take(Slice slice, Extent extent) {
            List<ChainedRecord> wanted =
                    slice.records().stream().filter(record -> record.seq() <= extent.head().seq()).toList();
            if (!wanted.isEmpty()) seq = wanted.getLast().seq();
            return wanted;
        }
    }
}
