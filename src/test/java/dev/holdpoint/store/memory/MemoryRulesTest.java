package dev.holdpoint.store.memory;

import java.time.InstantSource;

import dev.holdpoint.job.Timing;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.RuleStoreContract;

/** The embedded store keeps what every store promises of rules. */
class MemoryRulesTest extends RuleStoreContract {
    @Override
    protected Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return MemoryBench.emptyStore(clock, timing, bounds);
    }
}
