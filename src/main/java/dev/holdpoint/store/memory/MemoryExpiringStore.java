package dev.holdpoint.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

import dev.holdpoint.disk.Disk;
import dev.holdpoint.disk.Scribe;
import dev.holdpoint.job.ExpiringStore;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Small values of this process, bounded by their size. What has expired makes room; what has not is never evicted. */
public final class MemoryExpiringStore implements ExpiringStore {
    private static final long ENTRY_BYTES = 200;

    private final Disk disk;
    private final Scribe scribe;
    private final String table;
    private final Map<String, Entry> entries = new HashMap<>();
    private final TreeMap<Order, String> byExpiry = new TreeMap<>();
    private final InstantSource clock;
    private final long most;
    private long bytes;
    private long counter;

    private record Entry(String value, Order order, long bytes) {}

    private record Order(Instant expiresAt, long number) implements Comparable<Order> {
        @Override
        public int compareTo(Order other) {
            int byTime = expiresAt.compareTo(other.expiresAt);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /**
     * Forgotten with the process.
     *
     * @param bytes about the most bytes of all values together
     */
    public MemoryExpiringStore(InstantSource clock, long bytes) {
        this(clock, bytes, Disk.none(), "");
    }

    /** @param table of the disk, of this store alone */
    public MemoryExpiringStore(InstantSource clock, long bytes, Disk disk, String table) {
        this.clock = clock;
        this.most = bytes;
        this.disk = disk;
        this.scribe = new Scribe(disk);
        this.table = table;
        disk.read(table, (key, text) -> {
            int space = text.indexOf(' ');
            enter(key, text.substring(space + 1), Instant.parse(text.substring(0, space)));
        });
    }

    @Override
    public Uni<Put> putIfAbsent(String key, String value, Duration ttl) {
        return locked(now -> {
            Entry present = entries.get(key);
            if (present != null)
                return present.value().equals(value) ? new Put.Stored() : new Put.Present(present.value());
            if (bytes + weight(key, value) > most) return new Put.Full();
            store(key, value, now.plus(ttl));
            return new Put.Stored();
        });
    }

    @Override
    public Uni<Put> put(String key, String value, Duration ttl) {
        return locked(now -> {
            Entry present = entries.get(key);
            long freed = present == null ? 0 : present.bytes();
            if (bytes - freed + weight(key, value) > most) return new Put.Full();
            remove(key);
            store(key, value, now.plus(ttl));
            return new Put.Stored();
        });
    }

    @Override
    public Uni<@Nullable String> take(String key) {
        return locked(now -> {
            Entry present = remove(key);
            return present == null ? null : present.value();
        });
    }

    @Override
    public Uni<Void> remove(String key, String expected) {
        return locked(now -> {
            Entry present = entries.get(key);
            if (present != null && present.value().equals(expected)) remove(key);
            return null;
        });
    }

    @Override
    public Uni<@Nullable String> get(String key) {
        return locked(now -> {
            Entry present = entries.get(key);
            return present == null ? null : present.value();
        });
    }

    @Override
    public Uni<Replaced> replace(String key, @Nullable String expected, String value, Duration ttl) {
        return locked(now -> {
            Entry entry = entries.get(key);
            String present = entry == null ? null : entry.value();
            if (!Objects.equals(expected, present)) return new Replaced.Other(present);
            remove(key);
            store(key, value, now.plus(ttl));
            return new Replaced.Done();
        });
    }

    private <T extends @Nullable Object> Uni<T> locked(Function<Instant, T> command) {
        return disk.answer(() -> scribe.alone(() -> {
            Instant now = clock.instant();
            while (!byExpiry.isEmpty() && !now.isBefore(byExpiry.firstKey().expiresAt()))
                remove(byExpiry.firstEntry().getValue());
            return command.apply(now);
        }));
    }

    private void store(String key, String value, Instant expiresAt) {
        enter(key, value, expiresAt);
        scribe.put(table, key, () -> expiresAt + " " + value);
    }

    private void enter(String key, String value, Instant expiresAt) {
        Entry entry = new Entry(value, new Order(expiresAt, ++counter), weight(key, value));
        entries.put(key, entry);
        byExpiry.put(entry.order(), key);
        bytes += entry.bytes();
    }

    private @Nullable Entry remove(String key) {
        Entry entry = entries.remove(key);
        if (entry == null) return null;
        scribe.remove(table, key);
        byExpiry.remove(entry.order());
        bytes -= entry.bytes();
        return entry;
    }

    private static long weight(String key, String value) { return ENTRY_BYTES + key.length() + value.length(); }
}
