package dev.holdpoint.policy;

import java.util.Locale;

import dev.holdpoint.job.ToolCallId;

/** What became of an approval that was to be remembered. The approval itself stands either way. */
public sealed interface Remembered {
    ToolCallId call();

    record Given(ToolCallId call, Grant grant) implements Remembered {}

    /** The approval holds this once. */
    record OnlyOnce(ToolCallId call, Why why) implements Remembered {}

    enum Why {
        /** The user or the conversation has as many grants as there may be. */
        GRANTS_FULL,
        /** It could not be stored. */
        STORE_UNAVAILABLE,
        /** The decision was made before; what it gave may have been revoked since, so it gives nothing again. */
        DECIDED_BEFORE;

        public String word() { return name().toLowerCase(Locale.ROOT).replace('_', '-'); }
    }
}
