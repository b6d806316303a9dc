package dev.holdpoint.store.redis.wire;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Buckets spread over the primaries of a Cluster. Of all the servers it can reach it
 * believes the one with the newest epoch.
 */
final class ClusterPrimaries implements Nodes {
    private static final Logger LOG = Logger.getLogger(ClusterPrimaries.class);
    private static final long LOOK_MILLIS = 2_000;
    private static final int SLOTS = 16_384;

    private final Object lock = new Object();
    private final Vertx vertx;
    private final Function<String, Primary> open;
    private final int buckets;
    private final String scheme;
    private final Set<String> seeds;
    private final long timer;
    private final Map<String, Primary> servers = new HashMap<>();
    private int @Nullable [] slots;
    private String @Nullable [] owners;
    private @Nullable Future<Void> looking;

    /** @param open connects to the server at an address */
    ClusterPrimaries(Vertx vertx, List<String> seeds, int buckets, Function<String, Primary> open) {
        this.vertx = vertx;
        this.open = open;
        this.buckets = buckets;
        this.scheme = URI.create(seeds.getFirst()).getScheme();
        this.seeds = Set.copyOf(seeds);
        seeds.forEach(this::at);
        this.timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
    }

    @Override
    public Future<Primary> primary(int bucket) {
        synchronized (lock) {
            if (owners != null && slots != null) {
                String owner = owners[slots[bucket]];
                if (owner != null) return Future.succeededFuture(at(owner));
            }
        }
        return look().compose(looked -> {
            synchronized (lock) {
                String owner = owners == null || slots == null ? null : owners[slots[bucket]];
                return owner == null
                        ? Future.failedFuture(new Link.NotSent("no primary serves bucket " + bucket, null))
                        : Future.succeededFuture(at(owner));
            }
        });
    }

    @Override
    public Primary pointedTo(String hostAndPort) { return at(scheme + "://" + hostAndPort); }

    private Primary at(String address) {
        synchronized (lock) {
            return servers.computeIfAbsent(address, open);
        }
    }

    @Override
    public Future<List<Share>> shares() {
        return primary(0).map(known -> {
            Map<String, List<Integer>> byOwner = new LinkedHashMap<>();
            synchronized (lock) {
                for (int bucket = 0; bucket < buckets && owners != null && slots != null; bucket++) {
                    String owner = owners[slots[bucket]];
                    if (owner != null) byOwner.computeIfAbsent(owner, none -> new ArrayList<>()).add(bucket);
                }
            }
            return byOwner.entrySet().stream().map(one -> new Share(at(one.getKey()), one.getValue())).toList();
        });
    }

    @Override
    public void doubt() { look(); }

    private record View(Primary seenBy, long epoch, boolean ok, Response slots) {}

    private Future<Void> look() {
        synchronized (lock) {
            if (looking != null) return looking;
            Promise<Void> done = Promise.promise();
            looking = done.future();
            List<Future<View>> asked = new ArrayList<>(servers.values().stream().map(ClusterPrimaries::ask).toList());
            Future.join(asked).onComplete(all -> {
                View best = null;
                for (Future<View> one : asked) {
                    if (one.succeeded() && (best == null || isBetter(one.result(), best))) best = one.result();
                }
                synchronized (lock) {
                    looking = null;
                }
                if (best == null) done.fail(new Link.NotSent("no server of the Cluster answers", all.cause()));
                else settle(best).onComplete(done);
            });
            return done.future();
        }
    }

    private static boolean isBetter(View one, View other) {
        return one.ok() != other.ok() ? one.ok() : one.epoch() > other.epoch();
    }

    private static Future<View> ask(Primary server) {
        Link link = server.reads(0);
        Future<Response> info = link.send(Request.cmd(Command.CLUSTER).arg("INFO"));
        Future<Response> slots = link.send(Request.cmd(Command.CLUSTER).arg("SLOTS"));
        return Future.all(info, slots).map(both -> {
            // A server that has left the Cluster knows of none; it must not make us forget the others.
            if (slots.result().size() == 0) throw new IllegalStateException("a server of no Cluster");
            Map<String, String> state = Replies.lines(info.result());
            return new View(server, Long.parseLong(state.getOrDefault("cluster_current_epoch", "0")),
                    "ok".equals(state.get("cluster_state")), slots.result());
        });
    }

    private Future<Void> settle(View view) {
        String[] now = new String[SLOTS];
        Set<String> named = new LinkedHashSet<>();
        for (Response range : view.slots()) {
            String owner = scheme + "://" + range.get(2).get(0) + ":" + range.get(2).get(1);
            for (int slot = range.get(0).toInteger(); slot <= range.get(1).toInteger(); slot++) now[slot] = owner;
            for (int at = 2; at < range.size(); at++) {
                named.add(scheme + "://" + range.get(at).get(0) + ":" + range.get(at).get(1));
            }
        }
        List<Primary> gone = new ArrayList<>();
        synchronized (lock) {
            boolean moved = owners != null && !java.util.Arrays.equals(owners, now);
            if (moved) LOG.warn("The Cluster has other primaries now.");
            owners = now;
            named.forEach(this::at);
            // Seeds stay: when every address has changed, they are the way back.
            servers.entrySet().removeIf(one -> !named.contains(one.getKey()) && !seeds.contains(one.getKey())
                    && gone.add(one.getValue()));
            if (slots != null) {
                gone.forEach(Primary::close);
                return Future.succeededFuture();
            }
        }
        gone.forEach(Primary::close);
        return slotsOfBuckets(view.seenBy());
    }

    /** Redis itself says which slot a bucket's tag falls into. */
    private Future<Void> slotsOfBuckets(Primary server) {
        List<Future<Response>> asked = IntStream.range(0, buckets)
                .mapToObj(bucket -> server.reads(0).send(Request.cmd(Command.CLUSTER).arg("KEYSLOT").arg(bucket)))
                .toList();
        return Future.all(asked).map(all -> {
            synchronized (lock) {
                slots = asked.stream().mapToInt(one -> one.result().toInteger()).toArray();
            }
            return null;
        });
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        synchronized (lock) {
            servers.values().forEach(Primary::close);
        }
    }
}
