package dev.holdpoint.job;

import java.util.OptionalLong;

/**
 * Asks to close a prompt.
 *
 * @param generation the generation in which the caller saw the prompt, so that a decision never lands in a later one
 * @param rules      revision of the rules that edited arguments were judged by; empty when nothing in it rests on rules
 */
public record NewResolution(ResolutionId id, long generation, ActionId action, DecidedBy decidedBy,
        Submission submission, OptionalLong rules) {}
