package dev.holdpoint.job;

import java.time.Duration;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Port to small values that live for a while: idempotency keys, tickets and
 * allowances. Shared by every replica of one store.
 */
public interface ExpiringStore {
    /**
     * Stores the value unless another is there. The very same one counts as stored, so that whoever doesn't know what
     * became of a value of his own can ask.
     */
    Uni<Put> putIfAbsent(String key, String value, Duration ttl);

    /** Stores the value whatever is there; never {@link Put.Present}. Where there is no room, what is there stays. */
    Uni<Put> put(String key, String value, Duration ttl);

    /** Returns the value and removes it, or null: of many callers one gets it. */
    Uni<@Nullable String> take(String key);

    /** Removes the value if it is {@code expected}; another stays. */
    Uni<Void> remove(String key, String expected);

    /** The value, or null. */
    Uni<@Nullable String> get(String key);

    /** Puts the value in the place of {@code expected}, null standing for none. */
    Uni<Replaced> replace(String key, @Nullable String expected, String value, Duration ttl);

    sealed interface Put {
        record Stored() implements Put {}

        record Present(String value) implements Put {}

        /** There is no room; nothing was evicted to make some. */
        record Full() implements Put {}
    }

    sealed interface Replaced {
        record Done() implements Replaced {}

        /** Something else is there, or nothing. */
        record Other(@Nullable String present) implements Replaced {}
    }
}
