package dev.holdpoint.job;

/**
 * Asks to close a prompt.
 *
 * @param generation the generation in which the caller saw the prompt, so that a decision never lands in a later one
 */
public record NewResolution(ResolutionId id, long generation, ActionId action, DecidedBy decidedBy,
        Submission submission) {}
