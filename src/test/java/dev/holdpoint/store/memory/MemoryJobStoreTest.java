package dev.holdpoint.store.memory;

import java.time.InstantSource;

import dev.holdpoint.job.Timing;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.JobStoreContract;

/** The embedded store keeps what every store promises. */
class MemoryJobStoreTest extends JobStoreContract {
    @Override
    protected Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return MemoryBench.emptyStore(clock, timing, bounds);
    }
}
