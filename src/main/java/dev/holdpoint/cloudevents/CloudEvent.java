package dev.holdpoint.cloudevents;

import java.time.Instant;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.job.Text;
import dev.holdpoint.job.TraceParent;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, with what CloudEvents wants to know of it.
 *
 * @param id      the same wherever and however often this is told
 * @param type    our name of it
 * @param subject the path of what it happened to, below {@code /v1}
 * @param trace   where whoever made it happen was in a trace, if he said so
 */
public record CloudEvent(String id, String type, String subject, Instant at, @Nullable TraceParent trace, Json data) {
    private static final int ID_DIGITS = 32;

    public static String id(JobKey job, EventId event, String type) {
        String tenant = job.space().tenant() == null ? "" : job.space().tenant().value();
        String named = String.join("\n", tenant, job.id().value(), event.toString(), type);
        return "evt_" + Sha256.of(named).substring(0, ID_DIGITS);
    }

    public static String subject(JobId job) { return "jobs/" + Text.inPath(job.value()); }

    public static String subject(JobId job, ActionId action) {
        return subject(job) + "/actions/" + Text.inPath(action.value());
    }
}
