package dev.holdpoint.job;

/**
 * Where short-lived values are kept: apart by purpose, so that many of one kind leave room for the others.
 *
 * @param allowances what callers have left of their limits; a restart may forget it
 */
public record ShortLived(ExpiringStore answers, ExpiringStore tickets, ExpiringStore allowances) {}
