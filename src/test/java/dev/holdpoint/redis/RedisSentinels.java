package dev.holdpoint.redis;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.machine.Until;

/** A primary with two replicas, and three sentinels; two of these must agree that the primary is gone. */
public final class RedisSentinels implements AutoCloseable {
    public static final String MASTER_NAME = "mymaster";

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisServer> sentinels = new ArrayList<>();

    private RedisSentinels() {}

    public static RedisSentinels start(String... lines) {
        RedisSentinels all = new RedisSentinels();
        try {
            RedisServer primary = RedisServer.standalone(lines);
            all.servers.add(primary);
            for (int number = 0; number < 2; number++) all.servers.add(RedisServer.replicaOf(primary, lines));
            for (int number = 0; number < 3; number++) all.sentinels.add(watching(primary));
            all.awaitWhole();
            return all;
        } catch (RuntimeException | AssertionError failed) {
            all.close();
            throw failed;
        }
    }

    private static RedisServer watching(RedisServer primary) {
        return RedisServer.sentinel("sentinel monitor " + MASTER_NAME + " 127.0.0.1 " + primary.port() + " 2",
                "sentinel down-after-milliseconds " + MASTER_NAME + " 1000",
                "sentinel failover-timeout " + MASTER_NAME + " 5000",
                "sentinel parallel-syncs " + MASTER_NAME + " 2");
    }

    /** Waits until every sentinel knows the other two, and both replicas. */
    public void awaitWhole() {
        for (RedisServer sentinel : sentinels) {
            Until.holds(sentinel + " knows everybody", RedisServer.PATIENCE, () -> {
                var master = RedisServer.pairs(sentinel.command("SENTINEL", "MASTER", MASTER_NAME));
                return "2".equals(master.get("num-other-sentinels")) && "2".equals(master.get("num-slaves"))
                        && "master".equals(master.get("flags"));
            });
        }
    }

    public List<RedisServer> servers() { return List.copyOf(servers); }

    public List<RedisServer> sentinels() { return List.copyOf(sentinels); }

    /** Whom the sentinels call the primary. */
    public RedisServer primary() {
        List<?> address = (List<?>) sentinels.getFirst().command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME);
        return servers.stream().filter(server -> address.get(1).equals("" + server.port())).findFirst().orElseThrow();
    }

    /** Waits until the sentinels have made another server the primary, and it says so itself. */
    public RedisServer awaitOtherThan(RedisServer primary) {
        Until.holds("a replica takes over from " + primary, RedisServer.PATIENCE,
                () -> primary() != primary && RedisCluster.isPrimary(primary()));
        return primary();
    }

    /** All sentinels, separated by commas. */
    public String urls() {
        return sentinels.stream().map(RedisServer::url).collect(joining(","));
    }

    @Override
    public void close() {
        sentinels.forEach(RedisServer::close);
        servers.forEach(RedisServer::close);
    }
}
