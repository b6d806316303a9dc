package dev.holdpoint.store.redis.wire;

import java.util.Map;

import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.StoreTrouble.Kind;
import io.vertx.redis.client.impl.types.ErrorType;
import org.jspecify.annotations.Nullable;

/** What each failure of a command means: was anything done, may it be tried again, and what to tell whoever asked. */
final class Troubles {
    /** Refusals by the server, by the first word of the error: the command was not run. */
    private static final Map<String, Kind> REFUSALS = Map.ofEntries(
            Map.entry("LOADING", Kind.UNAVAILABLE), Map.entry("MASTERDOWN", Kind.UNAVAILABLE),
            Map.entry("CLUSTERDOWN", Kind.UNAVAILABLE), Map.entry("TRYAGAIN", Kind.UNAVAILABLE),
            Map.entry("MOVED", Kind.UNAVAILABLE), Map.entry("ASK", Kind.UNAVAILABLE),
            Map.entry("NOAUTH", Kind.UNAVAILABLE), Map.entry("WRONGPASS", Kind.UNAVAILABLE),
            Map.entry("READONLY", Kind.READONLY), Map.entry("NOREPLICAS", Kind.READONLY),
            Map.entry("MISCONF", Kind.READONLY),
            Map.entry("OOM", Kind.OVERLOADED), Map.entry("BUSY", Kind.OVERLOADED));

    private Troubles() {}

    /** First word of a server's error; null when the failure isn't one. */
    static @Nullable String code(Throwable failure) {
        if (!(failure instanceof ErrorType error)) return null;
        String message = String.valueOf(error.getMessage());
        int space = message.indexOf(' ');
        return space < 0 ? message : message.substring(0, space);
    }

    /** Why nothing was done; null when it may have been. */
    static @Nullable Kind refusal(Throwable failure) {
        if (failure instanceof Link.NotSent) return Kind.UNAVAILABLE;
        String code = code(failure);
        if (code == null && isSaidBeforeSending(failure)) return Kind.UNAVAILABLE;
        if (code == null) return isQueueFull(failure) ? Kind.OVERLOADED : null;
        return REFUSALS.get(code);
    }

    private static boolean isSaidBeforeSending(Throwable failure) {
        return "Connection is closed".equals(failure.getMessage());
    }

    private static boolean isQueueFull(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains("waiting queue is full");
    }

    /** Whether the connection broke while the answer was still to come. */
    static boolean isCut(Throwable failure) {
        String code = code(failure);
        return code == null || code.equals("CONNECTION_CLOSED");
    }

    static StoreTrouble trouble(Kind kind, Throwable cause) {
        return new StoreTrouble(kind, switch (kind) {
            case UNAVAILABLE -> "Redis can't be reached or isn't ready";
            case READONLY -> "Redis takes no writes";
            case OVERLOADED -> "Redis has no room or no time";
            case OUTCOME_UNKNOWN -> "Redis did not confirm the outcome";
        } + ": " + cause.getMessage(), cause);
    }
}
