package dev.holdpoint.store.redis;

import static dev.holdpoint.store.redis.StoredJson.millis;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

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
    /**
     * After each move of a job's life its entries in the lists are looked at once more, in case
     * whoever moved it died before they were made.
     */
    static final Duration CHECK_AFTER = Duration.ofSeconds(2);
    /**
     * And again after a quarter of the time that a live job has left, in case a list is
     * lost; a check takes some four commands.
     */
    static final Duration CHECK_AGAIN_SOONEST = Duration.ofMinutes(10);
    static final Duration CHECK_AGAIN_LATEST = Duration.ofHours(6);

    /**
     * Notices tell which bucket is worth a look, and after a missed one its bucket is
     * looked at: this is for what nobody foresaw.
     */
    static final Duration LOOK_EVERYWHERE = Duration.ofSeconds(30);

    /** Where time stands still, nothing may be put off. */
    Duration lookEverywhere() {
        return clock == null ? LOOK_EVERYWHERE : Duration.ZERO;
    }

    /** Milliseconds since the epoch, or nothing for the server's own time. */
    String now() {
        return clock == null ? "" : Long.toString(clock.millis());
    }

    /** What {@code lua/shared/move.lua} takes, and then a script's own. */
    List<String> argumentsOfMove(String name, String... own) {
        List<String> arguments = new ArrayList<>(own.length + 9);
        arguments.add(now());
        arguments.add(millis(timing.runningTtl()));
        arguments.add(millis(timing.lease()));
        arguments.add(millis(timing.terminalRetention()));
        arguments.add(millis(CHECK_AFTER));
        arguments.add(confirmed ? "1" : "0");
        arguments.add(Integer.toString(limits.keptEventsPerJob()));
        arguments.add(owesNews ? "1" : "0");
        arguments.add(name);
        arguments.addAll(List.of(own));
        return arguments;
    }

    /**
     * @param activeJobsPerUser   most live or paused jobs of one user
     * @param eventsPerJob        most events in one log
     * @param bytesPerJob         about the most bytes of one log
     * @param keptEventsPerJob    newest events that a log keeps; older ones are let go and readers are told.
     *                            0 keeps all
     * @param retainedNamesPerJob most different names of retained events of one job
     */
    public record Limits(int activeJobsPerUser, int eventsPerJob, long bytesPerJob, int keptEventsPerJob,
            int retainedNamesPerJob) {}
}
