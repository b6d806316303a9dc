package dev.holdpoint.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Stands still until a test moves it, in either direction. */
public final class TestClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-05-04T10:00:00Z");

    @Override
    public Instant instant() { return now; }

    public void set(Instant instant) { now = instant; }

    public void advance(Duration span) { now = now.plus(span); }
}
