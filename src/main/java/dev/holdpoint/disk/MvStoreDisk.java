package dev.holdpoint.disk;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.holdpoint.disk.Change.Write;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.StoreTrouble.Kind;
import io.smallrye.mutiny.Uni;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tables in one file of H2's MVStore. Changes and held answers wait in one queue; one thread takes what
 * has come, writes it as one version, forces that, and only then lets answers and notices go. Whoever
 * comes meanwhile shares the next version.
 */
public final class MvStoreDisk implements Disk {
    private static final Logger LOG = Logger.getLogger("dev.holdpoint.disk");
    private static final String ABOUT = "about";
    private static final String FORMAT = "format";
    private static final String OURS = "1";
    private static final MVMap.Builder<String, String> TEXTS = new MVMap.Builder<String, String>()
            .keyType(StringDataType.INSTANCE).valueType(StringDataType.INSTANCE);
    private static final int MOST_AT_ONCE = 10_000;
    /** Changes and answers that may wait for the disk; beyond them nothing new is begun. */
    private static final int MOST_WAITING = 100_000;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    /** Small pages, because each version writes every page that it touches anew. */
    private static final int PAGE_BYTES = 4 << 10;
    private static final long COMPACTED_EVERY_BYTES = 8 << 20;
    private static final int COMPACTED_BYTES = 4 << 20;
    private static final int LEAST_FILLED_PERCENT = 60;
    private static final String LAST_CHARACTER = "\uffff";

    private final SealedFile file;
    private final MVStore store;
    /** Guards tables and store: the one who reads at the start against the committer. */
    private final Map<String, MVMap<String, String>> tables = new HashMap<>();
    private final Supplier<Executor> here;
    private final Executor aside;
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final AtomicLong taken = new AtomicLong();
    private final Queue<Runnable> releases = new ConcurrentLinkedQueue<>();
    private final AtomicInteger releasing = new AtomicInteger();
    final Thread committer;
    private final Runnable released;
    private long written;
    /** How many changes are on disk and passed on. */
    private volatile long settled;
    private volatile @Nullable StoreTrouble trouble;
    private volatile boolean ended;
    private volatile Runnable delivery = () -> {
    };
    private long compactedAt;

    private sealed interface Entry {
        record Written(Change change) implements Entry {}

        record Held(Runnable answer, Consumer<Throwable> failing) implements Entry {
            void release(@Nullable Throwable failure) {
                if (failure == null) answer.run();
                else failing.accept(failure);
            }
        }

        record Stop() implements Entry {}
    }

    /**
     * @param here     asked where an answer is wanted, as that is asked for
     * @param aside    where notices are passed on
     * @param released run when the file is closed
     */
    MvStoreDisk(Blocks blocks, Supplier<Executor> here, Executor aside, Runnable released) {
        this.here = here;
        this.aside = aside;
        this.released = released;
        this.file = sealed(blocks);
        if (file.size() == 0) throw new DiskUnusable("it is empty", null);
        this.store = opened(file);
        String format = table(ABOUT).get(FORMAT);
        if (!OURS.equals(format)) {
            store.closeImmediately();
            throw new DiskUnusable(format == null ? "it was not written by Holdpoint"
                    : "it has format " + format + ", but this version knows format " + OURS + " only", null);
        }
        this.committer = new Thread(this::commitAll, "holdpoint-disk");
        committer.setDaemon(true);
        committer.start();
    }

    /** Makes an empty file one of ours, and closes it. */
    static void format(Blocks empty) {
        SealedFile file = sealed(empty);
        try (MVStore store = opened(file)) {
            MVMap<String, String> about = store.openMap(ABOUT, TEXTS);
            about.put(FORMAT, OURS);
            store.commit();
            file.seal();
        }
    }

    private static SealedFile sealed(Blocks blocks) {
        try {
            return new SealedFile(blocks);
        } catch (IOException unreadable) {
            throw new DiskUnusable("it can't be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static MVStore opened(SealedFile file) {
        try {
            return new MVStore.Builder().adoptFileStore(file).autoCommitDisabled().autoCommitBufferSize(0)
                    .pageSplitSize(PAGE_BYTES).open();
        } catch (MVStoreException unreadable) {
            throw new DiskUnusable("it is damaged, or was not written by Holdpoint (" + unreadable.getMessage() + ")",
                    unreadable);
        }
    }

    private MVMap<String, String> table(String name) {
        return tables.computeIfAbsent(name, none -> store.openMap(name, TEXTS));
    }

    @Override
    public boolean keeps() { return true; }

    @Override
    public void read(String table, BiConsumer<String, String> row) {
        try {
            synchronized (tables) {
                Cursor<String, String> rows = table(table).cursor(null);
                while (rows.hasNext()) row.accept(rows.next(), rows.getValue());
            }
        } catch (RuntimeException unreadable) {
            throw new DiskUnusable("The table " + table + " in the data directory can't be read: "
                    + unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public void write(Change change) {
        taken.incrementAndGet();
        add(new Entry.Written(change));
    }

    @Override
    public <T extends @Nullable Object> Uni<T> answer(Supplier<T> work) {
        return Uni.createFrom().deferred(() -> {
            StoreTrouble before = trouble;
            if (before != null)
                return Uni.createFrom().failure(new StoreTrouble(Kind.UNAVAILABLE, said(before), before));
            if (queue.size() >= MOST_WAITING)
                return Uni.createFrom().failure(new StoreTrouble(Kind.OVERLOADED, "the disk falls behind", null));
            T answer = work.get();
            if (settled == taken.get()) return Uni.createFrom().item(answer);
            Executor back = here.get();
            return Uni.createFrom().<T>emitter(waiting -> add(new Entry.Held(
                    () -> back.execute(() -> waiting.complete(answer)),
                    failure -> back.execute(() -> waiting.fail(failure)))))
                    // A disk that hangs says nothing at all.
                    .ifNoItem().after(LONGEST)
                    .failWith(() -> new StoreTrouble(Kind.OUTCOME_UNKNOWN, "the disk doesn't answer in time", null));
        });
    }

    private static String said(StoreTrouble trouble) { return String.valueOf(trouble.getMessage()); }

    private void add(Entry entry) {
        queue.add(entry);
        if (ended) failWhatWaits();
    }

    @Override
    public void passOnBy(Runnable delivery) {
        this.delivery = delivery;
    }

    @Override
    public Optional<String> trouble() { return Optional.ofNullable(trouble).map(MvStoreDisk::said); }

    // --- the committer

    private void commitAll() {
        try {
            List<Entry> batch = new ArrayList<>();
            while (!batch.contains(new Entry.Stop())) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, MOST_AT_ONCE);
                commit(batch);
            }
            if (trouble == null) {
                store.commit();
                file.seal();
                store.close();
            }
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        } finally {
            fail("the service stops");
            ended = true;
            failWhatWaits();
            released.run();
        }
    }

    private void commit(List<Entry> batch) {
        List<Change> changes = new ArrayList<>();
        for (Entry entry : batch) {
            if (entry instanceof Entry.Written one) changes.add(one.change());
        }
        try {
            if (trouble == null && !changes.isEmpty()) {
                put(changes);
                written += changes.size();
            }
        } catch (Throwable broken) { // whatever it is: nobody may be told what is not on disk, and nobody may wait for ever
            LOG.error("The data directory can't be written any more; nothing is answered until a restart.", broken);
            fail("the disk failed: " + broken.getMessage());
            store.closeImmediately();
        }
        release(batch);
    }

    private void put(List<Change> changes) {
        synchronized (tables) {
            apply(changes);
            store.commit();
            file.seal();
            compactNowAndThen();
        }
    }

    private void fail(String why) {
        if (trouble == null) trouble = new StoreTrouble(Kind.OUTCOME_UNKNOWN, why, null);
    }

    /** Notices come before answers: whoever is answered finds that those who listen have been told. */
    private void release(List<Entry> batch) {
        StoreTrouble failure = trouble;
        List<Entry.Held> held = new ArrayList<>();
        boolean told = false;
        for (Entry entry : batch) {
            switch (entry) {
                case Entry.Written one -> {
                    if (failure == null) one.change().told().forEach(MvStoreDisk::quietly);
                    told |= failure == null && !one.change().told().isEmpty();
                }
                case Entry.Held one -> held.add(one);
                case Entry.Stop stop -> {}
            }
        }
        long upTo = written;
        Runnable delivering = told ? delivery : () -> {
        };
        Runnable release = () -> {
            quietly(delivering);
            settled = upTo;
            held.forEach(one -> quietly(() -> one.release(failure)));
        };
        if (!told && releasing.get() == 0) release.run();
        else releaseAside(release);
    }

    /** In the order of coming, one at a time. */
    private void releaseAside(Runnable release) {
        releases.add(release);
        if (releasing.getAndIncrement() != 0) return;
        try {
            aside.execute(this::runReleases);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("released at the very end", stopping);
            runReleases();
        }
    }

    /** One listener or caller who fails must not leave the others waiting. */
    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (Throwable broken) { // whatever it is: it is one listener's or caller's, and everybody else goes on
            LOG.warn("Somebody could not be told what is on disk.", broken);
        }
    }

    private void runReleases() {
        do {
            Runnable next = releases.poll();
            if (next != null) next.run();
        } while (releasing.decrementAndGet() != 0);
    }

    private void failWhatWaits() {
        List<Entry> rest = new ArrayList<>();
        queue.drainTo(rest);
        release(rest);
    }

    /** Of what was put again and again only the last is asked for its text. */
    private void apply(List<Change> changes) {
        Map<String, NavigableMap<String, @Nullable Supplier<String>>> last = new HashMap<>();
        for (Change change : changes) {
            for (Write write : change.writes()) {
                NavigableMap<String, @Nullable Supplier<String>> rows =
                        last.computeIfAbsent(write.table(), none -> new TreeMap<>());
                switch (write) {
                    case Write.Put put -> rows.put(put.key(), put.text());
                    case Write.Remove remove -> rows.put(remove.key(), null);
                    case Write.RemoveAll all -> {
                        rows.subMap(all.prefix(), all.prefix() + LAST_CHARACTER).clear();
                        keysUnder(all.table(), all.prefix()).forEach(key -> rows.put(key, null));
                    }
                }
            }
        }
        last.forEach((table, rows) -> rows.forEach((key, text) -> {
            if (text == null) table(table).remove(key);
            else table(table).put(key, text.get());
        }));
    }

    private List<String> keysUnder(String table, String prefix) {
        List<String> keys = new ArrayList<>();
        Cursor<String, String> rows = table(table).cursor(prefix);
        while (rows.hasNext()) {
            String key = rows.next();
            if (!key.startsWith(prefix)) break;
            keys.add(key);
        }
        return keys;
    }

    /**
     * Moves what is left in sparse chunks into the next version, or the file would grow for ever; a little at a time.
     */
    private void compactNowAndThen() {
        if (file.written() - compactedAt < COMPACTED_EVERY_BYTES) return;
        compactedAt = file.written();
        store.compact(LEAST_FILLED_PERCENT, COMPACTED_BYTES);
    }

    /** Returns soon; what was written before is on disk when the lock of the directory is free again. */
    @Override
    public void close() {
        add(new Entry.Stop());
    }
}
