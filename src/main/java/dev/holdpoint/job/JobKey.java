package dev.holdpoint.job;

/** What a store finds a job by. */
public record JobKey(Space space, JobId id) {}
