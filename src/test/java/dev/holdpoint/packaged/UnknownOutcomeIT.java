package dev.holdpoint.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.holdpoint.machine.Until;
import dev.holdpoint.redis.RedisServer;
import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of keys when nobody can tell whether their work was done: here a replica doesn't confirm it. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnknownOutcomeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RedisServer primary = RedisServer.standalone();
    private final RedisServer replica = RedisServer.replicaOf(primary);
    private final Packaged service = Packaged.start(Map.of("holdpoint.store", "redis", "quarkus.redis.hosts",
            primary.url(), "holdpoint.redis.durability", "replicated", "holdpoint.redis.buckets", "16"));

    @AfterEach
    void close() {
        service.close();
        replica.close();
        primary.close();
    }

    @Test
    void appendIsNeverDoneTwiceAndDecisionIsFound() {
        String fence = service.create("job");
        replica.pause();
        refused(append("blind", fence, Map.of()));
        refused(append("blind", fence, Map.of()));
        refused(append("guarded", fence, Map.of("Holdpoint-Expected-Seq", "2")));
        replica.resume();
        Until.holds("the replica confirms again", PATIENCE, () -> heartbeat(fence).statusCode() == 200);

        refused(append("blind", fence, Map.of()));
        assertThat(append("guarded", fence, Map.of("Holdpoint-Expected-Seq", "2")).path("type").toString())
                .endsWith("sequence-mismatch");
        List<String> names = service.as(Packaged.PERSON).accept("application/json").get("/v1/jobs/job/events?wait=PT0S")
                .path("items.event");
        assertThat(names).filteredOn("blind"::equals).hasSize(1);

        service.pause("job", fence, "a1");
        replica.pause();
        refused(approve());
        refused(approve());
        replica.resume();

        Until.holds("the decision is found", PATIENCE, () -> approve().statusCode() == 200);
        assertThat(approve().header("Idempotent-Replayed")).isEqualTo("true");
    }

    private Response append(String key, String fence, Map<String, String> headers) {
        return service.as(Packaged.AGENT).header("Idempotency-Key", key).header("Holdpoint-Fence", fence)
                .headers(headers).body("[{\"event\":\"%s\",\"data\":1}]".formatted(key)).post("/v1/jobs/job/events");
    }

    private Response heartbeat(String fence) {
        return service.as(Packaged.AGENT).header("Holdpoint-Fence", fence).post("/v1/jobs/job/heartbeat");
    }

    private Response approve() {
        return service.as(Packaged.PERSON).header("Idempotency-Key", "decision")
                .body("{\"actionId\":\"a1\",\"decisions\":[{\"tool_call_id\":\"c1\",\"decision\":\"approve\"}]}")
                .post("/v1/jobs/job/resolve");
    }

    private static void refused(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(503);
        assertThat(answer.path("type").toString()).endsWith("outcome-unknown");
    }
}
