package dev.holdpoint.faults;

import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.faults.Fact.Span;

/** What came back from a call; status 0 when nothing did. */
record Answer(int status, JsonNode body, Span span) {
    private static final Set<String> NAMED_TROUBLE = Set.of("store-unavailable", "store-readonly", "overloaded",
            "outcome-unknown", "store-full", "shutting-down");

    boolean isDefinite() { return status >= 200 && status < 500 && !problem().equals("in-progress") && status != 429; }

    /** Whether a caller is left with something that says nothing about what to do next. */
    boolean isBroken() {
        return status >= 500 && (status != 503 || !NAMED_TROUBLE.contains(problem()));
    }

    boolean isSuccess() { return status >= 200 && status < 300; }

    /** The slug of the problem; empty when there is none. */
    String problem() {
        String type = body.path("type").asText();
        return type.substring(type.lastIndexOf('/') + 1);
    }

    String text(String member) { return body.path(member).asText(); }
}
