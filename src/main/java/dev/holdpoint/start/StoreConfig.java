package dev.holdpoint.start;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where jobs are kept, for how long, and how many. */
@ConfigMapping(prefix = "holdpoint")
public interface StoreConfig {
    /** {@code memory}: in this process, lost with it. */
    @WithDefault("memory")
    String store();

    /** {@code memory}: the newest ended turns, in this process. */
    @WithDefault("memory")
    String archive();

    TimingConfig timing();

    MemoryConfig memory();

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

        /** Most ended turns in the embedded archive; the oldest make room. */
        @WithDefault("10000")
        int archivedTurns();
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
