package dev.holdpoint.disk;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Tables of text beside what lives in memory. Memory is what commands work on; the disk is read once, at the start, and
 * from then on only written, through a {@link Scribe}.
 */
public interface Disk extends AutoCloseable {
    /** Whether anything outlives the process. */
    boolean keeps();

    /** Reads a table in the order of its keys. */
    void read(String table, BiConsumer<String, String> row);

    /** Takes a change over. The changes of one store must come in their order. */
    void write(Change change);

    /** Works at once, and holds the answer back until everything that it may tell of is on disk. */
    <T extends @Nullable Object> Uni<T> answer(Supplier<T> work);

    /** What passes on the things that changes told; run after them, off their way. */
    void passOnBy(Runnable delivery);

    /** Why nothing is answered any more, if so. Only a restart helps, because memory may be ahead of the disk. */
    Optional<String> trouble();

    @Override
    void close();

    /** A disk that keeps nothing and costs nothing. */
    static Disk none() {
        return new NoDisk();
    }
}
