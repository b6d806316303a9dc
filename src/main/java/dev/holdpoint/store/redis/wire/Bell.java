package dev.holdpoint.store.redis.wire;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Listens on one connection to some channels of one server. It comes back after it broke, and says each
 * time that it may have missed something.
 */
final class Bell {
    private static final Logger LOG = Logger.getLogger(Bell.class);
    private static final long AGAIN_MILLIS = 100;
    /** Beats without an answer after which the connection counts as dead. */
    private static final int MOST_UNANSWERED = 3;

    private final Object lock = new Object();
    private final Vertx vertx;
    private final Server server;
    private final List<String> channels;
    private final BiConsumer<String, Buffer> heard;
    private final Runnable ready;
    private final Duration every;
    /** Those who wait for an answer of the open connection, by what they said. */
    private final Map<String, Promise<Void>> asked = new HashMap<>();
    private @Nullable RedisConnection open;
    private int confirmedChannels;
    private int unanswered;
    private long questions;
    private long beat;
    private boolean closed;

    /**
     * @param heard gets channel and message, in order
     * @param ready told when all channels are heard again: what was said before may have been missed
     * @param every how often the server is asked whether it is still there
     */
    Bell(Vertx vertx, Server server, List<String> channels, BiConsumer<String, Buffer> heard, Runnable ready,
            Duration every) {
        this.vertx = vertx;
        this.server = server;
        this.channels = channels;
        this.heard = heard;
        this.ready = ready;
        this.every = every;
        beatLater();
        vertx.runOnContext(on -> connect());
    }

    private void connect() {
        synchronized (lock) {
            if (closed) return;
        }
        server.hold().onSuccess(this::subscribe).onFailure(failure -> {
            LOG.debugf(failure, "no connection to listen on");
            vertx.setTimer(AGAIN_MILLIS, again -> connect());
        });
    }

    private void subscribe(RedisConnection connection) {
        synchronized (lock) {
            if (closed) {
                connection.close();
                return;
            }
            open = connection;
            confirmedChannels = 0;
            unanswered = 0;
        }
        connection.endHandler(ended -> lost(connection));
        connection.exceptionHandler(broken -> {
            connection.close();
            lost(connection);
        });
        connection.handler(this::pushed);
        // One by one: a Cluster takes no channels of different slots together.
        channels.forEach(channel -> connection.send(Request.cmd(Command.SSUBSCRIBE).arg(channel)));
    }

    private void lost(RedisConnection connection) {
        List<Promise<Void>> unheard;
        synchronized (lock) {
            if (!connection.equals(open)) return;
            open = null;
            unheard = List.copyOf(asked.values());
            asked.clear();
        }
        unheard.forEach(one -> one.fail(new Link.NotSent("listening no more", null)));
        vertx.setTimer(AGAIN_MILLIS, again -> connect());
    }

    private void pushed(Response push) {
        // Whoever talks is alive; his answer may stand behind much that has not been heard yet.
        alive();
        switch (push.type()) {
            case ERROR -> {
                LOG.debugf("not listening: %s", push);
                cut();
            }
            // The client forgets that an answer is awaited when something is told before it comes.
            case SIMPLE, BULK -> answered(push);
            default -> told(push);
        }
    }

    private void told(Response push) {
        switch (push.get(0).toString()) {
            case "smessage" -> heard.accept(push.get(1).toString(), push.get(2).toBuffer());
            case "ssubscribe" -> {
                boolean all;
                synchronized (lock) {
                    all = ++confirmedChannels == channels.size();
                }
                if (all) ready.run();
            }
            // The slot went to another server; whoever gave us the channels will find out where.
            case "sunsubscribe" -> cut();
            default -> LOG.debugf("heard something else: %s", push);
        }
    }

    /**
     * Beats don't make up for those that an event loop which stood still has missed: nobody can answer so many at once.
     */
    private void beatLater() {
        synchronized (lock) {
            if (closed) return;
            beat = vertx.setTimer(every.toMillis(), tick -> {
                beat();
                beatLater();
            });
        }
    }

    /** A half-open connection says nothing for ever; only an unanswered question gives it away. */
    private void beat() {
        synchronized (lock) {
            if (open == null) return;
            if (++unanswered > MOST_UNANSWERED) {
                LOG.warnf("%s has fallen silent; listening anew", server.address());
                vertx.runOnContext(on -> cut());
                return;
            }
        }
        caughtUp().onComplete(done -> LOG.tracef("%s was asked whether it is there: %s", server.address(), done));
    }

    private void alive() {
        synchronized (lock) {
            unanswered = 0;
        }
    }

    /**
     * When everything that the server has said up to now is heard, for it answers on the connection on which it tells,
     * behind what it told before. Fails while there is no connection, and when it breaks.
     */
    Future<Void> caughtUp() {
        RedisConnection connection;
        String question;
        Promise<Void> promise = Promise.promise();
        synchronized (lock) {
            if (open == null) return Future.failedFuture(new Link.NotSent("not listening", null));
            connection = open;
            question = Long.toString(++questions);
            asked.put(question, promise);
        }
        connection.send(Request.cmd(Command.PING).arg(question)).onSuccess(this::answered)
                .onFailure(failure -> {
                    answered(question, failure);
                    // It may be another command's, which the client gave to the first who
                    // waited: perhaps not all channels are heard.
                    connection.close();
                    lost(connection);
                });
        return promise.future();
    }

    /** An answer says again what it answers, and may reach whoever asked later. */
    private void answered(Response answer) {
        alive();
        answered(answer.toString(), null);
    }

    private void answered(String question, @Nullable Throwable failure) {
        Promise<Void> promise;
        synchronized (lock) {
            promise = asked.remove(question);
        }
        if (promise == null) return;
        if (failure == null) promise.complete();
        else promise.fail(failure);
    }

    private void cut() {
        RedisConnection connection;
        synchronized (lock) {
            connection = open;
        }
        if (connection == null) return;
        connection.close();
        lost(connection);
    }

    void close() {
        synchronized (lock) {
            closed = true;
            vertx.cancelTimer(beat);
        }
        cut();
    }
}
