package dev.holdpoint.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;

/** Collects what a stream emits. */
public final class Heard<T> implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BlockingQueue<T> items = new LinkedBlockingQueue<>();
    private final Cancellable subscription;

    public Heard(Multi<T> stream) { subscription = stream.subscribe().with(items::add); }

    /** The next item; fails when none comes. */
    public T next() {
        try {
            T item = items.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (item == null) throw new AssertionError("nothing was heard");
            return item;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("stopped while listening", stopped);
        }
    }

    public List<T> next(int count) {
        List<T> heard = new ArrayList<>();
        while (heard.size() < count) heard.add(next());
        return heard;
    }

    /** What came so far and was not asked for. */
    public List<T> rest() {
        List<T> rest = new ArrayList<>();
        items.drainTo(rest);
        return rest;
    }

    @Override
    public void close() { subscription.cancel(); }
}
