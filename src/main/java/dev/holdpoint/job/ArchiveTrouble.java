package dev.holdpoint.job;

import org.jspecify.annotations.Nullable;

/**
 * The archive is away, or refuses. What was asked may have been done; everything that is
 * asked of an archive can be asked again.
 */
public final class ArchiveTrouble extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ArchiveTrouble(String message, @Nullable Throwable cause) { super(message, cause); }
}
