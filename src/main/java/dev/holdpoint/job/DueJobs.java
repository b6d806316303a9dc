package dev.holdpoint.job;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * @param nextIn time until the next job falls due that isn't in {@code jobs}; zero when more are due
 *               already, null when none is known
 */
public record DueJobs(List<Sighting> jobs, @Nullable Duration nextIn) {
    public DueJobs {
        jobs = List.copyOf(jobs);
    }
}
