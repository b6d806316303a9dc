package dev.holdpoint.machine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process will do, and fails when it doesn't. */
public final class Until {
    private static final Duration STEP = Duration.ofMillis(10);

    private Until() {}

    public static void holds(String what, Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) throw new AssertionError("not within " + patience + ": " + what);
            LockSupport.parkNanos(STEP.toNanos());
        }
    }
}
