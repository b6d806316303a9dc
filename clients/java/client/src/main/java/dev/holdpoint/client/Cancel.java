package dev.holdpoint.client;

import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** Lets one thread break off what another one waits for. */
final class Cancel implements AutoCloseable {
    private @Nullable Thread waiting;
    private @Nullable String why;
    private final Consumer<Cancel> whenClosed;
    private boolean closed;

    Cancel(Consumer<Cancel> whenClosed) { this.whenClosed = whenClosed; }

    /** False when there is to be no more waiting. */
    synchronized boolean enter() {
        if (closed) return false;
        waiting = Thread.currentThread();
        why = null;
        return true;
    }

    /** Why the wait was broken off, if it was; then the interrupt was ours, and nobody else is to find it. */
    synchronized @Nullable String leave() {
        waiting = null;
        if (why != null) Thread.interrupted();
        return why;
    }

    synchronized void breakOff(String reason) {
        if (waiting == null || why != null) return;
        why = reason;
        waiting.interrupt();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            breakOff("closed");
            notifyAll();
        }
        whenClosed.accept(this);
    }

    synchronized boolean isClosed() { return closed; }

    /** Waits for this time, or until closed. */
    synchronized void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (!closed) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) return;
            wait(left);
        }
    }
}
