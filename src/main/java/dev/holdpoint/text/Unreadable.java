package dev.holdpoint.text;

import org.jspecify.annotations.Nullable;

/** Something else wrote into what is ours. */
public final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Unreadable(String message, @Nullable Throwable cause) { super(message, cause, false, false); }
}
