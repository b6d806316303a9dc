package dev.holdpoint.store.redis.wire;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import org.jspecify.annotations.Nullable;

/** One Redis server at its address, reached with the options of the configured client: credentials, TLS, time-outs. */
final class Server {
    private static final int MOST_CONNECTIONS = 512;
    /** Commands under way on one connection; beyond it they are refused, not piled up. */
    private static final int MOST_UNDER_WAY = 1 << 15;

    private final String address;
    private final @Nullable String database;
    private final Vertx vertx;
    private final Duration patience;
    private final RedisOptions options;
    /**
     * A client keeps all its connections on the event loop where it was made, and from any other each
     * command and answer would change threads.
     */
    private final Map<EventLoop, Redis> clients = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param patience how long a connection may take to be made */
    Server(Vertx vertx, RedisOptions options, String address, Duration patience) {
        this(vertx, options, address, patience, database(address));
    }

    private Server(Vertx vertx, RedisOptions options, String address, Duration patience, @Nullable String database) {
        this.vertx = vertx;
        this.patience = patience;
        this.address = address;
        this.database = database;
        this.options = new RedisOptions(options)
                .setType(RedisClientType.STANDALONE)
                // Not setConnectionString: that clears the list of endpoints, which copies of options share.
                .setEndpoints(List.of(address))
                .setMaxPoolSize(MOST_CONNECTIONS)
                .setMaxPoolWaiting(MOST_CONNECTIONS)
                .setMaxWaitingHandlers(MOST_UNDER_WAY);
    }

    /** A sentinel has no databases to choose from. */
    static Server sentinel(Vertx vertx, RedisOptions options, String address, Duration patience) {
        URI uri = URI.create(address);
        return new Server(vertx, options, uri.getScheme() + "://" + uri.getAuthority(), patience, null);
    }

    static String database(String address) {
        String path = URI.create(address).getPath();
        return path == null || path.length() < 2 ? Wire.FIRST_DATABASE : path.substring(1);
    }

    String address() { return address; }

    /**
     * A connection on the caller's event loop, and on a context of its own: it must not live and die
     * with a request that happened to need it first. Closing really closes it: one that chose its
     * database is not put back into the pool.
     */
    Future<RedisConnection> hold() {
        if (closed) return Future.failedFuture("closed");
        ContextInternal here = (ContextInternal) vertx.getOrCreateContext();
        ContextInternal own = ((VertxInternal) vertx).createEventLoopContext(here.nettyEventLoop(), here.workerPool(),
                here.classLoader());
        Promise<RedisConnection> held = Promise.promise();
        // The client never answers for some servers that refuse its greeting.
        long timer = vertx.setTimer(patience.toMillis(), late -> held.tryFail("no connection in time"));
        own.runOnContext(on -> connect(client(own.nettyEventLoop())).onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.failed()) held.tryFail(done.cause());
            else if (!held.tryComplete(done.result())) done.result().close();
        }));
        return held.future();
    }

    private Redis client(EventLoop loop) {
        Redis client = clients.computeIfAbsent(loop, here -> Redis.createClient(vertx, new RedisOptions(options)));
        if (closed) close();
        return client;
    }

    private Future<RedisConnection> connect(Redis client) {
        if (database == null) return client.connect();
        return client.connect().compose(open -> open.send(Request.cmd(Command.SELECT).arg(database))
                .map(selected -> open)
                .onFailure(failure -> open.close()));
    }

    void close() {
        closed = true;
        // Each once: a client can't be closed again.
        clients.keySet().forEach(loop -> {
            Redis client = clients.remove(loop);
            if (client != null) client.close();
        });
    }
}
