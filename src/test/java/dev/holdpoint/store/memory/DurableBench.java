package dev.holdpoint.store.memory;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.disk.Disks;
import dev.holdpoint.disk.Restarting;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.Timing;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;

/** Makes embedded stores on disks. */
final class DurableBench implements AutoCloseable {
    private final List<Runnable> disks = new ArrayList<>();

    Ports lasting(InstantSource clock, Timing timing, Bounds bounds) {
        Disks.Reopened disk = new Disks.Reopened();
        disks.add(disk::close);
        return MemoryBench.store(clock, timing, bounds, disk.disk());
    }

    Ports restarting(InstantSource clock, Timing timing, Bounds bounds) {
        Restarting<Ports> store = new Restarting<>(disk -> MemoryBench.store(clock, timing, bounds, disk));
        disks.add(store::close);
        return new Ports(store.port(JobStore.class, Ports::store), store.port(EventLog.class, Ports::log),
                store.port(Outbox.class, Ports::outbox), store.port(RuleStore.class, Ports::rules),
                job -> store.now().losePrompt().accept(job));
    }

    @Override
    public void close() {
        disks.forEach(Runnable::run);
    }
}
