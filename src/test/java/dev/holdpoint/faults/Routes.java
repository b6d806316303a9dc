package dev.holdpoint.faults;

import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.faults.Door.Call;

/** The calls that this suite makes. */
final class Routes {
    static final String JOBS = "/v1/jobs/";

    private Routes() {}

    static Call create(String job) {
        return Call.post("/v1/jobs", Keys.AGENT,
                "{\"id\":\"%s\",\"userId\":\"owner\",\"ifActive\":\"reject\"}".formatted(job));
    }

    static Call append(String job, String fence, long behind, String events) {
        return Call.post(JOBS + job + "/events", Keys.AGENT, events).under(fence).behind(behind);
    }

    static Call pause(String job, String fence, String action) {
        return Call.post(JOBS + job + "/pause", Keys.AGENT, """
                {"action":{"actionId":"%s","ttl":"PT15M","payload":{"type":"tool_approval","action_requests":[
                {"tool_call_id":"c1","name":"send_email","arguments":{"to":"bob@example.com"}}]}}}""".formatted(action))
                .under(fence);
    }

    static Call resolve(String job, String action, String by, String decisions) {
        return Call.post(JOBS + job + "/resolve", Keys.of(by),
                "{\"actionId\":\"%s\",\"decisions\":%s}".formatted(action, decisions));
    }

    static Call claim(String job, String action, String worker, Duration wait) {
        return Call.post(JOBS + job + "/actions/" + action + "/claim", Keys.AGENT, claimant(worker, wait))
                .waiting(wait);
    }

    static Call claimAny(String worker, Duration wait) {
        return Call.post("/v1/continuations/claim", Keys.AGENT, claimant(worker, wait)).waiting(wait);
    }

    private static String claimant(String worker, Duration wait) {
        return "{\"workerId\":\"%s\",\"wait\":\"%s\"}".formatted(worker, wait);
    }

    static Call heartbeat(String job, String fence) {
        return Call.post(JOBS + job + "/heartbeat", Keys.AGENT, null).under(fence);
    }

    static Call complete(String job, String fence) {
        return Call.post(JOBS + job + "/complete", Keys.AGENT, "{\"final\":{\"text\":\"done\"}}").under(fence);
    }

    static Call job(String job) { return Call.get(JOBS + job, Keys.VIEWER); }

    static Call log(String job) { return Call.get(JOBS + job + "/events?limit=200", Keys.VIEWER); }

    static Call inbox() { return Call.get("/v1/approvals?limit=200", Keys.VIEWER); }

    static long seq(String eventId) { return Long.parseLong(eventId.substring(eventId.indexOf('-') + 1)); }

    static Fact.Event event(JsonNode item) {
        return new Fact.Event(item.path("id").asText(), item.path("event").asText(), item.path("data").toString());
    }
}
