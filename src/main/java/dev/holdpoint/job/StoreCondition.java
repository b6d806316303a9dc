package dev.holdpoint.job;

import java.util.Map;

import io.smallrye.mutiny.Uni;

/** Port to how the store is doing right now. */
public interface StoreCondition {
    /** How far this process's clock is ahead of the store's, as an ISO 8601 duration; not told where both are one. */
    String CLOCK_SKEW = "clockSkew";

    /** What an operator wants to know, by name. Fails when the store doesn't answer. */
    Uni<Map<String, String>> look();
}
