package dev.holdpoint.store.memory;

import java.time.InstantSource;

import dev.holdpoint.disk.Disk;
import dev.holdpoint.job.Timing;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;

/** Makes embedded stores for tests. */
public final class MemoryBench {
    private MemoryBench() {}

    public static Bench bench() { return new Bench(MemoryBench::emptyStore); }

    public static Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return store(clock, timing, bounds, Disk.none());
    }

    /** With what lies on the disk. */
    public static Ports store(InstantSource clock, Timing timing, Bounds bounds, Disk disk) {
        MemoryLimits limits = new MemoryLimits(100_000, Long.MAX_VALUE / 2, bounds.activeJobsPerUser(),
                bounds.eventsPerJob(), Long.MAX_VALUE / 2, bounds.keptEventsPerJob(), bounds.retainedNamesPerJob());
        MemoryJobStore store = new MemoryJobStore(timing, limits, clock, disk, bounds.owesNews());
        return new Ports(store, store, store, store.rules(), store::losePrompt);
    }
}
