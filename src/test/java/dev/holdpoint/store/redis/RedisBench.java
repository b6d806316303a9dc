package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.got;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Timing;
import dev.holdpoint.machine.FreePorts;
import dev.holdpoint.redis.RedisCluster;
import dev.holdpoint.redis.RedisSentinels;
import dev.holdpoint.redis.RedisServer;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;

/** Makes Redis stores for tests: each has its own prefix on one real server. */
final class RedisBench {
    static final int BUCKETS = 8;
    private static final Duration WAIT = Duration.ofSeconds(1);
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

    static final class SharedCluster {
        static final RedisCluster CLUSTER = RedisCluster.start();
        static final Wire WIRE = clusterWire(CLUSTER);
    }

    static final class SharedSentinels {
        static final RedisSentinels SENTINELS = RedisSentinels.start();
        static final Wire WIRE = Wire.open(Shared.VERTX, options(SENTINELS.sentinels())
                .setType(RedisClientType.SENTINEL).setMasterName(RedisSentinels.MASTER_NAME), BUCKETS, 2, 0, WAIT);
    }

    static Wire clusterWire(RedisCluster cluster) {
        return clusterWire(options(cluster.nodes()));
    }

    private static Wire clusterWire(RedisOptions options) {
        return Wire.open(Shared.VERTX, options.setType(RedisClientType.CLUSTER), BUCKETS, 2, 0, WAIT);
    }

    /** The same, with an address among those named where nobody listens, and which is asked first. */
    static Wire clusterWireBesideADeadAddress(RedisCluster cluster) {
        List<String> alive = cluster.nodes().stream().map(RedisServer::url).toList();
        List<String> named = Stream.generate(() -> "redis://127.0.0.1:" + FreePorts.next())
                .map(dead -> Stream.concat(Stream.of(dead), alive.stream()).toList())
                .filter(all -> {
                    Map<String, Integer> order = new HashMap<>();
                    all.forEach(address -> order.put(address, 0));
                    cluster.nodes().forEach(node -> order.put("redis://127.0.0.1:" + node.port(), 0));
                    return order.keySet().iterator().next().equals(all.getFirst());
                }).findFirst().orElseThrow();
        return clusterWire(new RedisOptions().setEndpoints(named));
    }

    private static RedisOptions options(List<RedisServer> servers) {
        return new RedisOptions().setEndpoints(servers.stream().map(RedisServer::url).toList());
    }

    static Wire wire(String url) { return wire(url, BUCKETS); }

    private static Wire wire(String url, int buckets) {
        return Wire.open(Shared.VERTX, new RedisOptions().setConnectionString(url), buckets, 2, 0, WAIT);
    }

    static Bench bench() { return new Bench(RedisBench::emptyStore); }

    /** Waits for a replica, though not for long: still long enough for one on a busy machine. */
    static Wire confirmedWire(String url) {
        return Wire.open(Shared.VERTX, new RedisOptions().setConnectionString(url), BUCKETS, 2, 1,
                Duration.ofSeconds(2));
    }

    static RedisSettings confirmed(RedisSettings settings) {
        return new RedisSettings(settings.prefix(), settings.buckets(), settings.timing(), "replicated", true,
                settings.limits(), settings.owesNews(), settings.clock());
    }

    static Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return emptyStore(Shared.WIRE, clock, timing, bounds);
    }

    static Ports emptyStore(Wire wire, InstantSource clock, Timing timing, Bounds bounds) {
        return emptyStore(wire, settings(prefix(), BUCKETS, clock, timing, bounds, "async"));
    }

    static Ports emptyStore(Wire wire, RedisSettings settings) {
        return emptyStore(wire, settings, settings.clock());
    }

    static Ports emptyStore(Wire wire, RedisSettings settings, InstantSource estimate) {
        RedisStore store = store(wire, settings, estimate);
        OPEN.add(store);
        // No contract says when a store is done with; older ones are.
        while (OPEN.size() > 4) OPEN.remove().close();
        Keys keys = new Keys(settings.prefix(), settings.buckets());
        return new Ports(store.jobs(), store.log(), store.outbox(), store.rules(), job -> spoilPrompt(wire, keys, job));
    }

    static String prefix() {
        return "t" + NUMBER.incrementAndGet();
    }

    static RedisSettings settings(String prefix, int buckets, InstantSource clock, Timing timing, Bounds bounds,
            String durability) {
        return new RedisSettings(prefix, buckets, timing, durability, false,
                new RedisSettings.Limits(bounds.activeJobsPerUser(), bounds.eventsPerJob(), Long.MAX_VALUE / 1024,
                        bounds.keptEventsPerJob(), bounds.retainedNamesPerJob()),
                bounds.owesNews(), clock);
    }

    static RedisStore store(Wire wire, RedisSettings settings) {
        return store(wire, settings, settings.clock());
    }

    private static RedisStore store(Wire wire, RedisSettings settings, InstantSource estimate) {
        RedisStore store = new RedisStore(wire, settings, estimate);
        got(store.ready());
        return store;
    }

    private static void spoilPrompt(Wire wire, Keys keys, JobKey job) {
        send(wire, keys, job, Command.HSET, keys.ofMove(job).getFirst(), "action", "{\"no\":\"prompt");
        // Nothing tells the index; the sweep comes by when the prompt would have died, which the test brings forward.
        send(wire, keys, job, Command.ZADD, keys.ofMove(job).get(3), "0", Keys.name(job));
    }

    private static void send(Wire wire, Keys keys, JobKey job, Command command, String... words) {
        got(wire.commands().send(keys.bucket(job), Kindness.ONCE, command, words));
    }
}
