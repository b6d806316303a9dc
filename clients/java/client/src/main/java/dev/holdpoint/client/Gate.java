package dev.holdpoint.client;

import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What the policy says of calls.
 *
 * @param allowed may run now
 * @param denied must not
 * @param pendingAction what the job waits for now; null when nobody had to be asked
 */
public record Gate(Set<String> allowed, List<Denied> denied, @Nullable PendingAction pendingAction) {
    /** @param reason for the agent */
    public record Denied(String id, String reason, JsonNode rule) {}
}
