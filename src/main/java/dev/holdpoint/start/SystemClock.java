package dev.holdpoint.start;

import java.time.Instant;
import java.time.InstantSource;

/** The one place where this process asks what time it is. */
final class SystemClock implements InstantSource {
    @Override
    public Instant instant() { return Instant.now(); }
}
