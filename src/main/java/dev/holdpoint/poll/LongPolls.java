package dev.holdpoint.poll;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Answers that may wait. Each tries at once and again whenever it is woken, until a try finds what is wanted, its
 * time is up or the service goes away. A try under way then is always heard to its end: it may have taken something
 * that nobody else would come to know of.
 */
public final class LongPolls {
    private static final Object AWAKE = new Object();
    private static final Object OVER = new Object();

    private final Multi<?> serving;

    /** @param serving completes when the service goes away; items are ignored */
    public LongPolls(Multi<?> serving) {
        this.serving = serving;
    }

    /**
     * What the first try found that is wanted; null when none did within {@code wait}. With a {@code wait}
     * of less than a millisecond, which no timer takes, whatever the only try finds.
     */
    public <T> Uni<@Nullable T> poll(Duration wait, Multi<?> wakes, Supplier<Uni<T>> attempt, Predicate<T> wanted) {
        if (wait.toMillis() == 0) return attempt.get();
        // Wakes merge before they queue up anywhere: a thousand decisions at once are one reason to look.
        Multi<Object> woken = wakes.<Object>map(wake -> AWAKE).onOverflow().dropPreviousItems();
        Multi<Object> leaving =
                serving.filter(item -> false).<Object>map(none -> OVER).onCompletion().continueWith(OVER);
        Uni<Object> timeUp = Uni.createFrom().item(OVER).onItem().delayIt().by(wait);
        // The wakes come before the first try, or what happens between the two would be
        // slept through; the ends come after it.
        return Multi.createBy().merging()
                .streams(woken, Multi.createFrom().item(AWAKE), leaving, timeUp.toMulti())
                .select().first(item -> item != OVER)
                .onOverflow().dropPreviousItems()
                .onItem().transformToUniAndConcatenate(wake -> attempt.get())
                .filter(wanted)
                .toUni();
    }
}
