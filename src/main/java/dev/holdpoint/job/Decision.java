package dev.holdpoint.job;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A person's word on one tool call.
 *
 * @param reason          for the agent to read
 * @param argumentsDigest digest of the arguments that the person saw, when the client sent it
 */
public record Decision(ToolCallId toolCallId, Verdict verdict, @Nullable String reason,
        @Nullable String argumentsDigest) {
    public sealed interface Verdict {
        DecisionKind kind();
    }

    /** The tool runs with the arguments as asked. */
    public record Approve(Scope scope) implements Verdict {
        @Override
        public DecisionKind kind() { return DecisionKind.APPROVE; }
    }

    /** The tool doesn't run. */
    public record Reject() implements Verdict {
        @Override
        public DecisionKind kind() { return DecisionKind.REJECT; }
    }

    /**
     * The tool runs with other arguments.
     *
     * @param arguments a JSON object
     * @param digest    lower-case hex SHA-256 of the canonical (RFC 8785) arguments
     */
    public record Edit(Json arguments, String digest) implements Verdict {
        @Override
        public DecisionKind kind() { return DecisionKind.EDIT; }
    }

    /** The tool doesn't run; the text stands in for its result. */
    public record Respond(String text) implements Verdict {
        @Override
        public DecisionKind kind() { return DecisionKind.RESPOND; }
    }

    /** How long an approval is remembered; {@code ONCE} remembers nothing. */
    public enum Scope {
        ONCE, SESSION, ALWAYS;

        public String word() { return name().toLowerCase(Locale.ROOT); }
    }
}
