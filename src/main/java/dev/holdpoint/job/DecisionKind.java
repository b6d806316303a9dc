package dev.holdpoint.job;

import java.util.Locale;
import java.util.Optional;

/** The four ways to decide a tool call. */
public enum DecisionKind {
    APPROVE, REJECT, EDIT, RESPOND;

    public String word() { return name().toLowerCase(Locale.ROOT); }

    public static Optional<DecisionKind> parse(String word) {
        for (DecisionKind kind : values()) {
            if (kind.word().equals(word)) return Optional.of(kind);
        }
        return Optional.empty();
    }
}
