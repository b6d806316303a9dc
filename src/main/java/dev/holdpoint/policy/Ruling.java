package dev.holdpoint.policy;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What holds for one call, and why.
 *
 * @param reason for the agent and the person; never with what is allowed
 */
public record Ruling(ToolCall call, Verdict verdict, @Nullable String reason, Ground ground, long policyVersion) {
    public enum Verdict {
        ALLOW, DENY, ASK;

        public String word() { return name().toLowerCase(Locale.ROOT); }
    }
}
