package dev.holdpoint.job;

import java.util.Map;

/**
 * What an operator wants to know of where jobs are kept.
 *
 * @param durability how safely an acknowledged decision is held
 * @param limits     the store's own limits by name
 */
public record StoreFacts(String store, String durability, String archive, Map<String, Long> limits) {
    public StoreFacts {
        limits = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(limits));
    }
}
