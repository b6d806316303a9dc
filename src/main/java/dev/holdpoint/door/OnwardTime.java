package dev.holdpoint.door;

import java.time.InstantSource;

import io.github.bucket4j.TimeMeter;

/**
 * Time as buckets need it: where the clock is set back it goes on from where it was, or nothing would
 * come back until the clock was there again.
 */
final class OnwardTime implements TimeMeter {
    private final InstantSource clock;
    private long last;
    private long ahead;

    OnwardTime(InstantSource clock) {
        this.clock = clock;
        this.last = clock.millis();
    }

    synchronized long millis() {
        long read = clock.millis();
        if (read < last) ahead += last - read;
        last = read;
        return read + ahead;
    }

    @Override
    public long currentTimeNanos() { return millis() * 1_000_000; }

    @Override
    public boolean isWallClockBased() { return true; }
}
