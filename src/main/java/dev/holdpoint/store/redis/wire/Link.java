package dev.holdpoint.store.redis.wire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * One held connection to one server: commands are pipelined over it, in order. It connects when it is first needed and
 * again after it broke, and cuts a connection that makes no progress.
 */
final class Link {
    /** Looks in the time in which a connection must give some answer. */
    private static final int LOOKS = 3;

    private final Object lock = new Object();
    private final Vertx vertx;
    private final Server server;
    private final @Nullable Confirmation confirmation;
    private final long watch;
    private @Nullable Future<Held> connection;
    private boolean closed;

    /**
     * How an answer is confirmed: by this many replicas.
     *
     * @param timeout how long to wait for them
     */
    record Confirmation(int replicas, Duration timeout) {}

    private record Unconfirmed(Response answer, Promise<Response> promise) {}

    /** An open connection and its progress. */
    private static final class Held {
        final RedisConnection open;
        final AtomicLong sent = new AtomicLong();
        final AtomicLong answered = new AtomicLong();
        private long answeredBefore;
        private int owingLooks;
        private List<Unconfirmed> unconfirmed = new ArrayList<>();
        private boolean confirming;

        Held(RedisConnection open) { this.open = open; }

        Future<Response> send(Request request) {
            sent.incrementAndGet();
            return open.send(request).onComplete(done -> answered.incrementAndGet());
        }

        /**
         * Over this very connection: WAIT counts the writes of its own connection, and over
         * another it would confirm what nobody has.
         */
        Future<Response> confirmed(Response answer, Confirmation needed) {
            Promise<Response> promise = Promise.promise();
            synchronized (this) {
                unconfirmed.add(new Unconfirmed(answer, promise));
            }
            confirm(needed);
            return promise.future();
        }

        /** One WAIT at a time: whatever was answered before it was sent is covered by it, all of it together. */
        private void confirm(Confirmation needed) {
            List<Unconfirmed> covered;
            synchronized (this) {
                if (confirming || unconfirmed.isEmpty()) return;
                confirming = true;
                covered = unconfirmed;
                unconfirmed = new ArrayList<>();
            }
            send(Request.cmd(Command.WAIT).arg(needed.replicas()).arg(needed.timeout().toMillis())).onComplete(done -> {
                synchronized (this) {
                    confirming = false;
                }
                confirm(needed);
                boolean enough = done.succeeded() && done.result().toInteger() >= needed.replicas();
                covered.forEach(one -> {
                    if (enough) one.promise().complete(one.answer());
                    else one.promise().fail(new Unconfirmable(done.cause()));
                });
            });
        }

        /**
         * To be asked at every look; the first one that finds an answer owed may have come a moment after the command.
         */
        boolean isStuck() {
            long now = answered.get();
            if (sent.get() <= now) owingLooks = 0;
            else owingLooks = now == answeredBefore ? owingLooks + 1 : 1;
            answeredBefore = now;
            return owingLooks > LOOKS;
        }
    }

    /** @param patience how long a connection may owe answers without giving one; it is cut within a third more */
    Link(Vertx vertx, Server server, Duration patience, @Nullable Confirmation confirmation) {
        this.vertx = vertx;
        this.server = server;
        this.confirmation = confirmation;
        this.watch = vertx.setPeriodic(patience.dividedBy(LOOKS).toMillis(), tick -> look());
    }

    /** Fails with {@link NotSent} when the command has certainly not reached the server. */
    Future<Response> send(Request request) {
        return connected().compose(held -> held.send(request));
    }

    /**
     * Takes one command to a server that is about to get its slot, over a connection of its own:
     * nothing of another caller comes between.
     */
    Future<Response> sendAsking(Request request, boolean confirmed) {
        return server.hold().recover(failure -> Future.failedFuture(new NotSent("no connection", failure)))
                .compose(open -> {
                    Held held = new Held(open);
                    return held.send(Request.cmd(Command.ASKING)).compose(asked -> held.send(request))
                            .compose(answer -> confirmed && confirmation != null
                                    ? held.confirmed(answer, confirmation)
                                    : Future.succeededFuture(answer))
                            .onComplete(done -> open.close());
                });
    }

    /**
     * Like {@link #send}, but an answer comes only when enough replicas have what was written;
     * else it fails with {@link Unconfirmable}.
     */
    Future<Response> sendConfirmed(Request request) {
        if (confirmation == null) return send(request);
        return connected().compose(held -> held.send(request).compose(answer -> held.confirmed(answer, confirmation)));
    }

    private Future<Held> connected() {
        synchronized (lock) {
            if (closed) return Future.failedFuture(new NotSent("the link is closed", null));
            if (connection != null) return connection;
            Promise<Held> opened = Promise.promise();
            Future<Held> mine = opened.future();
            connection = mine;
            server.hold().onSuccess(open -> opened.complete(held(open, mine)))
                    .onFailure(failure -> {
                        drop(mine);
                        opened.fail(new NotSent("no connection", failure));
                    });
            return mine;
        }
    }

    private Held held(RedisConnection open, Future<Held> mine) {
        open.endHandler(ended -> drop(mine));
        open.exceptionHandler(broken -> {
            drop(mine);
            open.close();
        });
        return new Held(open);
    }

    @SuppressWarnings("ReferenceEquality") // this very connection, not the one that came after it
    private void drop(Future<Held> gone) {
        synchronized (lock) {
            if (connection == gone) connection = null;
        }
    }

    /** The timer's. */
    void look() {
        Future<Held> held;
        synchronized (lock) {
            held = connection;
        }
        if (held != null && held.succeeded() && held.result().isStuck()) cut();
    }

    /** Ends the connection; what is under way on it fails, and the next command opens another. */
    void cut() {
        Future<Held> held;
        synchronized (lock) {
            held = connection;
            connection = null;
        }
        if (held != null) held.onSuccess(one -> one.open.close());
    }

    void close() {
        synchronized (lock) {
            closed = true;
        }
        vertx.cancelTimer(watch);
        cut();
    }

    /** Nothing was sent, so nothing was done. */
    static final class NotSent extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotSent(String message, @Nullable Throwable cause) { super(message, cause, false, false); }
    }

    /** The command was done here, but not confirmed by enough replicas. */
    static final class Unconfirmable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unconfirmable(@Nullable Throwable cause) {
            super("not confirmed by enough replicas in time", cause, false, false);
        }
    }
}
