package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.got;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Timing;
import dev.holdpoint.redis.RedisServer;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.redis.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;

/** Makes Redis stores for tests: each has its own prefix on one real server. */
final class RedisBench {
    static final int BUCKETS = 8;
    private static final Queue<RedisStore> OPEN = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private RedisBench() {}

    /** What all tests of this process share; ended with it. */
    static final class Shared {
        static final Vertx VERTX = Vertx.vertx();
        static final RedisServer SERVER = RedisServer.standalone();
        static final Wire WIRE = wire(SERVER.url());
        static final Wire WIRE_OF_ONE_BUCKET = wire(SERVER.url(), 1);
    }

    static Wire wire(String url) { return wire(url, BUCKETS); }

    private static Wire wire(String url, int buckets) {
        return Wire.open(Shared.VERTX, new RedisOptions().setConnectionString(url), buckets, 2, 0,
                Duration.ofSeconds(1));
    }

    static Bench bench() { return new Bench(RedisBench::emptyStore); }

    static Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return emptyStore(clock, timing, bounds, BUCKETS, "async");
    }

    /** @param durability the word that each resolution carries */
    static Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds, int buckets, String durability) {
        String prefix = prefix();
        RedisStore store = store(buckets == 1 ? Shared.WIRE_OF_ONE_BUCKET : Shared.WIRE,
                settings(prefix, buckets, clock, timing, bounds, durability));
        OPEN.add(store);
        // No contract says when a store is done with; older ones are.
        while (OPEN.size() > 4) OPEN.remove().close();
        return ports(store, prefix, buckets);
    }

    static Ports ports(RedisStore store, String prefix, int buckets) {
        return new Ports(store.jobs(), store.log(), store.outbox(), job -> spoilPrompt(new Keys(prefix, buckets), job));
    }

    static String prefix() {
        return "t" + NUMBER.incrementAndGet();
    }

    static RedisSettings settings(String prefix, int buckets, InstantSource clock, Timing timing, Bounds bounds,
            String durability) {
        return new RedisSettings(prefix, buckets, timing, durability, false,
                new RedisSettings.Limits(bounds.activeJobsPerUser(), bounds.eventsPerJob(), Long.MAX_VALUE / 1024,
                        bounds.keptEventsPerJob(), bounds.retainedNamesPerJob()),
                clock);
    }

    static RedisStore store(Wire wire, RedisSettings settings) {
        RedisStore store = new RedisStore(wire, settings, settings.clock());
        got(store.ready());
        return store;
    }

    private static void spoilPrompt(Keys keys, JobKey job) {
        Shared.SERVER.command("HSET", keys.ofMove(job).getFirst(), "action", "{\"no\":\"prompt");
        // Nothing tells the index; the sweep comes by when the prompt would have died, which the test brings forward.
        Shared.SERVER.command("ZADD", keys.ofMove(job).get(3), "0", Keys.name(job));
    }
}
