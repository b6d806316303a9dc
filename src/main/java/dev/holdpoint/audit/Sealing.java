package dev.holdpoint.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import dev.holdpoint.audit.AuditRecord.Kind;
import dev.holdpoint.job.Space;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Signs every chain that has gone on for long enough. Safe on every replica: the trail takes one record for each head.
 */
public final class Sealing {
    private static final AuditQuery SIGNATURES =
            new AuditQuery(Kind.CHECKPOINT, null, null, null, null, null, null, null);

    private final AuditTrail trail;
    private final Checkpoints checkpoints;
    private final InstantSource clock;

    public Sealing(AuditTrail trail, Checkpoints checkpoints, InstantSource clock) {
        this.trail = trail;
        this.checkpoints = checkpoints;
        this.clock = clock;
    }

    public Uni<Void> run() {
        return trail.spaces().onItem().transformToMulti(Multi.createFrom()::iterable)
                .onItem().transformToUniAndConcatenate(this::seal)
                .onItem().ignoreAsUni();
    }

    private Uni<Void> seal(Space space) {
        return trail.head(space).chain(extent -> trail.search(space, SIGNATURES, null, 1).chain(latest -> {
            ChainedRecord last = latest.items().isEmpty() ? null : latest.items().getFirst();
            long since = extent.head().seq() - (last == null ? extent.start().seq() : last.seq());
            if (since == 0) return Uni.createFrom().voidItem();

            return startOf(space, last, extent).chain(start -> checkpoints.due(since,
                    Duration.between(start, clock.instant()))
                            ? trail.seal(space, head -> checkpoints.behind(space, head, clock.instant()))
                            : Uni.createFrom().voidItem());
        }));
    }

    /** Since when records stand unsigned. */
    private Uni<Instant> startOf(Space space, @Nullable ChainedRecord last, Extent extent) {
        return last != null
                ? Uni.createFrom().item(last.record().at())
                : trail.read(space, extent.start().seq(), 1).map(slice -> slice.records().isEmpty() ? clock.instant()
                        : slice.records().getFirst().record().at());
    }
}
