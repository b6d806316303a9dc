package dev.holdpoint.job;

import java.util.Map;

import io.smallrye.mutiny.Uni;

/** Port to how the store is doing right now. */
public interface StoreCondition {
    /** What an operator wants to know, by name. Fails when the store doesn't answer. */
    Uni<Map<String, String>> look();
}
