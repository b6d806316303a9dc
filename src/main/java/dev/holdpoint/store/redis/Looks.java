package dev.holdpoint.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Which buckets are worth a look: all of them ever so often, and in between those where something is known to fall due.
 */
final class Looks {
    private final Duration every;
    private final @Nullable Instant[] due;
    private final @Nullable Instant[] again;
    private Instant lastOfAll = Instant.MIN;

    /** @param every how long what nobody notices may go unseen; zero looks everywhere each time */
    Looks(int buckets, Duration every) {
        this.due = new Instant[buckets];
        this.again = new Instant[buckets];
        this.every = every;
    }

    synchronized List<Integer> toLook(Instant now) {
        if (lastOfAll.equals(Instant.MIN) || !now.isBefore(lastOfAll.plus(every)) || now.isBefore(lastOfAll)) {
            lastOfAll = now;
            Arrays.fill(due, null);
            Arrays.fill(again, null);
            return IntStream.range(0, due.length).boxed().toList();
        }
        List<Integer> some = new ArrayList<>();
        for (int bucket = 0; bucket < due.length; bucket++) {
            if (!hasCome(due[bucket], now) && !hasCome(again[bucket], now)) continue;
            some.add(bucket);
            due[bucket] = null;
            again[bucket] = null;
        }
        return some;
    }

    private static boolean hasCome(@Nullable Instant at, Instant now) { return at != null && !now.isBefore(at); }

    /** @param in how long until something there falls due; null when nothing is known to */
    synchronized void looked(int bucket, Instant now, @Nullable Duration in) {
        if (in != null) notice(bucket, now.plus(in));
    }

    /** Something in there is worth a look at that time, whatever else is known to be. */
    synchronized void notice(int bucket, Instant at) {
        Instant noticed = due[bucket];
        if (noticed == null || at.isBefore(noticed)) due[bucket] = at;
    }

    /**
     * What a look finds there may still be there at that time: to be looked at again
     * then, though nothing is known to fall due.
     */
    synchronized void noticeAgain(int bucket, Instant at) {
        again[bucket] = at;
    }

    /** How long until the first bucket is worth a look; null when none is known to be. */
    synchronized @Nullable Duration nextIn(Instant now) {
        Instant first = null;
        for (Instant at : due) {
            if (at != null && (first == null || at.isBefore(first))) first = at;
        }
        if (first == null) return null;
        return now.isBefore(first) ? Duration.between(now, first) : Duration.ZERO;
    }

    /** Something in there is worth a look now. */
    void notice(int bucket) { notice(bucket, Instant.MIN); }
}
