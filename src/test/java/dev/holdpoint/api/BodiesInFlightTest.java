package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** Bodies have room together, and time each; whoever finds no room is sent away before a byte of his body is read. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(BodiesInFlightTest.RoomForOne.class)
class BodiesInFlightTest {
    private static final int LARGEST = 64 << 10;
    private static final String JOB = "{\"userId\":\"u1\"}";
    private static final String HEAD = String.join("\r\n", "POST /v1/jobs HTTP/1.1", "Host: h", "Connection: close",
            "Expect: 100-continue", "Content-Type: application/json", "");
    private static final String AGENT = "Authorization: Bearer key-agent\r\n";
    private static final String LONG = HEAD + AGENT + "Content-Length: " + LARGEST + "\r\n\r\n";
    private static final String CHUNKED = HEAD + AGENT + "Transfer-Encoding: chunked\r\n\r\n";

    private final Api agent = Api.agent();

    public static final class RoomForOne implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("holdpoint.limits.events-body", "64K", "holdpoint.limits.bodies-in-flight", "64K",
                    "holdpoint.limits.body-time", "PT5S");
        }
    }

    /** Whoever is told to go on has been given room. */
    private static Wire.Talk admitted(String head) {
        Wire.Talk talk = new Wire.Talk();
        talk.say(head);
        assertThat(talk.hears()).startsWith("HTTP/1.1 100");
        return talk;
    }

    private void awaitRoom() {
        Wire.await(() -> agent.post("/v1/jobs", JOB).status() == 201);
    }

    private void noRoom() {
        Reply refused = agent.post("/v1/jobs", JOB).refused(503, "overloaded");

        assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void bodyThatFindsNoRoomIsRefusedUntilAnotherIsAnswered() {
        try (Wire.Talk talk = admitted(LONG)) {
            talk.say("{");

            noRoom();
            agent.get("/v1/info").is(200);

            talk.say("\"userId\":\"u1\"}" + " ".repeat(LARGEST - JOB.length()));
            assertThat(talk.hears()).startsWith("HTTP/1.1 201");
        }
        awaitRoom();
    }

    @Test
    void bodyThatTellsNoLengthCountsAsTheLargestUntilItIsThere() {
        try (Wire.Talk talk = admitted(CHUNKED)) {
            talk.say("1\r\n{\r\n");

            noRoom();

            talk.say("e\r\n\"userId\":\"u1\"}\r\n0\r\n\r\n");
            assertThat(talk.hears()).startsWith("HTTP/1.1 201");
        }
        awaitRoom();
    }

    @Test
    void bodyThatStopsHalfWayLosesItsConnectionAndItsRoom() {
        try (Wire.Talk talk = admitted(LONG)) {
            talk.say(" ".repeat(LARGEST / 2));

            assertThat(talk.hears()).isEmpty();
        }
        awaitRoom();
    }

    @Test
    void bodyThatDripsHasNoMoreTimeThanAnyOther() {
        try (Wire.Talk talk = admitted(LONG)) {
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(talk::hears);

            Wire.await(() -> {
                talk.sayIfAnybodyListens(" ");
                return heard.isDone();
            });
            assertThat(heard.join()).isEmpty();
        }
        awaitRoom();
    }

    @Test
    void whoeverHangsUpGivesItsRoomBack() {
        admitted(LONG).close();

        awaitRoom();
    }

    @Test
    void strangerHoldsNoRoom() {
        try (Wire.Talk talk = new Wire.Talk()) {
            talk.say(HEAD + "Content-Length: " + LARGEST + "\r\n\r\n");

            assertThat(talk.hears()).startsWith("HTTP/1.1 401");
            awaitRoom();
        }
    }

    @Test
    void roomIsHeldUntilTheAnswerNotOnlyUntilTheBodyIsThere() {
        AJob job = agent.creates("u1").paused("a1");
        String body = "{\"workerId\":\"w\",\"wait\":\"PT20S\"}";
        // Room is left for a decision, not for what is padded.
        int length = LARGEST - 1000;
        String head = LONG.replace("/v1/jobs", job.path() + "/actions/a1/claim")
                .replace("Length: " + LARGEST, "Length: " + length);
        String padded = JOB + " ".repeat(2000);

        try (Wire.Talk claim = admitted(head)) {
            claim.say(body + " ".repeat(length - body.length()));
            assertThat(agent.postExactly("/v1/jobs", padded).status()).isEqualTo(503);
            Api.as("u1").approves(job.id(), "a1").is(200);

            assertThat(claim.hears()).startsWith("HTTP/1.1 200");
        }
        Wire.await(() -> agent.postExactly("/v1/jobs", padded).status() == 201);
    }
}
