package dev.holdpoint.job;

import static dev.holdpoint.job.JobStatus.ABORTED;
import static dev.holdpoint.job.JobStatus.COMPLETE;
import static dev.holdpoint.job.JobStatus.ERROR;
import static dev.holdpoint.job.JobStatus.REQUIRES_ACTION;
import static dev.holdpoint.job.JobStatus.RUNNING;

import java.util.Map;
import java.util.Set;

/** The transition table: which moves exist, from which statuses each may start, and where it leads. */
public enum Move {
    /** Writes worker events; a paused job still takes what its worker had in flight. */
    APPEND(Map.of(RUNNING, RUNNING, REQUIRES_ACTION, REQUIRES_ACTION)),
    HEARTBEAT(Map.of(RUNNING, RUNNING, REQUIRES_ACTION, REQUIRES_ACTION)),
    PAUSE(Map.of(RUNNING, REQUIRES_ACTION)),
    /** Lets a worker run tool calls that nobody has to be asked about. */
    PASS(Map.of(RUNNING, RUNNING)),
    RESOLVE(Map.of(REQUIRES_ACTION, RUNNING)),
    CLAIM(Map.of(RUNNING, RUNNING)),
    /** Opens a continuation again whose lease lapsed. */
    REOPEN(Map.of(RUNNING, RUNNING)),
    COMPLETE_JOB(Map.of(RUNNING, COMPLETE)),
    FAIL(Map.of(RUNNING, ERROR)),
    /** Ends a running job whose worker fell silent. */
    REAP(Map.of(RUNNING, ERROR)),
    EXPIRE(Map.of(REQUIRES_ACTION, ABORTED)),
    ABORT(Map.of(RUNNING, ABORTED, REQUIRES_ACTION, ABORTED)),
    /** Closes a live job because its id starts a new generation. */
    REPLACE(Map.of(RUNNING, ABORTED, REQUIRES_ACTION, ABORTED));

    @SuppressWarnings("ImmutableEnumChecker") // Map.of makes unmodifiable maps
    private final Map<JobStatus, JobStatus> arrows;

    Move(Map<JobStatus, JobStatus> arrows) { this.arrows = arrows; }

    public Set<JobStatus> from() { return arrows.keySet(); }

    public boolean isLegalFrom(JobStatus status) { return arrows.containsKey(status); }

    /** Where the move leads from {@code status}. Throws {@link IllegalStateException} when it isn't legal there. */
    public JobStatus to(JobStatus status) {
        JobStatus target = arrows.get(status);
        if (target == null) throw new IllegalStateException(this + " does not start from " + status);
        return target;
    }
}
