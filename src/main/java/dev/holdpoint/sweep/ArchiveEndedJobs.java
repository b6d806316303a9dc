package dev.holdpoint.sweep;

import java.util.List;

import dev.holdpoint.job.Archive;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.Outbox.Owed;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** Carries the outbox to the archive, in order and at least once. */
public final class ArchiveEndedJobs {
    private static final int BATCH = 100;

    private final Outbox outbox;
    private final Archive archive;

    public ArchiveEndedJobs(Outbox outbox, Archive archive) {
        this.outbox = outbox;
        this.archive = archive;
    }

    /** Runs until the outbox is empty or the archive fails; what was not kept stays owed. */
    public Uni<Void> run() {
        // Repeated, not recursive: after a long outage the batches are too many for one stack.
        return Multi.createBy().repeating().uni(() -> outbox.owed(BATCH).call(this::keep))
                .until(List::isEmpty)
                .onItem().ignoreAsUni();
    }

    private Uni<Void> keep(List<Owed> batch) {
        if (batch.isEmpty()) return Uni.createFrom().voidItem();
        return Multi.createFrom().iterable(batch)
                .onItem().transformToUniAndConcatenate(owed -> keep(owed.debt()))
                .onItem().ignoreAsUni()
                .chain(() -> outbox.paid(batch));
    }

    private Uni<Void> keep(Debt debt) {
        return switch (debt) {
            case Debt.EndedJob ended -> archive.keep(ended.job());
            case Debt.JudgedCalls judged -> archive.keep(judged);
            case Debt.ClosedPrompt closed -> Uni.createFrom().voidItem();
            case Debt.Note note -> Uni.createFrom().voidItem();
        };
    }
}
