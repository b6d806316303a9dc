package dev.holdpoint.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Which ended jobs to list. What isn't given doesn't narrow.
 *
 * @param tool exact name of a tool that a prompt of the job asked for
 * @param text occurs in the name of such a tool, in any case
 * @param from ended then or later, to the millisecond
 * @param to   ended before
 */
public record HistoryQuery(@Nullable UserId userId, @Nullable AgentId agentId, @Nullable JobStatus status,
        @Nullable String tool, @Nullable String text, @Nullable Instant from, @Nullable Instant to) {
    public static final HistoryQuery ALL = new HistoryQuery(null, null, null, null, null, null, null);

    public HistoryQuery {
        if (tool != null) Text.name("tool", tool);
        if (text != null) Text.name("text", text);
        from = toMillis(from);
        to = toMillis(to);
    }

    /** @param tools of an ended job */
    public boolean matches(Job ended, List<String> tools) {
        Instant at = HistoryPlace.of(ended).endedAt();
        return (userId == null || userId.equals(ended.details().owner()))
                && (agentId == null || agentId.equals(ended.details().agent()))
                && (status == null || status == ended.status())
                && (tool == null || tools.contains(tool))
                && (text == null || tools.stream().anyMatch(this::occursIn))
                && (from == null || !at.isBefore(from))
                && (to == null || at.isBefore(to));
    }

    private boolean occursIn(String tool) { return text != null && folded(tool).contains(folded(text)); }

    /** As text is compared. */
    public static String folded(String text) { return text.toLowerCase(Locale.ROOT); }

    private static @Nullable Instant toMillis(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
