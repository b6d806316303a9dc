package dev.holdpoint.job;

/** Why a job ended badly: a code for machines and a sentence for people. */
public record JobError(String code, String message) {
    public static final JobError APPROVAL_EXPIRED =
            new JobError("approval_expired", "Nobody decided before the deadline.");
    public static final JobError ABORTED_BY_USER = new JobError("aborted_by_user", "The job was aborted.");
    public static final JobError WORKER_LOST = new JobError("worker_lost", "The worker fell silent.");
    public static final JobError REPLACED = new JobError("replaced", "A new generation took this job's id.");
}
