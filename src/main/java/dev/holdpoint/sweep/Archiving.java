package dev.holdpoint.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.holdpoint.audit.AuditRecord;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.Records;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.Outbox.Owed;
import dev.holdpoint.job.Space;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** Carries the outbox to the archive, in order and at least once. */
public final class Archiving {
    private static final int BATCH = 100;

    private final Outbox outbox;
    private final Archive archive;
    private final AuditTrail trail;
    private final Records records;

    public Archiving(Outbox outbox, Archive archive, AuditTrail trail, Records records) {
        this.outbox = outbox;
        this.archive = archive;
        this.trail = trail;
        this.records = records;
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
                .chain(() -> record(batch))
                .chain(() -> outbox.paid(batch));
    }

    private Uni<Void> keep(Debt debt) {
        return switch (debt) {
            case Debt.EndedJob ended -> archive.keep(ended.job());
            case Debt.JudgedCalls judged -> archive.keep(judged);
            case Debt.ClosedPrompt closed -> archive.keep(closed);
            case Debt.Note note -> Uni.createFrom().voidItem();
        };
    }

    /** Many records of one space are appended at once, because each append looks for the end of its chain. */
    private Uni<Void> record(List<Owed> batch) {
        Map<Space, List<AuditRecord>> bySpace = new LinkedHashMap<>();
        for (Owed owed : batch) {
            switch (owed.debt()) {
                case Debt.ClosedPrompt closed -> add(bySpace, closed.space(), records.of(closed));
                case Debt.Note note -> add(bySpace, note.space(), records.of(note));
                case Debt.EndedJob ended -> {
                }
                case Debt.JudgedCalls judged -> {
                }
            }
        }
        return Multi.createFrom().iterable(bySpace.entrySet())
                .onItem().transformToUniAndConcatenate(one -> trail.append(one.getKey(), one.getValue()))
                .onItem().ignoreAsUni();
    }

    private static void add(Map<Space, List<AuditRecord>> bySpace, Space space, AuditRecord record) {
        bySpace.computeIfAbsent(space, none -> new ArrayList<>()).add(record);
    }
}
