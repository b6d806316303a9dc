package dev.holdpoint.disk;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Forgets everything: what memory holds ends with the process. */
final class NoDisk implements Disk {
    @Override
    public boolean keeps() { return false; }

    @Override
    public void read(String table, BiConsumer<String, String> row) {}

    @Override
    public void write(Change change) {}

    @Override
    public <T extends @Nullable Object> Uni<T> answer(Supplier<T> work) { return Uni.createFrom().item(work); }

    /** Whoever tells passes it on as well. */
    @Override
    public void passOnBy(Runnable delivery) {}

    @Override
    public Optional<String> trouble() { return Optional.empty(); }

    @Override
    public void close() {}
}
