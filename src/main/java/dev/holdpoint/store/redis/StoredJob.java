package dev.holdpoint.store.redis;

import static dev.holdpoint.store.redis.StoredJson.instant;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.text.Texts;
import dev.holdpoint.text.Unreadable;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * A job as its hash holds it. What something else wrote into the hash never fails a reader: such a job is one that
 * waits for nothing readable, so that it can only be ended.
 */
final class StoredJob {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");
    private static final Pattern COUNT = Pattern.compile("-?[0-9]{1,15}");
    private static final Set<String> TERMINAL = Set.of("complete", "error", "aborted");
    private static final Ending.Failed ENDING_UNREADABLE =
            new Ending.Failed(new JobError("unreadable", "How the job ended can't be read."));
    static final UserId NOBODY = new UserId("unreadable");
    private static final long MOST_EXECUTIONS = 1_000_000_000;

    private final JobKey key;
    private final Map<String, String> fields;
    private final List<String> memory;

    private StoredJob(JobKey key, Map<String, String> fields, List<String> memory) {
        this.key = key;
        this.fields = fields;
        this.memory = memory;
    }

    /** With the newest of the closed prompts. */
    static Job job(JobKey key, Map<String, String> fields) {
        String newest = fields.get("closed");
        return job(key, fields, newest == null ? List.of() : List.of(newest));
    }

    /** @param memory the closed prompts, oldest first */
    static Job job(JobKey key, Map<String, String> fields, List<String> memory) {
        return new StoredJob(key, fields, memory).job();
    }

    /** Names and values, one after the other, from this place on. */
    static Map<String, String> fields(Response flat, int from) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int at = from; at + 1 < flat.size(); at += 2)
            fields.put(flat.get(at).toString(), flat.get(at + 1).toString());
        return fields;
    }

    private Job job() {
        long generation = number("generation", 0);
        try {
            long execution = sound("execution");
            if (execution < 1 || execution > MOST_EXECUTIONS) throw new Unreadable("execution is out of range", null);
            List<ClosedAction> closed = closed();
            return new Job(key, sound("generation"), (int) execution, details(), phase(closed), sure("createdAt"),
                    sure("lastActiveAt"), sound("lastSeq"), closed);
        } catch (Unreadable | IllegalArgumentException | DateTimeException broken) {
            Instant active = Objects.requireNonNullElse(instantOrNull("lastActiveAt"), Instant.EPOCH);
            return new Job(key, generation, (int) Math.clamp(number("execution", 1), 1, MOST_EXECUTIONS),
                    detailsOrNobodys(), phaseOfBroken(active),
                    Objects.requireNonNullElse(instantOrNull("createdAt"), active), active, number("lastSeq", 0),
                    List.of());
        }
    }

    /** What has ended stays so, or nobody could clear it away. */
    private Phase phaseOfBroken(Instant active) {
        if (!TERMINAL.contains(fields.getOrDefault("status", ""))) return new Phase.Waiting(null);
        return new Phase.Ended(ENDING_UNREADABLE, Objects.requireNonNullElse(instantOrNull("endedAt"), active));
    }

    private JobDetails details() {
        StoredJson.Details rest = StoredJson.details(fields.get("details"));
        return new JobDetails(new UserId(text("owner")), new ConversationId(text("conversation")), agent(),
                rest.runId(), rest.responseMessageId(), rest.userMessage(), rest.metadata());
    }

    private JobDetails detailsOrNobodys() {
        try {
            return details();
        } catch (Unreadable | InvalidName broken) {
            return new JobDetails(owner(), new ConversationId("unreadable"), null, null, null, null,
                    Json.EMPTY_OBJECT);
        }
    }

    private UserId owner() { return user(fields.get("owner")); }

    static UserId user(@Nullable String owner) {
        try {
            return owner == null ? NOBODY : new UserId(owner);
        } catch (InvalidName broken) {
            return NOBODY;
        }
    }

    private @Nullable AgentId agent() {
        String agent = fields.get("agent");
        return agent == null ? null : new AgentId(agent);
    }

    private Phase phase(List<ClosedAction> closed) {
        String status = text("status");
        return switch (status) {
            case "running" -> new Phase.Running(continuation(closed));
            case "requires_action" -> new Phase.Waiting(prompt());
            case "complete", "error", "aborted" -> new Phase.Ended(ending(fields),
                    Objects.requireNonNullElseGet(instantOrNull("endedAt"), () -> sure("lastActiveAt")));
            default -> throw new Unreadable("no status is called " + status, null);
        };
    }

    private @Nullable Continuation continuation(List<ClosedAction> closed) {
        if (fields.get("hold") == null && fields.get("resolved") == null) return null;
        ActionId resolved = new ActionId(text("resolved"));
        Resolution resolution = closed.reversed().stream().filter(one -> one.id().equals(resolved)).findFirst()
                .map(ClosedAction::resolution)
                .orElseThrow(() -> new Unreadable("the resolution is missing", null));
        return new Continuation(resolution, switch (text("hold")) {
            case "open" -> new Continuation.Hold.Open();
            case "claimed" ->
                    new Continuation.Hold.Claimed(new WorkerId(text("worker")), sure("leaseExpiresAt"));
            default -> throw new Unreadable("no hold is called " + fields.get("hold"), null);
        });
    }

    /** Null when it can't be read: nobody may decide it. */
    private @Nullable PendingAction prompt() {
        try {
            if (!Objects.equals(fields.get("seal"), seal())) return null;
            return prompt(text("actionId"), text("action"), text("pausedAt"), fields.get("expiresAt"),
                    text("deadline"));
        } catch (Unreadable | IllegalArgumentException broken) {
            return null;
        }
    }

    private static final LastRead<String, StoredJson.Prompt> PROMPTS =
            new LastRead<>(text -> Texts.read(text, StoredJson.Prompt.class));

    static PendingAction prompt(String id, String action, String pausedAt, @Nullable String expiresAt,
            String deadline) {
        StoredJson.Prompt stored = PROMPTS.read(action, action.length());
        if (stored.payload() == null || stored.references() == null) throw new Unreadable("no prompt", null);
        return new PendingAction(new ActionId(id), stored.payload(), millis(pausedAt), instant(expiresAt),
                millis(deadline), stored.references(), stored.resumeContext(), stored.policyVersion());
    }

    private String seal() {
        return Seals.of(String.join("\n", text("actionId"), text("pausedAt"),
                Objects.requireNonNullElse(fields.get("expiresAt"), ""), text("deadline"), text("action")));
    }

    static Ending ending(Map<String, String> fields) {
        String how = fields.getOrDefault("ending", "");
        JobError unreadable = ENDING_UNREADABLE.error();
        JobError error = new JobError(fields.getOrDefault("errorCode", unreadable.code()),
                fields.getOrDefault("errorMessage", unreadable.message()));
        String result = fields.get("result");
        String action = fields.get("endedAction");
        return switch (how) {
            case "completed" -> new Ending.Completed(result == null ? null : new Json(result));
            case "aborted" -> new Ending.Aborted(error);
            case "expired" -> new Ending.Expired(action == null ? null : new ActionId(action));
            case "replaced" -> new Ending.Replaced();
            default -> new Ending.Failed(error);
        };
    }

    private List<ClosedAction> closed() {
        if (memory.isEmpty()) return List.of();
        UserId owner = owner();
        return memory.stream().map(entry -> closed(key, owner, entry)).toList();
    }

    /** What people said is not kept for its own sake; to be called every few seconds. */
    static void forgetLastRead() {
        PROMPTS.forget();
        CLOSED.forget();
    }

    private record Entry(JobKey job, UserId owner, String text) {}

    private static final LastRead<Entry, ClosedAction> CLOSED =
            new LastRead<>(entry -> parsed(entry.job(), entry.owner(), entry.text()));

    static ClosedAction closed(JobKey job, UserId owner, String entry) {
        return CLOSED.read(new Entry(job, owner, entry), entry.length());
    }

    /** {@code <generation> <outcome> <action id>}, and on the next line the resolution if there is one. */
    private static ClosedAction parsed(JobKey job, UserId owner, String entry) {
        int line = entry.indexOf('\n');
        String[] head = line < 0 ? new String[0] : entry.substring(0, line).split(" ", 3);
        if (head.length < 3) throw new Unreadable("a closed prompt can't be read", null);
        long generation = Long.parseLong(head[0]);
        ActionId action = new ActionId(head[2]);
        ClosedAction.Outcome outcome = ClosedAction.Outcome.valueOf(head[1].toUpperCase(Locale.ROOT));
        return new ClosedAction(action, generation, outcome, outcome == ClosedAction.Outcome.DECIDED
                ? resolution(job, owner, generation, action, StoredJson.strings(entry.substring(line + 1)))
                : null);
    }

    private static Resolution resolution(JobKey job, UserId owner, long generation, ActionId action, String[] parts) {
        if (parts.length < 9 || Arrays.asList(parts).contains(null))
            throw new Unreadable("a resolution can't be read", null);
        StoredJson.Decided decided = Texts.read(parts[1], StoredJson.Decided.class);
        if (decided.decidedBy() == null || decided.submission() == null || decided.durability() == null)
            throw new Unreadable("a resolution without its decision", null);
        return new Resolution(new ResolutionId(parts[0]), job, generation,
                prompt(action.value(), parts[5], parts[6], parts[7], parts[8]), new ConversationId(parts[3]), owner,
                parts[4].isEmpty() ? null : new AgentId(parts[4]), decided.decidedBy(), millis(parts[2]),
                decided.submission(), decided.durability());
    }

    private String text(String field) {
        String value = fields.get(field);
        if (value == null) throw new Unreadable(field + " is missing", null);
        return value;
    }

    private long sound(String field) {
        String value = text(field);
        if (!NUMBER.matcher(value).matches()) throw new Unreadable(field + " is not a number", null);
        return Long.parseLong(value);
    }

    private long number(String field, long otherwise) { return number(fields, field, otherwise); }

    static long number(Map<String, String> fields, String field, long otherwise) {
        String value = fields.get(field);
        return value != null && NUMBER.matcher(value).matches() ? Long.parseLong(value) : otherwise;
    }

    /** What can't be read counts for nothing. */
    static long count(String value) {
        return COUNT.matcher(value).matches() ? Long.parseLong(value) : 0;
    }

    private Instant sure(String field) { return Instant.ofEpochMilli(sound(field)); }

    private @Nullable Instant instantOrNull(String field) {
        String value = fields.get(field);
        return value != null && NUMBER.matcher(value).matches() ? Instant.ofEpochMilli(Long.parseLong(value)) : null;
    }

    private static Instant millis(String text) { return Instant.ofEpochMilli(Long.parseLong(text)); }
}
