package dev.holdpoint.archive.mongo;

import static com.mongodb.client.model.Filters.eq;

import java.time.Instant;
import java.util.List;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ArchiveTrouble;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.UserId;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * How an ended job is written down: names of fields are ours, what others wrote is always a value. Opaque JSON is kept
 * as a string, so that its numbers keep their digits.
 */
final class JobDocument {
    static final String COLLECTION = "jobs";

    private JobDocument() {}

    static Bson is(JobKey job, long generation) {
        return eq(new BsonDocument("tenant", tenant(job.space())).append("job", new BsonString(job.id().value()))
                .append("generation", new BsonInt64(generation)));
    }

    /** Empty for the tenant-less space: no tenant has an empty name. */
    static BsonString tenant(Space space) {
        return new BsonString(space.tenant() == null ? "" : space.tenant().value());
    }

    static Space space(String tenant) {
        return tenant.isEmpty() ? Space.TENANTLESS : new Space(new TenantId(tenant));
    }

    /** Adds to the tools that a job asked for. Compared as text they are folded. */
    static BsonDocument adding(List<String> tools) {
        return new BsonDocument("tools", each(tools)).append("toolTexts",
                each(tools.stream().map(HistoryQuery::folded).distinct().toList()));
    }

    private static BsonDocument each(List<String> texts) { return new BsonDocument("$each", strings(texts)); }

    static BsonArray strings(List<String> texts) {
        return new BsonArray(texts.stream().map(BsonString::new).toList());
    }

    /** Everything but the id and the tools. */
    static BsonDocument content(Job job) {
        Phase.Ended ended = job.ended().orElseThrow();
        JobDetails details = job.details();
        BsonDocument content = new BsonDocument("conversation", new BsonString(details.conversation().value()))
                .append("user", new BsonString(details.owner().value()));
        put(content, "agent", details.agent() == null ? null : details.agent().value());
        content.append("status", new BsonString(job.status().word()))
                .append("createdAt", date(job.createdAt())).append("lastActiveAt", date(job.lastActiveAt()))
                .append("endedAt", date(ended.at()))
                .append("execution", new BsonInt32(job.execution())).append("lastSeq", new BsonInt64(job.lastSeq()));
        put(content, "runId", details.runId());
        put(content, "responseMessageId", details.responseMessageId());
        put(content, "userMessage", text(details.userMessage()));
        put(content, "metadata", details.metadata().text());
        return content.append("ending", ending(ended.how()));
    }

    private static BsonDocument ending(Ending how) {
        BsonDocument ending = new BsonDocument();
        switch (how) {
            case Ending.Completed completed -> {
                put(ending, "how", "completed");
                put(ending, "result", text(completed.result()));
            }
            case Ending.Failed failed -> put(ending, "failed", failed.error());
            case Ending.Aborted aborted -> put(ending, "aborted", aborted.error());
            case Ending.Expired expired -> {
                put(ending, "how", "expired");
                put(ending, "action", expired.action() == null ? null : expired.action().value());
            }
            case Ending.Replaced replaced -> put(ending, "how", "replaced");
        }
        return ending;
    }

    private static void put(BsonDocument ending, String how, JobError error) {
        put(ending, "how", how);
        put(ending, "code", error.code());
        put(ending, "message", error.message());
    }

    static void put(BsonDocument document, String name, @Nullable String value) {
        if (value != null) document.put(name, new BsonString(value));
    }

    static @Nullable String text(@Nullable Json json) { return json == null ? null : json.text(); }

    static BsonDateTime date(Instant instant) { return new BsonDateTime(instant.toEpochMilli()); }

    static Job read(BsonDocument document) {
        try {
            return job(document);
        } catch (BsonInvalidOperationException | IllegalArgumentException broken) {
            throw new ArchiveTrouble("What is stored as " + document.get("_id") + " is no job", broken);
        }
    }

    private static Job job(BsonDocument document) {
        BsonDocument id = document.getDocument("_id");
        Space space = space(id.getString("tenant").getValue());
        String agent = text(document, "agent");
        JobDetails details = new JobDetails(new UserId(document.getString("user").getValue()),
                new ConversationId(document.getString("conversation").getValue()),
                agent == null ? null : new AgentId(agent),
                text(document, "runId"), text(document, "responseMessageId"), json(document, "userMessage"),
                new Json(document.getString("metadata").getValue()));
        return new Job(space.job(new JobId(id.getString("job").getValue())), id.getInt64("generation").getValue(),
                document.getInt32("execution").getValue(), details,
                new Phase.Ended(ending(document.getDocument("ending")), instant(document, "endedAt")),
                instant(document, "createdAt"), instant(document, "lastActiveAt"),
                document.getInt64("lastSeq").getValue(), List.of());
    }

    private static Ending ending(BsonDocument ending) {
        String how = ending.getString("how").getValue();
        return switch (how) {
            case "completed" -> new Ending.Completed(json(ending, "result"));
            case "failed" -> new Ending.Failed(error(ending));
            case "aborted" -> new Ending.Aborted(error(ending));
            case "expired" -> {
                String action = text(ending, "action");
                yield new Ending.Expired(action == null ? null : new ActionId(action));
            }
            case "replaced" -> new Ending.Replaced();
            default -> throw new IllegalArgumentException("no job ends as " + how);
        };
    }

    private static JobError error(BsonDocument ending) {
        return new JobError(ending.getString("code").getValue(), ending.getString("message").getValue());
    }

    private static @Nullable Json json(BsonDocument document, String name) {
        String text = text(document, name);
        return text == null ? null : new Json(text);
    }

    static @Nullable String text(BsonDocument document, String name) {
        return document.containsKey(name) ? document.getString(name).getValue() : null;
    }

    static Instant instant(BsonDocument document, String name) {
        return Instant.ofEpochMilli(document.getDateTime(name).getValue());
    }
}
