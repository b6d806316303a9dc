package dev.holdpoint.measure;

import java.util.Locale;

import dev.holdpoint.job.StoreTrouble;
import org.jspecify.annotations.Nullable;

/** How a port answered. */
enum Answered {
    OK, UNAVAILABLE, READONLY, OVERLOADED, OUTCOME_UNKNOWN,
    /** For a reason that has no name. */
    FAILED;

    static Answered by(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> OK;
            case StoreTrouble trouble -> switch (trouble.kind()) {
                case UNAVAILABLE -> UNAVAILABLE;
                case READONLY -> READONLY;
                case OVERLOADED -> OVERLOADED;
                case OUTCOME_UNKNOWN -> OUTCOME_UNKNOWN;
            };
            default -> FAILED;
        };
    }

    String word() { return name().toLowerCase(Locale.ROOT).replace('_', '-'); }
}
