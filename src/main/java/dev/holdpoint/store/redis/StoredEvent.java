package dev.holdpoint.store.redis;

import static dev.holdpoint.store.redis.StoredJson.instant;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.text.Unreadable;
import io.vertx.redis.client.Response;

/** An event as its log entry, or a notice of it, holds it. */
final class StoredEvent {
    private StoredEvent() {}

    /** An entry of a stream: its id and its fields. */
    static LoggedEvent event(JobKey job, UserId owner, Response entry) {
        EventId id = EventId.parse(entry.get(0).toString())
                .orElseThrow(() -> new Unreadable("no event id: " + entry.get(0), null));
        Map<String, String> fields = StoredJob.fields(entry.get(1), 0);
        Instant at = instant(fields.get("at"));
        return event(job, owner, id, at == null ? Instant.EPOCH : at, fields);
    }

    static LoggedEvent event(JobKey job, UserId owner, EventId id, Instant at, Map<String, String> fields) {
        return new LoggedEvent(id, at, switch (text(fields, "kind")) {
            case "reported" ->
                    new JobEvent.Reported(new EventName(text(fields, "name")), new Json(text(fields, "data")),
                            fields.containsKey("retained"));
            case "created" -> new JobEvent.JobCreated(created(job, id, at, fields));
            case "paused" -> new JobEvent.JobPaused(StoredJob.prompt(text(fields, "actionId"), text(fields, "action"),
                    text(fields, "pausedAt"), fields.get("expiresAt"), text(fields, "deadline")));
            case "resumed" -> new JobEvent.JobResumed(resolution(job, owner, text(fields, "resolution")));
            case "claimed" -> new JobEvent.JobClaimed(new WorkerId(text(fields, "worker")),
                    Integer.parseInt(text(fields, "execution")));
            case "ended" -> new JobEvent.JobEnded(StoredJob.ending(fields));
            default -> throw new Unreadable("no event is called " + fields.get("kind"), null);
        });
    }

    private static Job created(JobKey job, EventId id, Instant at, Map<String, String> fields) {
        StoredJson.Details rest = StoredJson.details(fields.get("details"));
        String agent = fields.get("agent");
        JobDetails details = new JobDetails(new UserId(text(fields, "owner")),
                new ConversationId(text(fields, "conversation")), agent == null ? null : new AgentId(agent),
                rest.runId(), rest.responseMessageId(), rest.userMessage(), rest.metadata());
        return new Job(job, id.generation(), 1, details, new Phase.Running(null), at, at, 1, List.of());
    }

    private static Resolution resolution(JobKey job, UserId owner, String entry) {
        Resolution resolution = StoredJob.closed(job, owner, entry).resolution();
        if (resolution == null) throw new Unreadable("a resumed job without a resolution", null);
        return resolution;
    }

    private static String text(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) throw new Unreadable(name + " is missing", null);
        return value;
    }
}
