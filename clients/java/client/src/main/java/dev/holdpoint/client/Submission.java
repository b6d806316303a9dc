package dev.holdpoint.client;

import java.time.Instant;

/** What became of a decision that was sent. */
public sealed interface Submission {
    /** It is the one that counts. */
    record Won(Resolution resolution) implements Submission {}

    /** Somebody else was first. */
    record AlreadyDecided(String by, Instant at) implements Submission {}

    /** The deadline had passed. */
    record Expired() implements Submission {}

    /** Nobody will decide this any more. */
    record Closed() implements Submission {}

    /** The job waits for another action by now, whose prompt stays open. */
    record Stale(String currentActionId) implements Submission {}

    static Submission lost(HoldpointProblem refused) {
        return switch (refused.slug()) {
            case "already-decided" -> new AlreadyDecided(refused.member("winner").path("by").asText(),
                    Instant.parse(refused.member("winner").path("at").asText()));
            case "approval-expired" -> new Expired();
            case "action-closed", "generation-mismatch" -> new Closed();
            case "stale-action" -> new Stale(refused.member("currentActionId").asText());
            default -> throw refused;
        };
    }
}
