package dev.holdpoint.start;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.holdpoint.disk.Disk;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.StoreFacts;
import dev.holdpoint.job.Timing;
import dev.holdpoint.store.memory.MemoryDeliveries;
import dev.holdpoint.store.memory.MemoryExpiringStore;
import dev.holdpoint.store.memory.MemoryJobStore;
import dev.holdpoint.store.memory.MemoryLimits;
import io.quarkus.runtime.configuration.MemorySize;

/** Opens the embedded store. */
final class MemoryPorts {
    private MemoryPorts() {}

    static Ports open(StoreConfig config, Timing timing, InstantSource clock, Disk disk, boolean owesNews) {
        MemoryLimits limits = limits(config);
        MemoryJobStore store = new MemoryJobStore(timing, limits, clock, disk, owesNews);
        long bytes = config.memory().shortLivedBytes().map(MemorySize::asLongValue).orElse(heap() / 8);
        return new Ports(store, store, store, store.rules(),
                new ShortLived(new MemoryExpiringStore(clock, bytes, disk, "answers"),
                        new MemoryExpiringStore(clock, bytes / 8, disk, "tickets"),
                        new MemoryExpiringStore(clock, bytes / 8)),
                new MemoryDeliveries(clock, disk),
                new StoreFacts(config.store(), MemoryJobStore.durability(disk), config.archive(),
                        named(config, limits)),
                () -> disk.answer(Map::of));
    }

    private static MemoryLimits limits(StoreConfig config) {
        StoreConfig.JobLimits limits = config.limits();
        return new MemoryLimits(config.memory().jobs(),
                config.memory().bytes().map(MemorySize::asLongValue).orElse(heap() / 2),
                limits.activeJobsPerUser(), limits.eventsPerJob(), limits.logBytesPerJob().asLongValue(),
                limits.keptEventsPerJob(), limits.retainedNamesPerJob());
    }

    private static Map<String, Long> named(StoreConfig config, MemoryLimits limits) {
        Map<String, Long> named = new LinkedHashMap<>();
        named.put("storeJobs", (long) limits.jobs());
        named.put("storeBytes", limits.bytes());
        named.putAll(Ports.told(config.limits()));
        return named;
    }

    static long heap() { return Runtime.getRuntime().maxMemory(); }
}
