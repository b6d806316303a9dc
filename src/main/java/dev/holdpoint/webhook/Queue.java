package dev.holdpoint.webhook;

import dev.holdpoint.job.Space;

/** What waits for one endpoint. No endpoint shares it, so that none waits for another. */
public record Queue(Space space, String endpoint) {}
