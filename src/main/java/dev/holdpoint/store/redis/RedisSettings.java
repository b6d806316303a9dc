package dev.holdpoint.store.redis;

import java.time.Duration;
import java.time.InstantSource;

import dev.holdpoint.job.Timing;
import org.jspecify.annotations.Nullable;

/**
 * How this store works.
 *
 * @param prefix     what every key begins with
 * @param buckets    number of buckets that jobs are spread over; the same for as long as the data lives
 * @param durability the word that each resolution carries
 * @param confirmed  whether answers are waited for on replicas
 * @param limits     what bounds a job
 * @param owesNews   whether news is owed, beside what the archive is
 * @param clock      null for the server's own time; a test may let it stand still
 */
public record RedisSettings(String prefix, int buckets, Timing timing, String durability, boolean confirmed,
        Limits limits, boolean owesNews, @Nullable InstantSource clock) {
    /** After each move of a job's life its entries in the lists are looked at once more, in case whoever moved it died before they were made. */
    static final Duration CHECK_AFTER = Duration.ofSeconds(2);
    /** And again after a quarter of the time that a live job has left, in case a list is lost; a check takes some seven commands. */
    static final Duration CHECK_AGAIN_SOONEST = Duration.ofMinutes(10);
    static final Duration CHECK_AGAIN_LATEST = Duration.ofHours(6);

    /** Notices tell of most entries at once, and where something was due it is looked again soon. */
    static final Duration LOOK_FOR_DUE = Duration.ofSeconds(10);
    /** Notices tell of most entries at once. */
    static final Duration LOOK_FOR_OWED = Duration.ofSeconds(10);

    /** Where time stands still, nothing may be put off. */
    Duration lookEvery(Duration usually) {
        return clock == null ? usually : Duration.ZERO;
    }

    /** Milliseconds since the epoch, or nothing for the server's own time. */
    String now() {
        return clock == null ? "" : Long.toString(clock.millis());
    }

    /**
     * @param activeJobsPerUser   most live or paused jobs of one user
     * @param eventsPerJob        most events in one log
     * @param bytesPerJob         about the most bytes of one log
     * @param keptEventsPerJob    newest events that a log keeps; older ones are let go and readers are told. 0 keeps all
     * @param retainedNamesPerJob most different names of retained events of one job
     */
    public record Limits(int activeJobsPerUser, int eventsPerJob, long bytesPerJob, int keptEventsPerJob,
            int retainedNamesPerJob) {}
}
