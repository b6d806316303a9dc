package dev.holdpoint.start;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dev.holdpoint.store.redis.RedisOpening;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** Where jobs are kept, for how long, and how many. */
@ConfigMapping(prefix = "holdpoint")
public interface StoreConfig {
    /** {@code memory}: in this process, lost with it. {@code redis}: in the Redis that {@code quarkus.redis.hosts} names, for any number of replicas. */
    @WithDefault("memory")
    String store();

    /** {@code memory}: the newest ended turns, in this process. {@code mongo}: all of them, in the MongoDB that {@code quarkus.mongodb} names. */
    @WithDefault("memory")
    String archive();

    /** Where the embedded store and archive are kept on disk, by one process at a time. Without it a restart forgets them. */
    Optional<Path> dataDir();

    TimingConfig timing();

    MemoryConfig memory();

    RedisConfig redis();

    JobLimits limits();

    interface TimingConfig {
        /** Silence after which a running job's worker counts as lost. */
        @WithDefault("PT20M")
        Duration runningTtl();

        /** How long a prompt without a deadline may wait. */
        @WithDefault("PT24H")
        Duration pauseBackstop();

        /** How long a claim holds without a heartbeat or an append. */
        @WithDefault("PT60S")
        Duration lease();

        /** How long an ended job stays readable. */
        @WithDefault("PT5M")
        Duration terminalRetention();
    }

    interface MemoryConfig {
        /** Most jobs in the embedded store, ended ones included until they are reclaimed. */
        @WithDefault("1000000")
        int jobs();

        /** About the most memory for jobs and their logs; half of the heap by default. */
        Optional<MemorySize> bytes();

        /** About the most memory for idempotency keys and tickets; an eighth of the heap by default. */
        Optional<MemorySize> shortLivedBytes();

        /** About the most memory for ended turns in the embedded archive; an eighth of the heap by default. */
        Optional<MemorySize> archivedBytes();

        /** Most audit records in the embedded archive; the oldest make room. */
        @WithDefault("100000")
        int auditRecords();

        /** Most ended turns in the embedded archive; the oldest make room. */
        @WithDefault("10000")
        int archivedTurns();
    }

    interface RedisConfig {
        /** {@code auto}, {@code async}, {@code replicated} or {@code fsync}: how safe an acknowledged decision is. */
        @WithDefault("auto")
        RedisOpening.Durability durability();

        /** How many replicas must confirm what is acknowledged. */
        @WithDefault("1")
        int replicas();

        /** How long to wait for them; after that the outcome is unknown. */
        @WithName("wait")
        @WithDefault("PT1S")
        Duration waiting();

        /** Number of buckets that jobs are spread over; must stay the same as long as the data lives. */
        @WithDefault("256")
        int buckets();

        /** What every key begins with. */
        @WithDefault("hp")
        String prefix();

        /** Held connections to each primary. */
        @WithDefault("2")
        int links();
    }

    interface JobLimits {
        @WithDefault("1000")
        int activeJobsPerUser();

        @WithDefault("100000")
        int eventsPerJob();

        @WithDefault("64M")
        MemorySize logBytesPerJob();

        /** Newest events that a log keeps; older ones are let go and their readers told. 0 keeps all, up to events-per-job. */
        @WithDefault("0")
        int keptEventsPerJob();

        /** Most different names of retained events of one job. */
        @WithDefault("100")
        int retainedNamesPerJob();
    }
}
