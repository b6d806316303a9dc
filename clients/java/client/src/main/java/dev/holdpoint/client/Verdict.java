package dev.holdpoint.client;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What becomes of one tool call. */
public sealed interface Verdict {
    String toolCallId();

    /** Run it with these arguments, which a person may have edited. */
    record Run(String toolCallId, ObjectNode arguments) implements Verdict {}

    /** Don't; the agent is told why. */
    record Refuse(String toolCallId, String reason) implements Verdict {}

    /** Don't; this text stands for its result. */
    record Respond(String toolCallId, String text) implements Verdict {}
}
