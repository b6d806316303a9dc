package dev.holdpoint.door;

import java.time.Duration;

import dev.holdpoint.measure.Limit;
import io.github.bucket4j.Bandwidth;

/**
 * So many in a span of time: all of them at once, and again as they come back one by one.
 *
 * @param limit    what is counted when it is used up
 * @param sentence says it to whoever was refused
 */
record Allowance(String name, int most, Duration span, Limit limit, String sentence) {
    Allowance {
        if (most < 1) throw new IllegalArgumentException(name + " must be positive, but is " + most);
    }

    Bandwidth bandwidth() { return Bandwidth.builder().capacity(most).refillGreedy(most, span).build(); }
}
