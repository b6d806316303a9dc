package dev.holdpoint.job;

import java.util.OptionalLong;

/**
 * Asks for a new generation of a job id.
 *
 * @param ifActive           what to do about a predecessor that is still active
 * @param expectedGeneration the generation that the caller believes to be the newest, 0 for none
 */
public record NewJob(JobKey key, JobDetails details, IfActive ifActive, OptionalLong expectedGeneration) {
    public enum IfActive { REPLACE, REJECT }
}
