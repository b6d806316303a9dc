package dev.holdpoint.client;

import java.time.Duration;
import java.util.function.Supplier;

/** Waits for what another thread or process will do. */
public final class Until {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Until() {}

    /** @param look answers null while it isn't there */
    public static <T> T there(Supplier<T> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            T found = look(look);
            if (found != null) return found;
            try {
                Thread.sleep(20);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
        throw new AssertionError("it didn't happen in " + PATIENCE);
    }

    /** What a job that doesn't exist yet is asked for isn't there yet either. */
    private static <T> T look(Supplier<T> look) {
        try {
            return look.get();
        } catch (HoldpointProblem notYet) {
            if (notYet.status() == 404) return null;
            throw notYet;
        }
    }

    /** What the job waits for, once it does. */
    public static PendingAction waits(Holdpoint hold, String jobId) {
        return there(() -> hold.job(jobId).pendingAction());
    }
}
