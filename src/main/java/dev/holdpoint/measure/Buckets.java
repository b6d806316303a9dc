package dev.holdpoint.measure;

import java.time.Duration;
import java.util.Arrays;

import io.micrometer.core.instrument.Timer;

/** The bounds by which histograms sort what they are told. */
final class Buckets {
    /** What machines do: 1 ms to 10 s. */
    private static final Duration[] SHORT = millis(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);
    /** What people do: 1 s to 24 h. */
    private static final Duration[] LONG = seconds(1, 5, 15, 30, 60, 120, 300, 900, 1_800, 3_600, 7_200, 14_400,
            28_800, 86_400);

    private Buckets() {}

    static Timer.Builder ofMachines(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(SHORT);
    }

    static Timer.Builder ofPeople(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(LONG);
    }

    private static Duration[] millis(long... bounds) {
        return Arrays.stream(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    private static Duration[] seconds(long... bounds) {
        return Arrays.stream(bounds).mapToObj(Duration::ofSeconds).toArray(Duration[]::new);
    }
}
