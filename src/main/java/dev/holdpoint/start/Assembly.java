package dev.holdpoint.start;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.holdpoint.approval.Decisions;
import dev.holdpoint.archive.memory.MemoryArchive;
import dev.holdpoint.continuation.Claims;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.StoreFacts;
import dev.holdpoint.job.Timing;
import dev.holdpoint.store.memory.MemoryExpiringStore;
import dev.holdpoint.store.memory.MemoryJobStore;
import dev.holdpoint.store.memory.MemoryLimits;
import dev.holdpoint.stream.Follower;
import dev.holdpoint.sweep.ArchiveEndedJobs;
import dev.holdpoint.sweep.Sweep;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Picks what fills each port. */
@Singleton
class Assembly {
    private static final String MEMORY = "memory";

    private final StoreConfig config;

    Assembly(StoreConfig config) {
        this.config = config;
        require("holdpoint.store", config.store());
        require("holdpoint.archive", config.archive());
    }

    private static void require(String name, String value) {
        if (!value.equals(MEMORY))
            throw new IllegalStateException(name + " must be memory in this version, but is " + value + ".");
    }

    @Produces
    @Singleton
    InstantSource clock() { return new SystemClock(); }

    @Produces
    @Singleton
    Ids ids() { return new RandomIds(); }

    @Produces
    @Singleton
    Timing timing() {
        StoreConfig.TimingConfig timing = config.timing();
        return new Timing(timing.runningTtl(), timing.pauseBackstop(), timing.lease(), timing.terminalRetention());
    }

    @Produces
    @Singleton
    MemoryJobStore jobs(Timing timing, InstantSource clock) { return new MemoryJobStore(timing, limits(), clock); }

    @Produces
    @Singleton
    ShortLived shortLived(InstantSource clock) {
        long bytes = config.memory().shortLivedBytes().map(MemorySize::asLongValue).orElse(heap() / 8);
        return new ShortLived(new MemoryExpiringStore(clock, bytes), new MemoryExpiringStore(clock, bytes / 8));
    }

    @Produces
    @Singleton
    Archive archive(InstantSource clock) {
        return new MemoryArchive(clock, config.memory().archivedTurns(),
                config.memory().archivedBytes().map(MemorySize::asLongValue).orElse(heap() / 8));
    }

    @Produces
    @Singleton
    StoreFacts facts() {
        MemoryLimits limits = limits();
        Map<String, Long> named = new LinkedHashMap<>();
        named.put("storeJobs", (long) limits.jobs());
        named.put("storeBytes", limits.bytes());
        named.put("activeJobsPerUser", (long) limits.activeJobsPerUser());
        named.put("eventsPerJob", (long) limits.eventsPerJob());
        named.put("logBytesPerJob", limits.bytesPerJob());
        named.put("keptEventsPerJob", (long) limits.keptEventsPerJob());
        return new StoreFacts(config.store(), MemoryJobStore.DURABILITY, config.archive(), named);
    }

    @Produces
    @Singleton
    Decisions decisions(JobStore store, Ids ids) { return new Decisions(store, ids); }

    @Produces
    @Singleton
    Claims claims(JobStore store, EventLog log) { return new Claims(store, log); }

    @Produces
    @Singleton
    Follower follower(EventLog log) { return new Follower(log); }

    @Produces
    @Singleton
    Sweep sweep(JobStore store) { return new Sweep(store); }

    @Produces
    @Singleton
    ArchiveEndedJobs archiving(Outbox outbox, Archive archive) { return new ArchiveEndedJobs(outbox, archive); }

    private MemoryLimits limits() {
        StoreConfig.JobLimits limits = config.limits();
        return new MemoryLimits(config.memory().jobs(),
                config.memory().bytes().map(MemorySize::asLongValue).orElse(heap() / 2),
                limits.activeJobsPerUser(), limits.eventsPerJob(), limits.logBytesPerJob().asLongValue(),
                limits.keptEventsPerJob(),
                limits.retainedNamesPerJob());
    }

    private static long heap() { return Runtime.getRuntime().maxMemory(); }
}
