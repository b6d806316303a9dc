package dev.holdpoint.store.memory;

import java.time.InstantSource;

import dev.holdpoint.job.Timing;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.RuleStoreContract;
import org.junit.jupiter.api.AfterEach;

/** What every store promises of rules holds over restarts: here there is one before each call. */
class RestartedRulesTest extends RuleStoreContract {
    private final DurableBench disks = new DurableBench();

    @Override
    protected Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return disks.restarting(clock, timing, bounds);
    }

    @AfterEach
    void closeDisks() {
        disks.close();
    }
}
