package dev.holdpoint.store.redis.wire;

import java.util.ArrayList;
import java.util.List;

import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;

/** The links to one server that takes writes. Reads have their own, for a link that waits for replicas makes everything behind it wait. */
final class Primary {
    private final Server server;
    private final List<Link> writes = new ArrayList<>();
    private final List<Link> reads = new ArrayList<>();

    Primary(Vertx vertx, RedisOptions options, String address, Settings settings) {
        this.server = new Server(vertx, options, address);
        for (int number = 0; number < settings.links(); number++) {
            writes.add(new Link(vertx, server, settings.patience(), settings.confirmation()));
            reads.add(settings.confirmation() == null
                    ? writes.getLast()
                    : new Link(vertx, server, settings.patience(), null));
        }
    }

    String address() { return server.address(); }

    Server server() { return server; }

    /** The same bucket always goes the same way, so commands of one job keep their order. */
    Link writes(int bucket) {
        return writes.get(bucket % writes.size());
    }

    Link reads(int bucket) { return reads.get(bucket % reads.size()); }

    void cut() {
        writes.forEach(Link::cut);
        reads.forEach(Link::cut);
    }

    void close() {
        writes.forEach(Link::close);
        reads.forEach(Link::close);
        server.close();
    }
}
