package dev.holdpoint.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.holdpoint.audit.AuditRecord;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.Transcripts;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.Outbox.Owed;
import dev.holdpoint.job.Space;
import dev.holdpoint.webhook.Announcements;
import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Carries the outbox to the archive, and word of it to whoever is to be told, in order and at least once. */
public final class Archiving {
    private static final Logger LOG = Logger.getLogger(Archiving.class);
    private static final int BATCH = 100;
    private static final int AT_ONCE = 16;

    private final Outbox outbox;
    private final Archive archive;
    private final AuditTrail trail;
    private final Transcripts transcripts;
    private final Announcements announcements;
    private volatile @Nullable String trouble;

    public Archiving(Outbox outbox, Archive archive, AuditTrail trail, Transcripts transcripts,
            Announcements announcements) {
        this.outbox = outbox;
        this.archive = archive;
        this.trail = trail;
        this.transcripts = transcripts;
        this.announcements = announcements;
    }

    /** Runs until the outbox is empty or the archive fails; what was not kept stays owed. */
    public Uni<Void> run() {
        return run(() -> false);
    }

    /** @param givesWay asked after each batch: whether what is left should be left to another run */
    public Uni<Void> run(BooleanSupplier givesWay) {
        // Repeated, not recursive: after a long outage the batches are too many for one stack.
        return Multi.createBy().repeating().uni(() -> outbox.owed(BATCH).call(this::keep))
                .until(batch -> batch.isEmpty() || givesWay.getAsBoolean())
                .onItem().ignoreAsUni()
                .onItem().invoke(done -> trouble = null)
                .onFailure().invoke(failure -> trouble = String.valueOf(failure.getMessage()));
    }

    /** Why the last run came to no end; empty when it did. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private Uni<Void> keep(List<Owed> batch) {
        if (batch.isEmpty()) return Uni.createFrom().voidItem();
        // First, so that nobody waits for word of a prompt because the archive is away; nor does
        // the archive wait for a queue that is.
        return announcements.announce(batch.stream().map(Owed::debt).toList())
                .onItemOrFailure().transformToUni((told, untold) -> archive(batch)
                        .chain(() -> record(batch))
                        .chain(() -> untold == null ? outbox.paid(batch) : Uni.createFrom().failure(untold)));
    }

    private Uni<Void> archive(List<Owed> batch) {
        return Multi.createFrom().iterable(batch).group().intoLists().of(AT_ONCE)
                .onItem().transformToUniAndConcatenate(this::keepAtOnce)
                .onItem().ignoreAsUni();
    }

    /** Waits for all when one fails: a failure that nobody waits for any more would be logged as an error. */
    private Uni<Void> keepAtOnce(List<Owed> some) {
        return Uni.join()
                .all(some.stream()
                        .map(owed -> despitePoison(owed, Uni.createFrom().deferred(() -> keep(owed.debt())))).toList())
                .andCollectFailures().replaceWithVoid()
                .onFailure(CompositeException.class)
                .transform(failures -> failures.getCauses().getFirst());
    }

    private Uni<Void> keep(Debt debt) {
        return switch (debt) {
            case Debt.EndedJob ended -> archive.keep(ended.job());
            case Debt.JudgedCalls judged -> archive.keep(judged);
            case Debt.ClosedPrompt closed -> archive.keep(closed);
            case Debt.Note note -> Uni.createFrom().voidItem();
            case Debt.News news -> Uni.createFrom().voidItem();
        };
    }

    /** Many records of one space are appended at once, because each append looks for the end of its chain. */
    private Uni<Void> record(List<Owed> batch) {
        Map<Space, List<AuditRecord>> bySpace = new LinkedHashMap<>();
        for (Owed owed : batch) {
            try {
                switch (owed.debt()) {
                    case Debt.ClosedPrompt closed -> add(bySpace, closed.space(), transcripts.of(closed));
                    case Debt.Note note -> add(bySpace, note.space(), transcripts.of(note));
                    case Debt.EndedJob ended -> {
                    }
                    case Debt.JudgedCalls judged -> {
                    }
                    case Debt.News news -> {
                    }
                }
            } catch (IllegalArgumentException unwritable) {
                tellLost(owed.debt().getClass().getSimpleName(), owed.debt().space(), unwritable);
            }
        }
        return Multi.createFrom().iterable(bySpace.entrySet())
                .onItem().transformToUniAndConcatenate(one -> append(one.getKey(), one.getValue()))
                .onItem().ignoreAsUni();
    }

    /** All at once; when one of them has no place in a chain, each by itself. */
    private Uni<Void> append(Space space, List<AuditRecord> records) {
        return trail.append(space, records).onFailure(IllegalArgumentException.class).recoverWithUni(refused -> {
            if (records.size() > 1) {
                return Multi.createFrom().iterable(records)
                        .onItem().transformToUniAndConcatenate(record -> append(space, List.of(record)))
                        .onItem().ignoreAsUni();
            }
            tellLost("record", space, refused);
            return Uni.createFrom().voidItem();
        });
    }

    /** One entry that can never be kept must not stand before all the others for ever. */
    private static Uni<Void> despitePoison(Owed owed, Uni<Void> keeping) {
        return keeping.onFailure(IllegalArgumentException.class).recoverWithUni(failure -> {
            tellLost(owed.debt().getClass().getSimpleName(), owed.debt().space(), failure);
            return Uni.createFrom().voidItem();
        });
    }

    private static void tellLost(String what, Space space, Throwable failure) {
        LOG.errorf(failure, "An entry of the outbox can't be kept and is dropped: %s of space %s.", what,
                space.tenant() == null ? "-" : "a tenant");
    }

    private static void add(Map<Space, List<AuditRecord>> bySpace, Space space, AuditRecord record) {
        bySpace.computeIfAbsent(space, none -> new ArrayList<>()).add(record);
    }
}
