package dev.holdpoint.store.redis;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.JudgedCall;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.UserId;
import dev.holdpoint.text.Texts;
import dev.holdpoint.text.Unreadable;
import org.jspecify.annotations.Nullable;

/** What the archive is owed, as an entry of the outbox holds it. Throws {@link Unreadable} for what no script wrote. */
final class StoredDebt {
    private StoredDebt() {}

    static Debt read(Map<String, String> fields) {
        return switch (fields.getOrDefault("kind", "ended")) {
            case "ended" -> ended(fields);
            case "closed" -> closed(fields);
            case "judged" -> judged(fields);
            case "news" -> news(fields);
            case "note" -> note(fields);
            default -> throw new Unreadable("nothing is owed as " + fields.get("kind"), null);
        };
    }

    private static Debt ended(Map<String, String> fields) {
        Job job = StoredJob.job(job(fields), fields);
        if (job.ended().isEmpty()) throw new Unreadable("the job has not ended", null);
        return new Debt.EndedJob(job);
    }

    private static Debt closed(Map<String, String> fields) {
        JobKey job = job(fields);
        UserId owner = StoredJob.user(fields.get("owner"));
        ClosedAction decided = fields.get("resolution") == null ? null
                : StoredJob.closed(job, owner, text(fields, "resolution"));
        Resolution resolution = decided == null ? null : decided.resolution();
        String outcome = text(fields, "outcome");
        return new Debt.ClosedPrompt(job, new EventId(number(fields, "generation"), number(fields, "seq")), at(fields),
                owner, new ConversationId(text(fields, "conversation")), agent(fields),
                resolution == null ? prompt(fields) : resolution.action(),
                outcome.isEmpty() ? ClosedAction.Outcome.EXPIRED
                        : ClosedAction.Outcome.valueOf(outcome.toUpperCase(java.util.Locale.ROOT)),
                resolution);
    }

    private static @Nullable PendingAction prompt(Map<String, String> fields) {
        if (fields.get("actionId") == null) return null;
        try {
            return StoredJob.prompt(text(fields, "actionId"), text(fields, "action"), text(fields, "pausedAt"),
                    fields.get("expiresAt"), text(fields, "deadline"));
        } catch (Unreadable | IllegalArgumentException malformed) {
            return null;
        }
    }

    private static Debt judged(Map<String, String> fields) {
        return new Debt.JudgedCalls(job(fields), number(fields, "generation"), at(fields),
                StoredJob.user(fields.get("owner")), new ConversationId(text(fields, "conversation")),
                List.of(Texts.read(text(fields, "calls"), JudgedCall[].class)));
    }

    private static Debt news(Map<String, String> fields) {
        JobKey job = job(fields);
        UserId owner = StoredJob.user(fields.get("owner"));
        EventId id = new EventId(number(fields, "generation"), number(fields, "seq"));
        Map<String, String> event = new LinkedHashMap<>(fields);
        event.put("kind", text(fields, "event"));
        if (StoredEvent.event(job, owner, id, at(fields), event).event() instanceof JobEvent.Lifecycle what)
            return new Debt.News(job, id, at(fields), owner, new ConversationId(text(fields, "conversation")),
                    agent(fields), what);
        throw new Unreadable("no news is a " + fields.get("event"), null);
    }

    private static @Nullable AgentId agent(Map<String, String> fields) {
        String agent = fields.getOrDefault("agent", "");
        return agent.isEmpty() ? null : new AgentId(agent);
    }

    private static Debt note(Map<String, String> fields) {
        String content = fields.getOrDefault("content", "");
        return new Note(text(fields, "id"), text(fields, "what"), Keys.space(fields.getOrDefault("tenant", "")),
                at(fields), new Json(text(fields, "body")), content.isEmpty() ? null : new Json(content));
    }

    /** A note as the scripts write it, in the order of their arguments. */
    static Map<String, String> fields(Note note) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("tenant", Keys.tenant(note.space()));
        fields.put("id", note.id());
        fields.put("what", note.kind());
        fields.put("at", Long.toString(note.at().toEpochMilli()));
        fields.put("body", note.body().text());
        fields.put("content", note.content() == null ? "" : note.content().text());
        return fields;
    }

    private static JobKey job(Map<String, String> fields) { return Keys.job(text(fields, "name")); }

    private static Instant at(Map<String, String> fields) { return Instant.ofEpochMilli(number(fields, "at")); }

    private static long number(Map<String, String> fields, String field) {
        return Long.parseLong(text(fields, field));
    }

    private static String text(Map<String, String> fields, String field) {
        String value = fields.get(field);
        if (value == null) throw new Unreadable(field + " is missing", null);
        return value;
    }
}
