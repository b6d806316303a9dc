package dev.holdpoint.job;

import java.util.Locale;

/** Where a job stands. The last three are terminal: nothing leads out of them but a new generation. */
public enum JobStatus {
    RUNNING, REQUIRES_ACTION, COMPLETE, ERROR, ABORTED;

    public boolean isTerminal() { return this != RUNNING && this != REQUIRES_ACTION; }

    /** The word used in HTTP, logs and metrics. */
    public String word() { return name().toLowerCase(Locale.ROOT); }
}
