package dev.holdpoint.job;

import java.time.Instant;

/** A job as a store saw it, with the store's time of that moment: liveness is judged by that clock only. */
public record Sighting(Job job, Instant at) {}
