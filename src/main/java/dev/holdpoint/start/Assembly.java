package dev.holdpoint.start;

import java.time.InstantSource;

import dev.holdpoint.approval.Decisions;
import dev.holdpoint.archive.memory.MemoryArchive;
import dev.holdpoint.continuation.Claims;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.StoreCondition;
import dev.holdpoint.job.StoreFacts;
import dev.holdpoint.job.Timing;
import dev.holdpoint.stream.Follower;
import dev.holdpoint.sweep.ArchiveEndedJobs;
import dev.holdpoint.sweep.Sweep;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Picks what fills each port. */
@Singleton
class Assembly {
    private final StoreConfig config;

    Assembly(StoreConfig config) {
        this.config = config;
    }

    private static IllegalStateException unknown(String name, String known, String value) {
        return new IllegalStateException(name + " must be " + known + ", but is " + value + ".");
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
    Ports ports(Timing timing, InstantSource clock, RedisPorts redis) {
        return switch (config.store()) {
            case "memory" -> MemoryPorts.open(config, timing, clock);
            case "redis" -> redis.open(config, timing, clock);
            default -> throw unknown("holdpoint.store", "memory or redis", config.store());
        };
    }

    @Produces
    @Singleton
    JobStore jobs(Ports ports) { return ports.jobs(); }

    @Produces
    @Singleton
    EventLog log(Ports ports) { return ports.log(); }

    @Produces
    @Singleton
    Outbox outbox(Ports ports) { return ports.outbox(); }

    @Produces
    @Singleton
    ShortLived shortLived(Ports ports) { return ports.values(); }

    @Produces
    @Singleton
    StoreFacts facts(Ports ports) { return ports.facts(); }

    @Produces
    @Singleton
    StoreCondition condition(Ports ports) { return ports.condition(); }

    @Produces
    @Singleton
    Archive archive(InstantSource clock, MongoPorts mongo) {
        return switch (config.archive()) {
            case "memory" -> new MemoryArchive(clock, config.memory().archivedTurns(),
                    config.memory().archivedBytes().map(MemorySize::asLongValue).orElse(MemoryPorts.heap() / 8));
            case "mongo" -> mongo.open(clock);
            default -> throw unknown("holdpoint.archive", "memory or mongo", config.archive());
        };
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
}
