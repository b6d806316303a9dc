package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** What browsers are told on every answer, refusals included. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class AnswerHeadersTest {
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
                    + " worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types holdpoint",
            "X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin", "Cross-Origin-Opener-Policy", "same-origin");
    private static final String AGENT = "Authorization: Bearer key-agent\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    record Asked(int status, String method, String target, String headers, String body, String caching) {}

    private static List<Asked> everyKindOfAnswer() {
        AJob ended = Api.agent().creates("u1");
        ended.completes().is(200);
        String events = ended.path() + "/events";
        String last = ended.read().text("/lastEventId");
        return List.of(
                new Asked(200, "GET", "/v1/info", AGENT, "", "no-store"),
                new Asked(201, "POST", "/v1/jobs", AGENT + JSON, "{\"userId\":\"u1\"}", "no-store"),
                new Asked(200, "GET", events, AGENT + "Accept: text/event-stream\r\n", "", "no-cache, no-transform"),
                new Asked(204, "GET", events,
                        AGENT + "Accept: text/event-stream\r\nLast-Event-ID: " + last + "\r\n", "", "no-store"),
                new Asked(401, "GET", "/v1/info", "", "", "no-store"),
                new Asked(403, "POST", ended.path() + "/resolve", AGENT + JSON,
                        Api.json("{'actionId':'a','decisions':[{'tool_call_id':'c','decision':'approve'}]}"),
                        "no-store"),
                new Asked(404, "GET", "/v1/jobs/none", AGENT, "", "no-store"),
                new Asked(404, "GET", "/nowhere", AGENT, "", ""),
                new Asked(405, "DELETE", "/v1/info", AGENT, "", "no-store"),
                new Asked(406, "GET", "/v1/info", AGENT + "Accept: image/png\r\n", "", "no-store"),
                new Asked(415, "POST", "/v1/jobs", AGENT + "Content-Type: text/plain\r\n", "x", "no-store"),
                new Asked(413, "POST", "/v1/jobs", AGENT + JSON, "x".repeat(2 << 20), "no-store"),
                new Asked(413, "POST", "/v1/jobs", AGENT + JSON, "x".repeat(5 << 20), "no-store"),
                new Asked(400, "GET", "/v1/jobs/%ff", AGENT, "", "no-store"),
                new Asked(400, "GET", "/v1/info", AGENT + AGENT, "", "no-store"),
                new Asked(200, "GET", "/q/health/live", "", "", "no-store"),
                new Asked(200, "GET", "/q/health/ready", "", "", "no-store"),
                new Asked(200, "GET", "/q/metrics", "", "", "no-store"),
                new Asked(200, "GET", "/q/openapi", "", "", "no-store"),
                new Asked(404, "GET", "/q/none", "", "", "no-store"));
    }

    @Test
    void everyAnswerSaysItAll() {
        for (Asked asked : everyKindOfAnswer()) {
            Wire.Answer answer =
                    Wire.request(asked.method(), asked.target(), asked.headers(), Wire.bytes(asked.body()));

            assertThat(answer.status()).as(answer.toString()).isEqualTo(asked.status());
            isHardened(answer);
            assertThat(answer.all("Cache-Control")).as(answer.head())
                    .isEqualTo(asked.caching().isEmpty() ? List.of() : List.of(asked.caching()));
        }
    }

    /** It has no end to wait for. */
    @Test
    void openStreamSaysItAll() {
        AJob job = Api.agent().creates("u1");
        try (Wire.Talk talk = new Wire.Talk()) {
            talk.say("GET " + job.path() + "/events HTTP/1.1\r\nHost: h\r\n" + AGENT
                    + "Accept: text/event-stream\r\n\r\n");
            Wire.Answer answer = Wire.parse(talk.hears());

            assertThat(answer.status()).isEqualTo(200);
            isHardened(answer);
            assertThat(answer.all("Cache-Control")).containsExactly("no-cache, no-transform");
        }
    }

    @Test
    void requestWithoutAHostIsAnsweredWithThemToo() {
        isHardened(Wire.send(Wire.bytes("GET /v1/info HTTP/1.1\r\nConnection: close\r\n\r\n")));
    }

    @Test
    void pageMayBeKeptByItsBrowser() {
        Wire.Answer page = Wire.request("GET", "/a-page-of-the-tests.html", "", new byte[0]);

        assertThat(page.status()).isEqualTo(200);
        isHardened(page);
        assertThat(page.header("Cache-Control")).doesNotContain("no-store");
    }

    private static void isHardened(Wire.Answer answer) {
        ALWAYS.forEach(
                (name, value) -> assertThat(answer.all(name)).as(name + " of " + answer).containsExactly(value));
        assertThat(answer.header("Permissions-Policy")).contains("camera=()", "microphone=()", "geolocation=()");
        // Over plain HTTP nobody believes it.
        assertThat(answer.all("Strict-Transport-Security")).isEmpty();
        assertThat(answer.all("Server")).isEmpty();
        assertThat(answer.head()).doesNotContainIgnoringCase("x-powered-by", "quarkus", "vert.x", "0.1.0");
    }
}
