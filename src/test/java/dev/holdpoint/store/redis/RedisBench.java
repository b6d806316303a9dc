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
    }

    static Wire wire(String url) {
        return Wire.open(Shared.VERTX, new RedisOptions().setConnectionString(url), BUCKETS, 2, 0,
                Duration.ofSeconds(1));
    }

    static Bench bench() { return new Bench(RedisBench::emptyStore); }

    static Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        String prefix = "t" + NUMBER.incrementAndGet();
        RedisStore store = store(Shared.WIRE, prefix, clock, timing, bounds);
        OPEN.add(store);
        // No contract says when a store is done with; older ones are.
        while (OPEN.size() > 4) OPEN.remove().close();
        return ports(store, prefix);
    }

    static Ports ports(RedisStore store, String prefix) {
        return new Ports(store.jobs(), store.log(), store.outbox(), job -> spoilPrompt(prefix, job));
    }

    static RedisStore store(Wire wire, String prefix, InstantSource clock, Timing timing, Bounds bounds) {
        RedisSettings settings = new RedisSettings(prefix, BUCKETS, timing, "async", false,
                new RedisSettings.Limits(bounds.activeJobsPerUser(), bounds.eventsPerJob(), Long.MAX_VALUE / 1024,
                        bounds.keptEventsPerJob(), bounds.retainedNamesPerJob()),
                clock);
        RedisStore store = new RedisStore(wire, settings, clock);
        got(store.ready());
        return store;
    }

    static String keyOf(String prefix, JobKey job) { return new Keys(prefix, BUCKETS).ofMove(job).getFirst(); }

    private static void spoilPrompt(String prefix, JobKey job) {
        Shared.SERVER.command("HSET", keyOf(prefix, job), "action", "{\"no\":\"prompt");
        // Nothing tells the index; the sweep comes by when the prompt would have died, which the test brings forward.
        Shared.SERVER.command("ZADD", new Keys(prefix, BUCKETS).ofMove(job).get(3), "0", Keys.name(job));
    }
}
