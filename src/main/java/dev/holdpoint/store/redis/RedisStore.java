package dev.holdpoint.store.redis;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.StoreCondition;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.store.redis.wire.Bells;
import dev.holdpoint.store.redis.wire.Wire;
import dev.holdpoint.webhook.Deliveries;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import org.jboss.logging.Logger;

/** Everything that a service keeps in one Redis, as the ports of the domain. */
public final class RedisStore implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RedisStore.class);
    private static final int CHECKED_AT_ONCE = 100;
    private static final long KEEP_UP_MILLIS = 5_000;

    private final Bells bells;
    private final RedisJobStore jobs;
    private final RedisRules rules;
    private final RedisEventLog log;
    private final RedisOutbox outbox;
    private final RedisExpiringStore values;
    private final RedisDeliveries deliveries;
    private final Hearing hearing;
    private Runnable stop = () -> {
    };

    RedisStore(Wire wire, RedisSettings settings, InstantSource estimate) {
        Keys keys = new Keys(settings.prefix(), settings.buckets(), wire.database());
        this.hearing = new Hearing(wire.commands(), keys);
        this.outbox = new RedisOutbox(wire.commands(), keys, settings, hearing, estimate);
        this.jobs = new RedisJobStore(wire.commands(), keys, settings, hearing, outbox, estimate);
        this.rules = new RedisRules(wire.commands(), keys, settings, outbox);
        this.log = new RedisEventLog(wire.commands(), keys, settings, hearing);
        this.values = new RedisExpiringStore(wire.commands(), keys);
        this.deliveries = new RedisDeliveries(wire.commands(), keys, settings);
        this.bells = wire.listen(keys::notices, hearing::notice, hearing::listening);
    }

    public JobStore jobs() { return jobs; }

    public RuleStore rules() { return rules; }

    public EventLog log() { return log; }

    public Outbox outbox() { return outbox; }

    public ExpiringStore values() { return values; }

    public Deliveries deliveries() { return deliveries; }

    /** When every replica's moves are heard here. */
    public Uni<Void> ready() { return hearing.ready(); }

    /** How the servers are doing: their clock against this process's. */
    public StoreCondition condition() {
        return jobs::condition;
    }

    /** Keeps lists and ears right from now on, until {@link #close}. */
    void keepUp(Vertx vertx) {
        Handler<Long> check = oneAtATime(() -> checkLists().replaceWithVoid());
        long checks = vertx.setPeriodic(KEEP_UP_MILLIS, tick -> {
            StoredJob.forgetLastRead();
            check.handle(tick);
        });
        long probes = vertx.setPeriodic(Hearing.PROBE_EVERY.toMillis(), oneAtATime(this::probe));
        stop = () -> {
            vertx.cancelTimer(checks);
            vertx.cancelTimer(probes);
        };
    }

    /** A pass that fails is made up for by the next. */
    private static Handler<Long> oneAtATime(Supplier<Uni<Void>> pass) {
        AtomicBoolean underWay = new AtomicBoolean();
        return tick -> {
            if (!underWay.compareAndSet(false, true)) return;
            pass.get().onTermination().invoke(() -> underWay.set(false)).subscribe()
                    .with(done -> LOG.trace("kept up"), failure -> LOG.debugf(failure, "not kept up"));
        };
    }

    /** Puts jobs where they belong in the lists, whoever failed to. Answers how many it looked at; more may be due. */
    public Uni<Integer> checkLists() {
        return jobs.check(CHECKED_AT_ONCE);
    }

    /** Finds out whether notices were missed without a sign. */
    public Uni<Void> probe() {
        return hearing.probe(bells::caughtUp);
    }

    /** Stops listening. The wire belongs to whoever opened it. */
    @Override
    public void close() {
        stop.run();
        bells.close();
    }
}
