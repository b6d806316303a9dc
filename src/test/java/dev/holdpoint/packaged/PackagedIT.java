package dev.holdpoint.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.holdpoint.machine.Until;
import dev.holdpoint.mongo.MongoServer;
import dev.holdpoint.redis.RedisServer;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a native image could have left behind, in one life of a job: scripts, schemas, resources, records read by their
 * names, ciphers. Everything else is tested in the JVM.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PackagedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void jobLivesItsLifeInTheEmbeddedStore() {
        try (Packaged service = Packaged.start(Map.of())) {
            liveALife(service);
        }
    }

    @Test
    void jobLivesItsLifeInRedisAndMongo() {
        try (RedisServer redis = RedisServer.standalone();
                MongoServer mongo = MongoServer.started();
                Packaged service = Packaged.start(Map.of("holdpoint.store", "redis", "quarkus.redis.hosts", redis.url(),
                        "holdpoint.archive", "mongo", "quarkus.mongodb.connection-string", mongo.url()))) {
            liveALife(service);
        }
    }

    private static void liveALife(Packaged service) {
        service.as(Packaged.PERSON).get("/").then().statusCode(200).body(containsString("Holdpoint"));
        service.as(Packaged.PERSON).get("/q/openapi").then().statusCode(200).body(containsString("/v1/jobs"));
        service.as(Packaged.PERSON).get("/q/health/live").then().statusCode(200);
        service.as("no key").get("/v1/approvals").then().statusCode(401).contentType("application/problem+json");

        service.as(Packaged.PERSON)
                .body("""
                        {"enabled":true,"deny":["drop_*"],"allow":[{"tool":"refund","when":{"/note":{"matches":"^[a-z ]+$"}}}]}""")
                .put("/v1/policy").then().statusCode(200);
        String fence = service.create("job");
        service.as(Packaged.AGENT).header("Holdpoint-Fence", fence)
                .body("[{\"event\":\"token\",\"data\":{\"text\":\"ä\\u202e\"}}]").post("/v1/jobs/job/events")
                .then().statusCode(202);
        service.pause("job", fence, "a1");
        service.as(Packaged.PERSON).get("/v1/approvals").then().statusCode(200).body("items", hasSize(1));

        edit(service, "NOT LIKE THE SCHEMA").then().statusCode(400).body("schemaErrors", hasSize(1));
        edit(service, "rob@example.com").then().statusCode(200);
        edit(service, "rob@example.com").then().statusCode(not(equalTo(500)));
        String next = service.as(Packaged.AGENT).body("{\"workerId\":\"w1\",\"wait\":\"PT5S\"}")
                .post("/v1/jobs/job/actions/a1/claim").then().statusCode(200).extract().path("fence");
        service.as(Packaged.AGENT).header("Holdpoint-Fence", next).body("{\"final\":{\"text\":\"done\"}}")
                .post("/v1/jobs/job/complete").then().statusCode(200);

        assertThat(service.as(Packaged.PERSON).accept("text/event-stream").get("/v1/jobs/job/events").asString())
                .contains("event: job.created", "event: token", "event: job.paused", "event: job.resumed",
                        "event: job.completed");
        Until.holds("the archive has it", PATIENCE, () -> service.as(Packaged.PERSON).get("/v1/resolutions")
                .then().statusCode(200).extract().<List<?>>path("items").size() == 1);
        service.as(Packaged.PERSON).get("/v1/history").then().statusCode(200);
        service.as(Packaged.PERSON).body("{}").post("/v1/resolutions/verify").then().statusCode(200)
                .body("ok", equalTo(true));
        service.as(Packaged.PERSON).get("/q/metrics").then().statusCode(200)
                .body(containsString("http_server_requests_seconds"));
        assertThat(service.said()).noneMatch(line -> line.contains("ERROR") || line.contains("Exception"));
    }

    private static Response edit(Packaged service, String to) {
        return service.as(Packaged.PERSON).body("""
                {"actionId":"a1","decisions":[{"tool_call_id":"c1","decision":"edit","editedArguments":{"to":"%s"}}]}"""
                .formatted(to)).post("/v1/jobs/job/resolve");
    }
}
