package dev.holdpoint.store.memory;

/**
 * What bounds the embedded store.
 *
 * @param jobs                  most jobs in the store, ended ones included until they are reclaimed
 * @param bytes                 about the most bytes of all jobs and logs together
 * @param activeJobsPerUser     most live or paused jobs of one user
 * @param eventsPerJob          most events in one log
 * @param bytesPerJob           about the most bytes of one log
 * @param keptEventsPerJob      newest events that a log keeps; older ones are let go and readers are told. 0 keeps all
 * @param retainedNamesPerJob   most different names of retained events of one job
 */
public record MemoryLimits(int jobs, long bytes, int activeJobsPerUser, int eventsPerJob, long bytesPerJob,
        int keptEventsPerJob, int retainedNamesPerJob) {}
