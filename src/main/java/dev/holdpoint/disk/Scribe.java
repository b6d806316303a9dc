package dev.holdpoint.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.holdpoint.disk.Change.Write;
import org.jspecify.annotations.Nullable;

/** Writes down what the commands of one store change. Its lock makes each command one step, in memory as on disk. */
public final class Scribe {
    private static final long FIRST = 1_000_000_000_000_000L;

    private final Object lock = new Object();
    private final Disk disk;
    private List<Write> writes = new ArrayList<>();
    private List<Runnable> told = new ArrayList<>();

    public Scribe(Disk disk) { this.disk = disk; }

    /**
     * Alone among the commands of this store. What it puts, removes and tells belongs
     * together. Brief, and never inside another.
     */
    public <T extends @Nullable Object> T alone(Supplier<T> command) {
        synchronized (lock) {
            try {
                return command.get();
            } finally {
                // Also what a failing command has done so far: memory keeps it too.
                handOver();
            }
        }
    }

    private void handOver() {
        if (writes.isEmpty() && told.isEmpty()) return;
        Change change = new Change(writes, told);
        writes = new ArrayList<>();
        told = new ArrayList<>();
        disk.write(change);
    }

    /** Whether it is worth the trouble to put anything. */
    public boolean writes() {
        return disk.keeps();
    }

    /** @param text asked for later and elsewhere, so it must rest on what never changes */
    public void put(String table, String key, Supplier<String> text) {
        if (writes()) writes.add(new Write.Put(table, key, text));
    }

    public void remove(String table, String key) {
        if (writes()) writes.add(new Write.Remove(table, key));
    }

    /** Removes every key that begins like this. */
    public void removeAll(String table, String prefix) {
        if (writes()) writes.add(new Write.RemoveAll(table, prefix));
    }

    /** Tells what must not be known before the change is on disk; brief. */
    public void tell(Runnable notice) {
        if (writes()) told.add(notice);
        else notice.run();
    }

    /** Numbers as keys that stand in the order of the numbers. */
    public static String key(long number) {
        return Long.toString(FIRST + number);
    }

    public static long number(String key) { return Long.parseLong(key) - FIRST; }
}
