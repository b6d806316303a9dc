package dev.holdpoint.store.redis;

import java.time.InstantSource;

import dev.holdpoint.job.Timing;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.JobStoreContract;

/** The Redis store keeps what every store promises. */
class RedisJobStoreTest extends JobStoreContract {
    @Override
    protected Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return RedisBench.emptyStore(clock, timing, bounds);
    }
}
