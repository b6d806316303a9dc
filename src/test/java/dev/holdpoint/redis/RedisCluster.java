package dev.holdpoint.redis;

import static java.util.stream.Collectors.joining;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.holdpoint.machine.FreePorts;
import dev.holdpoint.machine.Until;

/** Three primaries, each with a replica. They agree that one is gone after two seconds. */
public final class RedisCluster implements AutoCloseable {
    private static final int PRIMARIES = 3;
    private static final int SLOTS = 16_384;

    private final List<RedisServer> nodes = new ArrayList<>();

    private RedisCluster() {}

    public static RedisCluster start(String... lines) {
        RedisCluster cluster = new RedisCluster();
        try {
            for (int number = 0; number < 2 * PRIMARIES; number++) cluster.nodes.add(node(FreePorts.next(), lines));
            cluster.form();
            return cluster;
        } catch (RuntimeException | AssertionError failed) {
            cluster.close();
            throw failed;
        }
    }

    private static RedisServer node(int port, String... lines) {
        return RedisServer.onPort(port,
                Stream.concat(Stream.of("cluster-enabled yes", "cluster-node-timeout 2000"), Stream.of(lines))
                        .toArray(String[]::new));
    }

    /** What {@code redis-cli --cluster create} does, without needing it. */
    private void form() {
        for (int number = 0; number < nodes.size(); number++) {
            RedisServer node = nodes.get(number);
            node.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(number + 1));
            if (number < PRIMARIES)
                node.command("CLUSTER", "ADDSLOTSRANGE", Integer.toString(firstSlot(number)),
                        Integer.toString(firstSlot(number + 1) - 1));
            node.command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(nodes.getFirst().port()));
        }
        Until.holds("all nodes know each other", RedisServer.PATIENCE, () -> nodes.stream().allMatch(
                node -> node.command("CLUSTER", "NODES").toString().lines()
                        .filter(line -> line.endsWith(" connected") || line.contains(" connected ")).count()
                        == nodes.size()
                        && !node.command("CLUSTER", "NODES").toString().contains("handshake")));
        for (int number = PRIMARIES; number < nodes.size(); number++)
            nodes.get(number).command("CLUSTER", "REPLICATE", id(nodes.get(number - PRIMARIES)));
        awaitWhole();
    }

    private static int firstSlot(int primary) { return primary * SLOTS / PRIMARIES; }

    private static String id(RedisServer node) { return node.command("CLUSTER", "MYID").toString(); }

    /** Waits until every living node finds the cluster in order, and every replica follows its primary. */
    public void awaitWhole() {
        for (RedisServer node : living()) {
            Until.holds("cluster_state of " + node + " is ok", RedisServer.PATIENCE,
                    () -> RedisServer.field(node.command("CLUSTER", "INFO"), "cluster_state").equals("ok"));
            Until.holds(node + " is a primary, or follows one", RedisServer.PATIENCE,
                    () -> isPrimary(node) || node.info("master_link_status").equals("up"));
        }
    }

    public List<RedisServer> nodes() { return List.copyOf(nodes); }

    private List<RedisServer> living() {
        return nodes.stream().filter(node -> node.isAlive() && !node.isPaused()).toList();
    }

    /** The slot of a key, by its hash tag. */
    public int slotOf(String key) {
        return Math.toIntExact((Long) living().getFirst().command("CLUSTER", "KEYSLOT", key));
    }

    /** Who owns a slot now, as most of the living nodes see it. */
    public RedisServer primaryOf(int slot) {
        for (Object range : (List<?>) living().getLast().command("CLUSTER", "SLOTS")) {
            List<?> words = (List<?>) range;
            if ((Long) words.get(0) <= slot && slot <= (Long) words.get(1))
                return byPort(((List<?>) words.get(2)).get(1));
        }
        throw new IllegalStateException("nobody owns slot " + slot);
    }

    /** Moves a slot with its keys, as {@code redis-cli --cluster reshard} does: whoever comes meanwhile is sent after them. */
    public void move(int slot, RedisServer from, RedisServer to) {
        String number = Integer.toString(slot);
        to.command("CLUSTER", "SETSLOT", number, "IMPORTING", id(from));
        from.command("CLUSTER", "SETSLOT", number, "MIGRATING", id(to));
        for (List<?> keys = keysIn(from, number); !keys.isEmpty(); keys = keysIn(from, number))
            from.command("MIGRATE", "127.0.0.1", Integer.toString(to.port()), keys.getFirst().toString(), "0", "5000");
        for (RedisServer node : List.of(to, from)) node.command("CLUSTER", "SETSLOT", number, "NODE", id(to));
        Until.holds("every node knows of the move", RedisServer.PATIENCE,
                () -> living().stream().allMatch(node -> node.command("CLUSTER", "SLOTS").toString()
                        .contains(number + ", " + number + ", [127.0.0.1, " + to.port())));
    }

    private static List<?> keysIn(RedisServer node, String slot) {
        return (List<?>) node.command("CLUSTER", "GETKEYSINSLOT", slot, "1");
    }

    /** Who copies a primary and is alive. */
    public RedisServer replicaOf(RedisServer primary) {
        return living().stream()
                .filter(node -> !isPrimary(node) && node.info("master_port").equals("" + primary.port()))
                .findFirst().orElseThrow(() -> new IllegalStateException("nobody copies " + primary));
    }

    public static boolean isPrimary(RedisServer node) {
        try {
            return node.info("role").equals("master");
        } catch (UncheckedIOException unreachable) {
            return false;
        }
    }

    private RedisServer byPort(Object port) {
        return nodes.stream().filter(node -> node.port() == (Long) port).findFirst().orElseThrow();
    }

    /** All nodes, separated by commas. */
    public String urls() {
        return nodes.stream().map(RedisServer::url).collect(joining(","));
    }

    @Override
    public void close() { nodes.forEach(RedisServer::close); }
}
