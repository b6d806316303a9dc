package dev.holdpoint.store.redis;

import java.time.InstantSource;

import dev.holdpoint.job.Timing;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.JobStoreContract;

/** The same on the server that sentinels name. */
class RedisJobStoreOnSentinelsTest extends JobStoreContract {
    @Override
    protected Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return RedisBench.emptyStore(RedisBench.SharedSentinels.WIRE, clock, timing, bounds);
    }
}
