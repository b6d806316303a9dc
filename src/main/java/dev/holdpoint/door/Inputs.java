package dev.holdpoint.door;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Decision.Scope;
import dev.holdpoint.job.Fence;
import org.jspecify.annotations.Nullable;

/** Reads single values of a request, or refuses it. */
public final class Inputs {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration LONGEST_TTL = Duration.ofDays(3650);
    private static final Instant LAST_INSTANT = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final int DEFAULT_PAGE = 50;
    private static final int LARGEST_PAGE = 200;
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private Inputs() {}

    public static <T> T present(@Nullable T value, String name) {
        if (value == null) throw invalid(name + " is missing.");
        return value;
    }

    public static Fence fence(@Nullable String header) {
        if (header == null) throw new Problem(ProblemType.FENCE_REQUIRED,
                "Send the fence that create or claim returned as Holdpoint-Fence.").refused();
        return Fence.parse(header).orElseThrow(() -> invalid("Holdpoint-Fence is not a fence."));
    }

    /** How long to wait; zero when nothing is said. */
    public static Duration wait(@Nullable String text) {
        Duration wait = text == null ? Duration.ZERO : duration(text, "wait");
        if (wait.compareTo(LONGEST_WAIT) > 0) throw invalid("wait is at most PT60S.");
        return wait;
    }

    public static Duration ttl(String text) {
        Duration ttl = duration(text, "ttl");
        if (ttl.compareTo(LONGEST_TTL) > 0) throw invalid("ttl is at most ten years.");
        return ttl.truncatedTo(ChronoUnit.MILLIS);
    }

    private static Duration duration(String text, String name) {
        try {
            Duration duration = Duration.parse(text);
            if (duration.isNegative()) throw invalid(name + " must not be negative.");
            return duration;
        } catch (DateTimeException malformed) {
            throw invalid(name + " must be an ISO 8601 duration such as PT30S.");
        }
    }

    public static Instant instant(String text, String name) {
        try {
            Instant instant = Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
            if (instant.isAfter(LAST_INSTANT) || instant.isBefore(Instant.EPOCH))
                throw invalid(name + " is out of range.");
            return instant;
        } catch (DateTimeException malformed) {
            throw invalid(name + " must be an RFC 3339 instant such as 2026-01-31T09:30:00.000Z.");
        }
    }

    public static int pageSize(@Nullable String text) {
        if (text == null) return DEFAULT_PAGE;
        long size = number(text, "limit");
        if (size < 1 || size > LARGEST_PAGE) throw invalid("limit is 1 to 200.");
        return (int) size;
    }

    public static long number(String text, String name) {
        try {
            if (DIGITS.matcher(text).matches()) return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            // Too large; refused below.
        }
        throw invalid(name + " must be a whole number.");
    }

    /** How far an approval is to be remembered: not at all when nothing is said. */
    public static Scope scope(@Nullable String word) {
        return switch (word) {
            case null -> Scope.ONCE;
            case "once" -> Scope.ONCE;
            case "session" -> Scope.SESSION;
            case "always" -> Scope.ALWAYS;
            default -> throw invalid("scope must be once, session or always.");
        };
    }

    public static RuntimeException invalid(String detail) { return Refusals.invalid(detail).refused(); }
}
