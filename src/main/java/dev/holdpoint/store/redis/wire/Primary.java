package dev.holdpoint.store.redis.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;

/**
 * The links to one server that takes writes. Reads have their own, for a link that waits for
 * replicas makes everything behind it wait.
 */
final class Primary {
    private final Vertx vertx;
    private final Server server;
    private final Settings settings;
    private final List<Ways> shared = new ArrayList<>();
    private final Map<Thread, Ways> ofLoops = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Ways(Link writes, Link reads) {
        void each(Consumer<Link> action) {
            action.accept(writes);
            if (!reads.equals(writes)) action.accept(reads);
        }
    }

    Primary(Vertx vertx, RedisOptions options, String address, Settings settings) {
        this.vertx = vertx;
        this.server = new Server(vertx, options, address, settings.patience());
        this.settings = settings;
        for (int number = 0; number < settings.links(); number++) shared.add(ways());
    }

    private Ways ways() {
        Link writes = new Link(vertx, server, settings.patience(), settings.confirmation());
        return new Ways(writes, settings.confirmation() == null
                ? writes
                : new Link(vertx, server, settings.patience(), null));
    }

    String address() { return server.address(); }

    Server server() { return server; }

    Link writes(int bucket) {
        return ways(bucket).writes();
    }

    Link reads(int bucket) { return ways(bucket).reads(); }

    /**
     * An event loop has links of its own, so that neither a command nor its answer changes
     * threads. Whoever runs elsewhere shares some.
     */
    private Ways ways(int bucket) {
        if (!Context.isOnEventLoopThread()) return shared.get(bucket % shared.size());
        Ways own = ofLoops.computeIfAbsent(Thread.currentThread(), loop -> ways());
        if (closed) own.each(Link::close);
        return own;
    }

    void cut() { all(Link::cut); }

    void close() {
        closed = true;
        all(Link::close);
        server.close();
    }

    private void all(Consumer<Link> action) {
        shared.forEach(one -> one.each(action));
        ofLoops.values().forEach(one -> one.each(action));
    }
}
