package dev.holdpoint.api;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/**
 * Logs of {@value #KEPT} events. One for all who need it, since the service is built and started once for each profile.
 */
public final class ShortLogs implements QuarkusTestProfile {
    static final int KEPT = 20;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("holdpoint.limits.kept-events-per-job", Integer.toString(KEPT));
    }
}
