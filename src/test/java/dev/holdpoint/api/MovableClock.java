package dev.holdpoint.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

import io.quarkus.test.Mock;
import jakarta.inject.Singleton;

/** Real time, and as much more as a test has let pass. */
@Mock
@Singleton
public class MovableClock implements InstantSource {
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @Override
    public Instant instant() { return Instant.now().plus(ahead.get()); }

    public void advance(Duration by) { ahead.updateAndGet(by::plus); }
}
