package dev.holdpoint.store.redis;

import java.time.InstantSource;

import dev.holdpoint.store.Bench;
import dev.holdpoint.store.DeliveriesContract;
import dev.holdpoint.webhook.Deliveries;

/** The Redis store keeps what every queue of webhooks promises. */
class RedisDeliveriesTest extends DeliveriesContract {
    @Override
    protected Deliveries emptyDeliveries(InstantSource clock) {
        return RedisBench.store(RedisBench.Shared.WIRE, RedisBench.settings(RedisBench.prefix(), RedisBench.BUCKETS,
                clock, Bench.TIMING, Bench.Bounds.WIDE, "async")).deliveries();
    }
}
