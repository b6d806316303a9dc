package dev.holdpoint.store.memory;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.holdpoint.disk.Disk;
import dev.holdpoint.disk.Scribe;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Outbox.Backlog;
import dev.holdpoint.job.Outbox.Owed;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.text.Texts;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** What the archive is owed, oldest first. Guarded by the store's lock. */
@RegisterForReflection(targets = OwedEntries.Row.class)
final class OwedEntries {
    private static final String OWED = "owed";

    private final Scribe scribe;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<OneLife> endings = new HashSet<>();
    private final long most;
    private long counter;
    private long bytes;

    /** A generation is unique within its job only: jobs that were made in the same millisecond share it. */
    private record OneLife(JobKey job, long generation) {
        static OneLife of(Job job) { return new OneLife(job.key(), job.generation()); }
    }

    private record Entry(Owed owed, Instant since) {}

    record Row(Debt debt, Instant since) {}

    /** @param most about the most bytes that {@link #requireRoom} lets in */
    OwedEntries(Scribe scribe, Disk disk, long most) {
        this.scribe = scribe;
        this.most = most;
        disk.read(OWED, (key, text) -> {
            Row row = Texts.read(text, Row.class);
            counter = Scribe.number(key);
            enter(row.debt(), row.since());
        });
    }

    /**
     * For what is owed without a job that would bound it.
     *
     * @throws StoreTrouble {@code OVERLOADED} while the archive is owed too much
     */
    void requireRoom() {
        if (bytes >= most)
            throw new StoreTrouble(StoreTrouble.Kind.OVERLOADED, "the archive is owed too much", null);
    }

    void add(Debt debt, Instant now) {
        counter++;
        scribe.put(OWED, Scribe.key(counter), () -> Texts.write(new Row(debt, now)));
        enter(debt, now);
    }

    private void enter(Debt debt, Instant now) {
        String receipt = String.valueOf(counter);
        entries.put(receipt, new Entry(new Owed(receipt, debt), now));
        bytes += Weights.of(debt);
        if (debt instanceof Debt.EndedJob ended) endings.add(OneLife.of(ended.job()));
    }

    void remove(String receipt) {
        Entry gone = entries.remove(receipt);
        if (gone == null) return;
        scribe.remove(OWED, Scribe.key(Long.parseLong(receipt)));
        Owed paid = gone.owed();
        bytes -= Weights.of(paid.debt());
        if (paid.debt() instanceof Debt.EndedJob ended) endings.remove(OneLife.of(ended.job()));
    }

    List<Owed> oldest(int limit) { return entries.values().stream().limit(limit).map(Entry::owed).toList(); }

    Backlog backlog() {
        return new Backlog(entries.size(), entries.isEmpty() ? null : entries.values().iterator().next().since());
    }

    /** Whether the archive doesn't have this ended job yet. */
    boolean holds(Job ended) {
        return endings.contains(OneLife.of(ended));
    }

    int size() { return entries.size(); }

    /** About what the entries take beside the jobs that they tell of. */
    long bytes() { return bytes; }
}
