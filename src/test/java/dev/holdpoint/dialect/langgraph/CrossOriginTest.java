package dev.holdpoint.dialect.langgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import java.util.Map;

import dev.holdpoint.api.AJob;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.Reply;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** A page of another origin gets through where an operator has named it, and nobody else's does. */
@QuarkusTest
@TestProfile(CrossOriginTest.OnePage.class)
@WithTestResource(KeysFile.class)
class CrossOriginTest {
    private static final String PAGE = "https://inbox.test";

    /** As docs/dialects/langgraph.md has it. */
    public static class OnePage implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.http.cors.enabled", "true", "quarkus.http.cors.origins", PAGE);
        }
    }

    private static Reply preflight(String origin, String method) {
        Api browser = Api.nobody().with("Origin", origin).with("Access-Control-Request-Method", method)
                .with("Access-Control-Request-Headers", "content-type,x-api-key");
        return browser.sendUnchecked(browser.request("/langgraph/threads/search").method("OPTIONS",
                BodyPublishers.noBody()));
    }

    @Test
    void browserIsToldThatThePageMayAskWithoutAKey() {
        Reply allowed = preflight(PAGE, "POST");

        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo(PAGE);
        assertThat(allowed.header("Access-Control-Allow-Headers").toLowerCase(Locale.ROOT))
                .contains("content-type", "x-api-key");
        assertThat(allowed.header("Access-Control-Allow-Credentials")).isEqualTo("false");
    }

    @Test
    void otherPagesAreNotLetIn() {
        assertThat(preflight("https://evil.test", "POST").header("Access-Control-Allow-Origin")).isEmpty();
        Api evil = Api.as("u1").with("Origin", "https://evil.test");
        Reply refused = evil.sendUnchecked(evil.request("/langgraph/info").GET());
        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void pageReadsAndDecidesWithItsKey() {
        AJob job = Api.agent().creates("u1").paused("a1");
        Api page = Api.nobody().with("x-api-key", "key-u1").with("Origin", PAGE);

        Reply thread = page.get("/langgraph/threads/" + job.id()).is(200);
        Reply run = page.post("/langgraph/threads/" + job.id() + "/runs",
                "{'command':{'resume':[{'type':'accept','args':null}]}}").is(200);

        assertThat(thread.header("Access-Control-Allow-Origin")).isEqualTo(PAGE);
        assertThat(run.header("Access-Control-Expose-Headers")).contains("content-location");
        Api.nobody().with("Origin", PAGE).get("/langgraph/threads/" + job.id()).refused(401, "unauthorized");
    }
}
