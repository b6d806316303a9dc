package dev.holdpoint.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next try: longer each time, and never as long as all the others who were cut off. */
final class BackOff {
    private final Duration most;
    private Duration current;

    BackOff(Duration first, Duration most) {
        this.current = first;
        this.most = most;
    }

    Duration next() {
        Duration wait = current.multipliedBy(50 + ThreadLocalRandom.current().nextInt(51)).dividedBy(100);
        Duration twice = current.multipliedBy(2);
        current = twice.compareTo(most) < 0 ? twice : most;
        return wait;
    }
}
