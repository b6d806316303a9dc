package dev.holdpoint.job;

import org.jspecify.annotations.Nullable;

/**
 * The store could not do what was asked, or could not confirm it: broken machinery, with a name
 * that tells the caller what to do next.
 */
public final class StoreTrouble extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    public enum Kind {
        /** Nothing was done; the store can't be reached or isn't ready. */
        UNAVAILABLE,
        /** Nothing was done; the store takes no writes. */
        READONLY,
        /** Nothing was done; the store has no room or no time. */
        OVERLOADED,
        /** It may have been done and may be lost again. Sent once more, the same request finds out. */
        OUTCOME_UNKNOWN
    }

    public StoreTrouble(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() { return kind; }
}
