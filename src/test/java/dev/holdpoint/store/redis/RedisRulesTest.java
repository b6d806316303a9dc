package dev.holdpoint.store.redis;

import java.time.InstantSource;

import dev.holdpoint.job.Timing;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.RuleStoreContract;

/** The Redis store keeps what every store promises of rules. */
class RedisRulesTest extends RuleStoreContract {
    @Override
    protected Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return RedisBench.emptyStore(clock, timing, bounds);
    }
}
