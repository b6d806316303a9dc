package dev.holdpoint.disk;

import org.jspecify.annotations.Nullable;

/** What stops the start, in one sentence. */
public final class DiskUnusable extends RuntimeException {
    private static final long serialVersionUID = 1;

    DiskUnusable(String message, @Nullable Throwable cause) { super(message, cause); }
}
