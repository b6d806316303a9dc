package dev.holdpoint.store.redis.wire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * One held connection to one server: commands are pipelined over it, in order. It connects when it is first needed and again after it broke,
 * and cuts a connection that makes no progress.
 */
final class Link {
    private final Object lock = new Object();
    private final Vertx vertx;
    private final Server server;
    private final Duration patience;
    private final @Nullable Confirmation confirmation;
    private final long watch;
    private @Nullable Future<RedisConnection> connection;
    private List<Unconfirmed> unconfirmed = new ArrayList<>();
    private boolean confirming;
    private long sent;
    private long answered;
    private long answeredBefore;
    private boolean closed;

    /**
     * How an answer is confirmed: by this many replicas.
     *
     * @param timeout how long to wait for them
     */
    record Confirmation(int replicas, Duration timeout) {}

    private record Unconfirmed(Response answer, Promise<Response> promise) {}

    Link(Vertx vertx, Server server, Duration patience, @Nullable Confirmation confirmation) {
        this.vertx = vertx;
        this.server = server;
        this.patience = patience;
        this.confirmation = confirmation;
        this.watch = vertx.setPeriodic(patience.toMillis(), tick -> cutIfStuck());
    }

    /** Fails with {@link NotSent} when the command has certainly not reached the server. */
    Future<Response> send(Request request) {
        return connected().compose(open -> {
            synchronized (lock) {
                sent++;
            }
            return open.send(request).onComplete(done -> {
                synchronized (lock) {
                    answered++;
                }
            });
        });
    }

    /** Both go out together, so that nothing of another caller comes between. */
    Future<Response> sendAfter(Request first, Request second) {
        return connected().compose(open -> open.batch(List.of(first, second))).map(List::getLast);
    }

    /** Like {@link #send}, but an answer comes only when enough replicas have what was written; else it fails with {@link Unconfirmable}. */
    Future<Response> sendConfirmed(Request request) {
        if (confirmation == null) return send(request);
        return send(request).compose(answer -> {
            Promise<Response> promise = Promise.promise();
            synchronized (lock) {
                unconfirmed.add(new Unconfirmed(answer, promise));
            }
            confirm(confirmation);
            return promise.future();
        });
    }

    /** One WAIT at a time: whatever was answered before it was sent is covered by it, all of it together. */
    private void confirm(Confirmation needed) {
        List<Unconfirmed> covered;
        synchronized (lock) {
            if (confirming || unconfirmed.isEmpty()) return;
            confirming = true;
            covered = unconfirmed;
            unconfirmed = new ArrayList<>();
        }
        send(Request.cmd(Command.WAIT).arg(needed.replicas()).arg(needed.timeout().toMillis())).onComplete(done -> {
            synchronized (lock) {
                confirming = false;
            }
            confirm(needed);
            boolean enough = done.succeeded() && done.result().toInteger() >= needed.replicas();
            covered.forEach(one -> {
                if (enough) one.promise().complete(one.answer());
                else one.promise().fail(new Unconfirmable(one.answer(), done.cause()));
            });
        });
    }

    private Future<RedisConnection> connected() {
        synchronized (lock) {
            if (closed) return Future.failedFuture(new NotSent("the link is closed", null));
            if (connection != null) return connection;
            // On a context of its own: the connection must not live and die with a request that happened to need it first.
            Promise<RedisConnection> opened = Promise.promise();
            connection = opened.future();
            long timer = vertx.setTimer(patience.toMillis(), late -> opened.tryFail("no connection in time"));
            vertx.runOnContext(on -> server.hold().onComplete(done -> {
                vertx.cancelTimer(timer);
                if (done.failed()) opened.tryFail(done.cause());
                else if (!opened.tryComplete(held(done.result()))) done.result().close();
            }));
            Future<RedisConnection> mine = connection;
            return mine.recover(failure -> {
                drop(mine);
                return Future.failedFuture(new NotSent("no connection", failure));
            });
        }
    }

    private RedisConnection held(RedisConnection open) {
        open.endHandler(ended -> dropped());
        open.exceptionHandler(broken -> {
            dropped();
            open.close();
        });
        return open;
    }

    private void dropped() {
        synchronized (lock) {
            connection = null;
            answered = sent;
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very attempt, not one like it
    private void drop(Future<RedisConnection> failed) {
        synchronized (lock) {
            if (connection == failed) connection = null;
        }
    }

    private void cutIfStuck() {
        boolean stuck;
        synchronized (lock) {
            stuck = sent > answered && answered == answeredBefore;
            answeredBefore = answered;
        }
        if (stuck) cut();
    }

    /** Ends the connection; what is under way on it fails, and the next command opens another. */
    void cut() {
        Future<RedisConnection> open;
        synchronized (lock) {
            open = connection;
            connection = null;
            answered = sent;
        }
        if (open != null) open.onSuccess(RedisConnection::close);
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

        private final transient Response answer;

        Unconfirmable(Response answer, @Nullable Throwable cause) {
            super("not confirmed by enough replicas in time", cause, false, false);
            this.answer = answer;
        }

        Response answer() { return answer; }
    }

}
