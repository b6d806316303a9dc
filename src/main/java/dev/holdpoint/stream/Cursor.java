package dev.holdpoint.stream;

import dev.holdpoint.job.EventId;

/** Where a reader wants to begin. */
public sealed interface Cursor {
    /** At the first event of the current generation that the log keeps. */
    record Start() implements Cursor {}

    /** Behind the newest event. */
    record Now() implements Cursor {}

    /** Behind an event that the reader has. */
    record After(EventId event) implements Cursor {}
}
