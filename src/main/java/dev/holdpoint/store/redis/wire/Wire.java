package dev.holdpoint.store.redis.wire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/** All that goes to one Redis, whatever its set-up: a single server, one behind sentinels, or a Cluster. */
public final class Wire implements AutoCloseable {
    /** Where a server's commands go unless told otherwise; the only one of a Cluster, and of what Sentinels watch. */
    public static final String FIRST_DATABASE = "0";

    private final Vertx vertx;
    private final Nodes nodes;
    private final String database;
    private final Commands commands;
    private final List<Bells> bells = new ArrayList<>();

    private Wire(Vertx vertx, Nodes nodes, String database) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.database = database;
        this.commands = new Commands(vertx, nodes);
    }

    /**
     * @param links    held connections to each primary
     * @param replicas how many replicas must confirm a write; 0 when the primary's own word is enough
     * @param wait     how long to wait for them
     */
    public static Wire open(Vertx vertx, RedisOptions options, int buckets, int links, int replicas, Duration wait) {
        Duration patience = Duration.ofSeconds(2).compareTo(wait.plusSeconds(1)) > 0 ? Duration.ofSeconds(2)
                : wait.plusSeconds(1);
        Settings settings = new Settings(links, patience,
                replicas == 0 ? null : new Link.Confirmation(replicas, wait), buckets);
        Function<String, Primary> primaries = address -> new Primary(vertx, options, address, settings);
        return new Wire(vertx, switch (options.getType()) {
            case STANDALONE -> new OnePrimary(vertx, buckets,
                    () -> Future.succeededFuture(options.getEndpoints().getFirst()), primaries);
            case SENTINEL -> new OnePrimary(vertx, buckets, new Sentinels(vertx, options, settings), primaries);
            case CLUSTER -> new ClusterPrimaries(vertx, options.getEndpoints(), buckets, primaries);
            case REPLICATION -> throw new IllegalArgumentException(
                    "quarkus.redis.client-type must be standalone, sentinel or cluster, but is replication.");
        }, options.getType() == RedisClientType.STANDALONE ? Server.database(options.getEndpoints().getFirst())
                : FIRST_DATABASE);
    }

    /** What the server calls the one of its databases that all commands go to. */
    public String database() {
        return database;
    }

    public Commands commands() { return commands; }

    /** Listens to every bucket's channel; see {@link Bells}. */
    public Bells listen(IntFunction<String> channel, BiConsumer<String, Buffer> heard, Consumer<List<Integer>> ready) {
        Bells listening = new Bells(vertx, nodes, channel, heard, ready);
        bells.add(listening);
        return listening;
    }

    /** The answer of every primary to one command. */
    public Uni<List<Response>> ofEachPrimary(Command command, String... arguments) {
        return UniHelper.toUni(nodes.shares().compose(shares -> {
            List<Future<Response>> asked = shares.stream().map(share -> {
                Request request = Commands.request(command, arguments);
                return share.primary().reads(0).send(request);
            }).toList();
            return Future.all(asked).map(all -> asked.stream().map(Future::result).toList());
        }));
    }

    @Override
    public void close() {
        bells.forEach(Bells::close);
        nodes.close();
    }
}
