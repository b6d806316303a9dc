package dev.holdpoint.store.redis.wire;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Listens to every bucket's channel: one connection for each primary, whoever that is at the time. */
public final class Bells {
    private static final long LOOK_MILLIS = 500;
    private static final Duration BEAT = Duration.ofSeconds(1);

    private final Object lock = new Object();
    private final Vertx vertx;
    private final Nodes nodes;
    private final IntFunction<String> channel;
    private final BiConsumer<String, Buffer> heard;
    private final Consumer<List<Integer>> ready;
    private final long timer;
    private final Map<String, Ringing> bells = new HashMap<>();

    private record Ringing(Primary primary, List<Integer> buckets, Bell bell) {}

    /**
     * @param channel name of a bucket's channel
     * @param heard   gets channel and message, in order for each channel
     * @param ready   gets buckets that are heard again: what was said of them before may have been missed
     */
    Bells(Vertx vertx, Nodes nodes, IntFunction<String> channel, BiConsumer<String, Buffer> heard,
            Consumer<List<Integer>> ready) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.channel = channel;
        this.heard = heard;
        this.ready = ready;
        this.timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
        look();
    }

    private void look() {
        nodes.shares().onSuccess(this::settle);
    }

    private void settle(List<Nodes.Share> shares) {
        List<Bell> gone = new ArrayList<>();
        synchronized (lock) {
            Map<String, Ringing> wanted = new HashMap<>();
            for (Nodes.Share share : shares) {
                String address = share.primary().address();
                Ringing known = bells.get(address);
                wanted.put(address, isStill(known, share) ? known : ring(share));
            }
            bells.forEach((address, old) -> {
                if (!old.equals(wanted.get(address))) gone.add(old.bell());
            });
            bells.clear();
            bells.putAll(wanted);
        }
        gone.forEach(Bell::close);
    }

    private static boolean isStill(@Nullable Ringing known, Nodes.Share share) {
        return known != null && known.primary().equals(share.primary()) && known.buckets().equals(share.buckets());
    }

    private Ringing ring(Nodes.Share share) {
        List<Integer> buckets = List.copyOf(share.buckets());
        return new Ringing(share.primary(), buckets, new Bell(vertx, share.primary().server(),
                buckets.stream().map(channel::apply).toList(), heard, () -> ready.accept(buckets), BEAT));
    }

    /**
     * When everything that was said up to now is heard: the buckets for which that is certain,
     * without those that nobody answers for.
     */
    public Uni<Set<Integer>> caughtUp() {
        List<Ringing> all;
        synchronized (lock) {
            all = List.copyOf(bells.values());
        }
        List<Future<List<Integer>>> asked = all.stream()
                .map(one -> one.bell().caughtUp().map(one.buckets()).otherwise(List.of())).toList();
        return UniHelper.toUni(Future.join(asked)
                .map(done -> asked.stream().flatMap(one -> one.result().stream()).collect(toUnmodifiableSet())));
    }

    public void close() {
        vertx.cancelTimer(timer);
        synchronized (lock) {
            bells.values().forEach(one -> one.bell().close());
            bells.clear();
        }
    }
}
