package dev.holdpoint.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/** Which buckets are worth a look: all of them ever so often, and in between those where something is known to fall due. */
final class Looks {
    private final Duration every;
    private final @Nullable Instant[] due;
    private Instant lastOfAll = Instant.MIN;

    /** @param every how long a change by another replica may go unseen; zero looks everywhere each time */
    Looks(int buckets, Duration every) {
        this.due = new Instant[buckets];
        this.every = every;
    }

    synchronized List<Integer> toLook(Instant now) {
        if (lastOfAll.equals(Instant.MIN) || !now.isBefore(lastOfAll.plus(every)) || now.isBefore(lastOfAll)) {
            lastOfAll = now;
            Arrays.fill(due, null);
            return IntStream.range(0, due.length).boxed().toList();
        }
        List<Integer> some = new ArrayList<>();
        for (int bucket = 0; bucket < due.length; bucket++) {
            Instant at = due[bucket];
            if (at == null || now.isBefore(at)) continue;
            some.add(bucket);
            due[bucket] = null;
        }
        return some;
    }

    /** @param in how long until something there falls due; null when nothing is known to */
    synchronized void looked(int bucket, Instant now, @Nullable Duration in) {
        if (in == null) return;
        Instant at = now.plus(in);
        Instant noticed = due[bucket];
        // What was noticed while the look was under way stands.
        if (noticed == null || at.isBefore(noticed)) due[bucket] = at;
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
    synchronized void notice(int bucket) {
        due[bucket] = Instant.MIN;
    }
}
