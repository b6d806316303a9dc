package dev.holdpoint.dialect.librechat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;

/** Lets only so much work go on at once. What comes meanwhile waits in its order, as far as there is room for it. */
final class Line {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final int room;
    private int free;

    Line(int atOnce, int room) {
        this.free = atOnce;
        this.room = room;
    }

    /**
     * Not to be cancelled: a turn that nobody takes would be lost for all. Fails with
     * {@code full} where there is no room to wait.
     */
    <T> Uni<T> through(Supplier<Uni<T>> work, Supplier<? extends Throwable> full) {
        return Uni.createFrom().<Boolean>emitter(turn -> {
            if (!enter(() -> turn.complete(true))) turn.fail(full.get());
        }).chain(() -> Uni.createFrom().deferred(work::get).onTermination().invoke(this::leave));
    }

    private boolean enter(Runnable turn) {
        synchronized (waiting) {
            if (free == 0) return waiting.size() < room && waiting.add(turn);
            free--;
        }
        turn.run();
        return true;
    }

    private void leave() {
        Runnable next;
        synchronized (waiting) {
            next = waiting.poll();
            if (next == null) free++;
        }
        if (next != null) next.run();
    }
}
