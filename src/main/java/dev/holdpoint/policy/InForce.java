package dev.holdpoint.policy;

/**
 * The policy that a space has at one moment.
 *
 * @param version  0 for the configured default
 * @param revision of the space's rules; a move that rests on this policy names it
 */
public record InForce(Policy policy, Judge judge, long version, long revision) {}
