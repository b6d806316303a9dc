package dev.holdpoint.store.redis;

import java.time.InstantSource;

import dev.holdpoint.job.Timing;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.RuleStoreContract;

/** The same on a Cluster, where a policy and the jobs it speaks of live on different servers. */
class RedisRulesOnClusterTest extends RuleStoreContract {
    @Override
    protected Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return RedisBench.emptyStore(RedisBench.SharedCluster.WIRE, clock, timing, bounds);
    }
}
