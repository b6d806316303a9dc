package dev.holdpoint.job;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a prompt that no longer waits, so that latecomers learn how it ended.
 *
 * @param resolution null unless the outcome is {@code DECIDED}
 */
public record ClosedAction(ActionId id, long generation, Outcome outcome, @Nullable Resolution resolution) {
    public enum Outcome {
        DECIDED, EXPIRED, ABORTED, REPLACED;

        public String word() { return name().toLowerCase(Locale.ROOT); }
    }
}
