package dev.holdpoint.store.redis.wire;

import java.util.List;
import java.util.function.BiConsumer;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Listens on one connection to some channels of one server. It comes back after it broke, and says each time that it may have missed something. */
final class Bell {
    private static final Logger LOG = Logger.getLogger(Bell.class);
    private static final long AGAIN_MILLIS = 100;
    private static final long BEAT_MILLIS = 1_000;
    /** Beats without an answer after which the connection counts as dead. */
    private static final int MOST_UNANSWERED = 3;

    private final Object lock = new Object();
    private final Vertx vertx;
    private final Server server;
    private final List<String> channels;
    private final BiConsumer<String, Buffer> heard;
    private final Runnable ready;
    private final long beat;
    private @Nullable RedisConnection open;
    private int confirmedChannels;
    private int unanswered;
    private boolean closed;

    /**
     * @param heard gets channel and message, in order
     * @param ready told when all channels are heard again: what was said before may have been missed
     */
    Bell(Vertx vertx, Server server, List<String> channels, BiConsumer<String, Buffer> heard, Runnable ready) {
        this.vertx = vertx;
        this.server = server;
        this.channels = channels;
        this.heard = heard;
        this.ready = ready;
        this.beat = vertx.setPeriodic(BEAT_MILLIS, tick -> beat());
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
        synchronized (lock) {
            if (!connection.equals(open)) return;
            open = null;
            if (closed) return;
        }
        vertx.setTimer(AGAIN_MILLIS, again -> connect());
    }

    private void pushed(Response push) {
        if (push.type() == ResponseType.ERROR) {
            LOG.debugf("not listening: %s", push);
            cut();
            return;
        }
        // The answer to a question that was given up when the connection was closed.
        if (push.type() == ResponseType.SIMPLE) return;
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

    /** A half-open connection says nothing for ever; only an unanswered question gives it away. */
    private void beat() {
        RedisConnection connection;
        synchronized (lock) {
            connection = open;
            if (connection == null) return;
            if (++unanswered > MOST_UNANSWERED) {
                LOG.warnf("%s has fallen silent; listening anew", server.address());
                vertx.runOnContext(on -> cut());
                return;
            }
        }
        connection.send(Request.cmd(Command.PING)).onSuccess(pong -> {
            synchronized (lock) {
                unanswered = 0;
            }
        });
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
        }
        vertx.cancelTimer(beat);
        cut();
    }
}
