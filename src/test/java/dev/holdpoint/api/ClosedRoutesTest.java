package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tells of the inside can be closed, and so can every dialect that nobody speaks. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(ClosedRoutesTest.Closed.class)
class ClosedRoutesTest {
    public static final class Closed implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("holdpoint.management.metrics", "false", "holdpoint.management.openapi", "false",
                    "holdpoint.dialects.librechat", "false", "holdpoint.dialects.langgraph", "false",
                    "holdpoint.dialects.mcp", "false");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/metrics", "/q/metrics/", "/q/metrics/x", "/q/%6detrics", "/q//metrics",
        "/q/health/../metrics", "/q/openapi", "/q/openapi.json", "/q/openapi.yaml", "/q/openapi?format=json",
        "/api/agents/chat/active", "/api/agents/chat/status/x", "/api/messages/x", "/api//messages/x",
        "/langgraph/threads/x", "/langgraph/info", "/mcp", "/mcp/", "/%6dcp", "/q/swagger-ui", "/q/swagger-ui/"})
    void closedRouteIsAsIfItWereNot(String target) {
        Wire.Answer answer =
                Wire.request("GET", target, "Accept: */*\r\nAuthorization: Bearer key-admin\r\n", new byte[0]);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(404);
        assertThat(Reply.parse(answer.body()).path("type").asText()).endsWith("/not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/agents/chat/resume", "/langgraph/threads/search", "/mcp"})
    void nothingIsDoneBehindAClosedRoute(String target) {
        Api admin = Api.as("admin");

        Reply reply = admin.sendUnchecked(admin.posting(target, "{}")); // by the contract it is there

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text("/type")).endsWith("/not-found");
    }

    @Test
    void healthStaysOpen() {
        Api.nobody().get("/q/health/ready").is(200);
    }
}
