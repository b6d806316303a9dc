package dev.holdpoint.client;

import org.jspecify.annotations.Nullable;

/** Where a reader begins. */
public final class From {
    private final @Nullable EventId cursor;
    private final boolean now;

    private From(@Nullable EventId cursor, boolean now) {
        this.cursor = cursor;
        this.now = now;
    }

    /** With the first event of the current generation. */
    public static From start() { return new From(null, false); }

    /** With what comes next. */
    public static From now() { return new From(null, true); }

    /** Behind the last event that was read. */
    public static From after(EventId last) { return new From(last, false); }

    @Nullable
    EventId cursor() { return cursor; }

    boolean isNow() { return now; }
}
