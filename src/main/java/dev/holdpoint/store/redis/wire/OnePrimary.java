package dev.holdpoint.store.redis.wire;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** All buckets on one server: a fixed one, or the one that sentinels name. */
final class OnePrimary implements Nodes {
    private static final Logger LOG = Logger.getLogger(OnePrimary.class);
    /** An old primary that still answers tells nobody that it was replaced; the sentinels do. */
    private static final long LOOK_MILLIS = 1_000;

    private final Object lock = new Object();
    private final Vertx vertx;
    private final Supplier<Future<String>> whoIs;
    private final Function<String, Primary> open;
    private final List<Integer> buckets;
    private final long timer;
    private @Nullable Primary known;
    private @Nullable Future<Primary> asking;

    OnePrimary(Vertx vertx, int buckets, Supplier<Future<String>> whoIs, Function<String, Primary> open) {
        this.vertx = vertx;
        this.whoIs = whoIs;
        this.open = open;
        this.buckets = IntStream.range(0, buckets).boxed().toList();
        this.timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
    }

    @Override
    public Future<Primary> primary(int bucket) {
        synchronized (lock) {
            return known != null ? Future.succeededFuture(known) : look();
        }
    }

    @Override
    public @Nullable Primary pointedTo(String hostAndPort) { return null; }

    @Override
    public Future<List<Share>> shares() { return primary(0).map(one -> List.of(new Share(one, buckets))); }

    @Override
    public void doubt() { look(); }

    private Future<Primary> look() {
        synchronized (lock) {
            if (asking != null) return asking;
            Future<Primary> answer = whoIs.get().map(this::arrived);
            asking = answer;
            answer.onComplete(done -> {
                synchronized (lock) {
                    asking = null;
                }
            });
            return answer.recover(unknown -> Future.failedFuture(new Link.NotSent("no primary is known", unknown)));
        }
    }

    private Primary arrived(String address) {
        Primary old;
        Primary now;
        synchronized (lock) {
            if (known != null && known.address().equals(address)) return known;
            old = known;
            now = open.apply(address);
            known = now;
        }
        if (old != null) {
            LOG.warnf("Redis has another primary now: %s.", address);
            old.close();
        }
        return Objects.requireNonNull(now);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        synchronized (lock) {
            if (known != null) known.close();
        }
    }
}
