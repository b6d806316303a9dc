package dev.holdpoint.job;

/** Where short-lived values are kept: apart by purpose, so that many of one kind leave room for the other. */
public record ShortLived(ExpiringStore answers, ExpiringStore tickets) {}
