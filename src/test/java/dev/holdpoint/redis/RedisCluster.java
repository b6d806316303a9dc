package dev.holdpoint.redis;

import static java.util.stream.Collectors.joining;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.holdpoint.machine.FreePorts;
import dev.holdpoint.machine.Loopback;
import dev.holdpoint.machine.TcpProxy;
import dev.holdpoint.machine.Until;

/** Three primaries, each with a replica. They agree that one is gone after two seconds. */
public final class RedisCluster implements AutoCloseable {
    private static final int PRIMARIES = 3;
    private static final int SLOTS = 16_384;

    private final List<Node> nodes = new ArrayList<>();

    /**
     * @param port    where everybody else finds the server
     * @param address where the server's own connections come from
     * @param proxies what stands in front of the server and of its bus
     */
    private record Node(RedisServer server, int port, InetAddress address, List<TcpProxy> proxies) {
        static Node open(String... lines) {
            RedisServer server = RedisServer.standalone(configured(lines, List.of()));
            return new Node(server, server.port(), Loopback.FIRST, List.of());
        }

        static Node splittable(int number, String... lines) {
            int port = FreePorts.next();
            int real = FreePorts.next();
            InetAddress address = Loopback.number(10 + number);
            List<TcpProxy> proxies =
                    List.of(new TcpProxy(port, real), new TcpProxy(port + FreePorts.BUS, real + FreePorts.BUS));
            return new Node(RedisServer.onPort(real, configured(lines, List.of("cluster-announce-ip 127.0.0.1",
                    "cluster-announce-port " + port, "cluster-announce-bus-port " + (port + FreePorts.BUS),
                    "bind-source-addr " + address.getHostAddress()))), port, address, proxies);
        }

        private static String[] configured(String[] lines, List<String> more) {
            return Stream
                    .of(Stream.of("cluster-enabled yes", "cluster-node-timeout 2000"), Stream.of(lines), more.stream())
                    .flatMap(all -> all).toArray(String[]::new);
        }
    }

    private RedisCluster() {}

    public static RedisCluster start(String... lines) {
        RedisCluster cluster = new RedisCluster();
        return cluster.formed(() -> {
            for (int number = 0; number < 2 * PRIMARIES; number++) cluster.nodes.add(Node.open(lines));
        });
    }

    /** A cluster whose nodes reach each other, and are reached, through proxies that tell callers apart by address. */
    public static RedisCluster splittable(String... lines) {
        RedisCluster cluster = new RedisCluster();
        return cluster.formed(() -> {
            for (int number = 0; number < 2 * PRIMARIES; number++) cluster.nodes.add(Node.splittable(number, lines));
        });
    }

    private RedisCluster formed(Runnable start) {
        try {
            start.run();
            form();
            return this;
        } catch (RuntimeException | AssertionError failed) {
            close();
            throw failed;
        }
    }

    /** What {@code redis-cli --cluster create} does, without needing it. */
    private void form() {
        int first = nodes.getFirst().port();
        for (int number = 0; number < nodes.size(); number++) {
            RedisServer server = nodes.get(number).server();
            server.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(number + 1));
            if (number < PRIMARIES)
                server.command("CLUSTER", "ADDSLOTSRANGE", Integer.toString(firstSlot(number)),
                        Integer.toString(firstSlot(number + 1) - 1));
            if (number > 0)
                server.command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(first),
                        Integer.toString(first + FreePorts.BUS));
        }
        Until.holds("all nodes know each other", RedisServer.PATIENCE,
                () -> servers().allMatch(server -> known(server) == nodes.size()));
        for (int number = PRIMARIES; number < nodes.size(); number++)
            nodes.get(number).server().command("CLUSTER", "REPLICATE", id(nodes.get(number - PRIMARIES).server()));
        awaitWhole();
    }

    private static int firstSlot(int primary) { return primary * SLOTS / PRIMARIES; }

    private static String id(RedisServer server) { return server.command("CLUSTER", "MYID").toString(); }

    private static long known(RedisServer server) {
        return server.command("CLUSTER", "NODES").toString().lines()
                .filter(line -> !line.contains("handshake") && List.of(line.split(" ")).contains("connected")).count();
    }

    /** Waits until every living node finds the cluster in order, and every replica follows its primary. */
    public void awaitWhole() {
        living().forEach(server -> {
            Until.holds("cluster_state of " + server + " is ok", RedisServer.PATIENCE, () -> finds(server, "ok"));
            Until.holds(server + " is a primary, or follows one", RedisServer.PATIENCE,
                    () -> isPrimary(server) || server.info("master_link_status").equals("up"));
        });
    }

    /** Whether a node finds the cluster in this state: {@code ok} or {@code fail}. */
    public static boolean finds(RedisServer server, String state) {
        return RedisServer.field(server.command("CLUSTER", "INFO"), "cluster_state").equals(state);
    }

    public List<RedisServer> nodes() { return servers().toList(); }

    private Stream<RedisServer> servers() { return nodes.stream().map(Node::server); }

    private Stream<RedisServer> living() { return servers().filter(server -> server.isAlive() && !server.isPaused()); }

    /** The slot of a key, by its hash tag. */
    public int slotOf(String key) {
        return Math.toIntExact((Long) living().findFirst().orElseThrow().command("CLUSTER", "KEYSLOT", key));
    }

    /** Who owns a slot now, as the last living node sees it. */
    public RedisServer primaryOf(int slot) {
        for (Object range : (List<?>) living().toList().getLast().command("CLUSTER", "SLOTS")) {
            List<?> words = (List<?>) range;
            if ((Long) words.get(0) <= slot && slot <= (Long) words.get(1))
                return byPort(((List<?>) words.get(2)).get(1));
        }
        throw new IllegalStateException("nobody owns slot " + slot);
    }

    /**
     * Moves a slot with its keys, as {@code redis-cli --cluster reshard} does:
     * whoever comes meanwhile is sent after them.
     */
    public void move(int slot, RedisServer from, RedisServer to) {
        String number = Integer.toString(slot);
        to.command("CLUSTER", "SETSLOT", number, "IMPORTING", id(from));
        from.command("CLUSTER", "SETSLOT", number, "MIGRATING", id(to));
        for (List<?> keys = keysIn(from, number); !keys.isEmpty(); keys = keysIn(from, number))
            from.command("MIGRATE", "127.0.0.1", Integer.toString(to.port()), keys.getFirst().toString(), "0", "5000");
        for (RedisServer node : List.of(to, from)) node.command("CLUSTER", "SETSLOT", number, "NODE", id(to));
        Until.holds("every node knows of the move", RedisServer.PATIENCE,
                () -> living().allMatch(node -> node.command("CLUSTER", "SLOTS").toString()
                        .contains(number + ", " + number + ", [127.0.0.1, " + to.port())));
    }

    private static List<?> keysIn(RedisServer node, String slot) {
        return (List<?>) node.command("CLUSTER", "GETKEYSINSLOT", slot, "1");
    }

    /** Who copies a primary and is alive. */
    public RedisServer replicaOf(RedisServer primary) {
        String port = "" + nodeOf(primary).port();
        return living().filter(server -> !isPrimary(server) && server.info("master_port").equals(port)).findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody copies " + primary));
    }

    public static boolean isPrimary(RedisServer server) {
        try {
            return server.info("role").equals("master");
        } catch (UncheckedIOException unreachable) {
            return false;
        }
    }

    /** Cuts the network in two: these clients and this server on one side, everybody else on the other. */
    public void split(RedisServer alone, Set<InetAddress> clients) {
        Node minority = nodeOf(alone);
        Set<InetAddress> here = new HashSet<>(clients);
        here.add(minority.address());
        for (Node node : nodes) {
            for (TcpProxy proxy : node.proxies())
                proxy.silence(client -> here.contains(client) != node.equals(minority));
        }
    }

    public void mend() { nodes.forEach(node -> node.proxies().forEach(TcpProxy::pass)); }

    /** How often something was held back at the border between the two sides. */
    public long held() {
        return nodes.stream().flatMap(node -> node.proxies().stream()).mapToLong(TcpProxy::held).sum();
    }

    private Node nodeOf(RedisServer server) {
        return nodes.stream().filter(node -> node.server().equals(server)).findFirst().orElseThrow();
    }

    private RedisServer byPort(Object port) {
        return nodes.stream().filter(node -> node.port() == (Long) port).findFirst().orElseThrow().server();
    }

    /** All nodes, separated by commas. */
    public String urls() {
        return nodes.stream().map(node -> "redis://127.0.0.1:" + node.port()).collect(joining(","));
    }

    @Override
    public void close() {
        nodes.forEach(node -> {
            node.proxies().forEach(TcpProxy::close);
            node.server().close();
        });
    }
}
