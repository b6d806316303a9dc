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
    /**
     * Where jobs are kept: {@code memory} is this process ([on disk](#on-disk) or not);
     * {@code redis} is for any number of replicas.
     */
    @WithDefault("memory")
    String store();

    /**
     * Where ended turns are kept: {@code memory} is this process (on disk or not);
     * {@code mongo} is for any number of replicas.
     */
    @WithDefault("memory")
    String archive();

    /**
     * Directory in which the embedded store and archive outlive a restart; without it they end with
     * the process, and the start warns of it.
     */
    Optional<Path> dataDir();

    TimingConfig timing();

    MemoryConfig memory();

    RedisConfig redis();

    JobLimits limits();

    /** Throws {@link IllegalStateException}, in one sentence, for what can't be meant. */
    default void check() {
        atLeastOne("memory.jobs", memory().jobs());
        atLeastOne("memory.archived-turns", memory().archivedTurns());
        atLeastOne("memory.audit-records", memory().auditRecords());
    }

    static void atLeastOne(String option, long value) {
        if (value < 1)
            throw new IllegalStateException("holdpoint." + option + " must be at least 1, but is " + value + ".");
    }

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
        /**
         * Most jobs in the embedded store, ended ones included until they are reclaimed: 503
         * {@code store-full}. Nothing live is ever evicted.
         */
        @WithDefault("1000000")
        int jobs();

        /**
         * About the most memory for jobs, logs and what the archive is owed: 503 {@code store-full} for
         * what brings in more; half of the heap by default.
         */
        Optional<MemorySize> bytes();

        /**
         * About the most memory for idempotency keys (tickets have an eighth of it for themselves): 503
         * {@code store-full} for what must not be done twice; an eighth of the heap by default.
         */
        Optional<MemorySize> shortLivedBytes();

        /** About the most memory for ended turns in the embedded archive; an eighth of the heap by default. */
        Optional<MemorySize> archivedBytes();

        /** Most audit records in the embedded archive, in a sixteenth of the heap; the oldest make room. */
        @WithDefault("100000")
        int auditRecords();

        /** Most turns in the embedded archive; the oldest make room. */
        @WithDefault("10000")
        int archivedTurns();
    }

    interface RedisConfig {
        /**
         * How safe an acknowledged move is: {@code async}, the primary has it in memory; {@code replicated}, replicas
         * have it in memory; {@code fsync}, the primary has it on disk, and replicas have it when some are asked for;
         * {@code auto}, {@code replicated} when a replica is connected at start, else {@code async} with a warning.
         */
        @WithDefault("auto")
        RedisOpening.Durability durability();

        /** How many replicas must confirm. With {@code fsync} it may be 0. */
        @WithDefault("1")
        int replicas();

        /**
         * How long to wait for them; after that the answer is 503
         * {@code outcome-unknown}, and the same decision again finds out.
         */
        @WithName("wait")
        @WithDefault("PT1S")
        Duration waiting();

        /**
         * How many buckets jobs are spread over. Pinned in Redis at the first start; a
         * service with another number doesn't start.
         */
        @WithDefault("256")
        int buckets();

        /** What every key begins with. */
        @WithDefault("hp")
        String prefix();

        /**
         * Held connections to each primary for work outside of the event loops, each of which has one of
         * its own; in a durable mode twice as many.
         */
        @WithDefault("2")
        int links();
    }

    interface JobLimits {
        /** Most running or waiting jobs of one user: 429 beyond. */
        @WithDefault("1000")
        int activeJobsPerUser();

        /** Most events in one log: 409 {@code log-full}. */
        @WithDefault("100000")
        int eventsPerJob();

        /** Largest log: 409 {@code log-full}. */
        @WithDefault("64M")
        MemorySize logBytesPerJob();

        /**
         * Above 0, a log keeps only that many of its newest events and is never full by their number, only by their
         * bytes; readers behind get {@code job.snapshot}.
         */
        @WithDefault("0")
        int keptEventsPerJob();

        /** Most different names of retained events of one job: 409 {@code log-full}. */
        @WithDefault("100")
        int retainedNamesPerJob();
    }
}
