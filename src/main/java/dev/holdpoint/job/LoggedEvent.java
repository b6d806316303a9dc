package dev.holdpoint.job;

import java.time.Instant;

/** An event at its place in the log, with the store's time at which it landed. */
public record LoggedEvent(EventId id, Instant at, JobEvent event) {
    public boolean isTerminal() { return event instanceof JobEvent.JobEnded; }
}
