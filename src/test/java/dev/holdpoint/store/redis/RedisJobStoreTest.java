package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.tools;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;

import dev.holdpoint.job.DueJobs;
import dev.holdpoint.job.NewPause;
import dev.holdpoint.job.Timing;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.JobStoreContract;
import org.junit.jupiter.api.Test;

/** The Redis store keeps what every store promises. */
class RedisJobStoreTest extends JobStoreContract {
    @Override
    protected Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds) {
        return RedisBench.emptyStore(clock, timing, bounds);
    }

    @Test
    void largePromptsThatFallDueAtOnceAreReadAFewAtATimeUntilAllAreSeen() {
        Bench bench = RedisBench.bench();
        NewPause large = prompt("a1", new NewPause.Deadline.In(Duration.ofMinutes(1)), tools("x".repeat(30_000)));
        int jobs = 20 * RedisBench.BUCKETS;
        for (int number = 0; number < jobs; number++) bench.pause(bench.create("job-" + number), large);
        bench.advance(Duration.ofMinutes(1));

        int seen = 0;
        for (DueJobs due = bench.dueJobs(); !due.jobs().isEmpty(); due = bench.dueJobs()) {
            assertThat(due.jobs()).hasSizeLessThanOrEqualTo(4 * RedisBench.BUCKETS);
            seen += due.jobs().size();
            assertThat(Duration.ZERO.equals(due.nextIn())).as("more is due").isEqualTo(seen < jobs);
            due.jobs().forEach(one -> bench.expire(one.job(), "a1"));
        }

        assertThat(seen).isEqualTo(jobs);
    }
}
