package dev.holdpoint.start;

import java.time.Duration;
import java.time.InstantSource;

import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.StoreFacts;
import dev.holdpoint.job.Timing;
import dev.holdpoint.store.redis.RedisOpening;
import dev.holdpoint.store.redis.RedisOpening.Opened;
import dev.holdpoint.store.redis.RedisOpening.Wishes;
import dev.holdpoint.store.redis.RedisSettings.Limits;
import dev.holdpoint.store.redis.RedisStore;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the Redis store with the addresses, credentials and TLS of {@code quarkus.redis}. The start waits for it: a
 * service that can't keep anything isn't started.
 */
@Singleton
class RedisPorts {
    private static final Logger LOG = Logger.getLogger("dev.holdpoint");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Vertx vertx;
    private final Instance<Redis> client;
    private final CapturedOptions captured;
    private @Nullable Opened opened;

    RedisPorts(Vertx vertx, Instance<Redis> client, CapturedOptions captured) {
        this.vertx = vertx;
        this.client = client;
        this.captured = captured;
    }

    Ports open(StoreConfig config, Timing timing, InstantSource clock, boolean owesNews) {
        client.get();
        RedisOptions options = captured.options().orElseThrow(
                () -> new IllegalStateException("holdpoint.store is redis, so quarkus.redis.hosts must be set."));
        StoreConfig.RedisConfig redis = config.redis();
        StoreConfig.JobLimits limits = config.limits();
        Opened opening = new RedisOpening(vertx, options, new Wishes(redis.prefix(), redis.buckets(), redis.links(),
                redis.durability(), redis.replicas(), redis.waiting(), timing,
                new Limits(limits.activeJobsPerUser(), limits.eventsPerJob(), limits.logBytesPerJob().asLongValue(),
                        limits.keptEventsPerJob(), limits.retainedNamesPerJob()),
                owesNews))
                .open(clock, clock instanceof SystemClock ? null : clock)
                .await().atMost(PATIENCE);
        opening.warnings().forEach(LOG::warn);
        opened = opening;
        RedisStore store = opening.store();
        return new Ports(store.jobs(), store.log(), store.outbox(), store.rules(),
                new ShortLived(store.values(), store.values(), store.values()), store.deliveries(),
                new StoreFacts(config.store(), opening.durability().word(), config.archive(), Ports.told(limits)),
                store.condition());
    }

    @PreDestroy
    void close() {
        if (opened != null) opened.close().run();
    }
}
