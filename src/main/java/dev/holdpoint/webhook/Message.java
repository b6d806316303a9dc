package dev.holdpoint.webhook;

import java.time.Instant;

import dev.holdpoint.job.Json;

/**
 * What one endpoint is told of one event.
 *
 * @param id   the same however often it is made, so that it is queued once and a receiver knows it again
 * @param type the event's name
 * @param at   when it happened
 * @param body as it is signed and sent, on one line
 */
public record Message(String id, String type, Instant at, Json body) {}
