package dev.holdpoint.store.memory;

import java.time.InstantSource;

import dev.holdpoint.job.Timing;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.RuleStoreContract;
import org.junit.jupiter.api.AfterEach;

/** The embedded store on a disk keeps what every store promises of rules. */
class DurableRulesTest extends RuleStoreContract {
    private final DurableBench disks = new DurableBench();

    @Override
    protected Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return disks.lasting(clock, timing, bounds);
    }

    @AfterEach
    void closeDisks() {
        disks.close();
    }
}
