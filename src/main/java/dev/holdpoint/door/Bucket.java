package dev.holdpoint.door;

import java.util.concurrent.CompletableFuture;

import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.local.LocalBucket;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * What is left of one allowance. Remembers for how long it is used up, so that a
 * flood is refused without asking anybody.
 */
abstract class Bucket {
    private final Allowance allowance;
    private final OnwardTime clock;
    private volatile @Nullable Empty empty;

    private record Empty(long until, long fullAt) {}

    /**
     * How full a bucket is after one was taken, or wasn't.
     *
     * @param retryMillis until one can be taken; 0 when one was
     * @param fullMillis  until all of them are back
     */
    record Level(Allowance allowance, long left, long retryMillis, long fullMillis) {
        boolean isTaken() { return retryMillis == 0; }
    }

    Bucket(Allowance allowance, OnwardTime clock) {
        this.allowance = allowance;
        this.clock = clock;
    }

    abstract CompletableFuture<ConsumptionProbe> consume();

    /** Undoes {@link #consume}; when it can't, one is lost until it comes back by itself. */
    abstract void giveBack();

    /** The level, when it is known here that nothing can be taken yet. */
    @Nullable
    Level knownEmpty() {
        Empty known = empty;
        if (known == null) return null;
        long now = clock.millis();
        return now < known.until() ? new Level(allowance, 0, known.until() - now, known.fullAt() - now) : null;
    }

    Uni<Level> take() { return Uni.createFrom().completionStage(this::consume).map(this::level); }

    private Level level(ConsumptionProbe probe) {
        long full = millis(probe.getNanosToWaitForReset());
        if (probe.isConsumed()) return new Level(allowance, probe.getRemainingTokens(), 0, full);
        long wait = Math.max(1, millis(probe.getNanosToWaitForRefill()));
        long now = clock.millis();
        empty = new Empty(now + wait, now + full);
        return new Level(allowance, 0, wait, full);
    }

    private static long millis(long nanos) { return Math.ceilDiv(nanos, 1_000_000); }

    /** A bucket of this process alone. */
    static Bucket local(Allowance allowance, OnwardTime clock) {
        LocalBucket bucket = io.github.bucket4j.Bucket.builder().addLimit(allowance.bandwidth())
                .withCustomTimePrecision(clock).build();
        return new Bucket(allowance, clock) {
            @Override
            CompletableFuture<ConsumptionProbe> consume() {
                return CompletableFuture.completedFuture(bucket.tryConsumeAndReturnRemaining(1));
            }

            @Override
            void giveBack() { bucket.addTokens(1); }
        };
    }
}
