package dev.holdpoint.api;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/** Duties are separated, and a decision is on record before it is acknowledged. */
public final class StrictHouse implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("holdpoint.separation-of-duties", "true", "holdpoint.audit.required", "true");
    }
}
