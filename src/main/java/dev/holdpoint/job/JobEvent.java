package dev.holdpoint.job;

/** What an event log holds: a worker's own events, and one event for each change of a job's life. */
public sealed interface JobEvent {
    /** @param retained the newest event of this name is part of the resume state */
    record Reported(EventName name, Json data, boolean retained) implements JobEvent {}

    sealed interface Lifecycle extends JobEvent {}

    /** @param job as it began, without what its id remembers of closed prompts */
    record JobCreated(Job job) implements Lifecycle {}

    record JobPaused(PendingAction action) implements Lifecycle {}

    record JobResumed(Resolution resolution) implements Lifecycle {}

    record JobClaimed(WorkerId worker, int execution) implements Lifecycle {}

    /** Terminal: nothing follows it in its generation. */
    record JobEnded(Ending how) implements Lifecycle {}
}
