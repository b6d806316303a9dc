package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** Whoever may come only so often is told how often, by every answer, and a flood stays its tenant's own trouble. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(RateLimitsTest.Limited.class)
class RateLimitsTest {
    private static final String PER_TENANT = "10";
    private static final String DECISIONS = "2";

    public static final class Limited implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("holdpoint.limits.requests-per-second", "1000",
                    "holdpoint.limits.requests-per-second-per-tenant", PER_TENANT,
                    "holdpoint.limits.requests-per-second-per-process", "2000",
                    "holdpoint.limits.decisions-per-minute", DECISIONS);
        }
    }

    private static void tells(Reply reply, String limit) {
        assertThat(reply.headers().allValues("RateLimit-Limit")).containsExactly(limit);
        assertThat(reply.headers().allValues("RateLimit-Remaining")).singleElement().asString().matches("[0-9]+");
        assertThat(reply.headers().allValues("RateLimit-Reset")).singleElement().asString().matches("[0-9]+");
    }

    @Test
    void everyAnswerTellsWhatIsLeft() {
        Api agent = Api.as("agent-t1");

        tells(agent.creates("u1").created(), PER_TENANT);
        tells(agent.reads("none").refused(404, "no-such-job"), PER_TENANT);
        tells(agent.post("/v1/jobs", "{'typo':1}").refused(400, "invalid-request"), PER_TENANT);
    }

    @Test
    void strangerIsToldNothing() {
        Reply refused = Api.nobody().get("/v1/info").refused(401, "unauthorized");

        assertThat(refused.headers().map()).doesNotContainKeys("ratelimit-limit", "ratelimit-remaining");
    }

    @Test
    void streamTellsWhatIsLeft() {
        AJob job = Api.as("agent-t1").creates("u1");

        try (Sse stream = Api.as("u1-t1").follows(job.id())) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.headers().allValues("RateLimit-Limit")).containsExactly(PER_TENANT);
            assertThat(stream.headers().allValues("RateLimit-Remaining")).hasSize(1);
        }
    }

    @Test
    void replayedAnswerTellsWhatIsLeftNow() {
        AJob job = Api.agent().creates("u1").paused("a1");
        Api once = Api.as("u1").once(Api.fresh("key"));

        Reply first = once.approves(job.id(), "a1").is(200);
        Reply again = once.approves(job.id(), "a1").is(200);

        tells(first, DECISIONS);
        // No decision is submitted by a replay, so the tenant's requests are the tightest again.
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        tells(again, PER_TENANT);
    }

    @Test
    void decisionsBeyondTheLimitAreRefusedAndMayBeTriedAgain() {
        AJob job = Api.as("agent-t1").creates("u2").paused("a1");
        Api user = Api.as("u2-t1");
        for (int wrong = 0; wrong < 2; wrong++) user.approves(job.id(), "other").refused(409, "stale-action");

        Reply refused = user.approves(job.id(), "a1").refused(429, "too-many-requests");

        tells(refused, DECISIONS);
        assertThat(refused.header("RateLimit-Remaining")).isEqualTo("0");
        assertThat(refused.header("Retry-After")).matches("[1-9]|[12][0-9]|30");
        user.reads(job.id()).has("/status", "requires_action");
    }

    @Test
    void floodOfOneTenantIsNotAnothersTrouble() {
        Api flooding = Api.as("agent-t2");
        AtomicReference<Reply> refused = new AtomicReference<>();

        Wire.await(() -> {
            List<CompletableFuture<Reply>> flood =
                    Stream.generate(() -> flooding.postLater("/v1/policy/evaluate", "{}")).limit(40).toList();
            flood.stream().map(CompletableFuture::join).filter(reply -> reply.status() == 429).findAny()
                    .ifPresent(refused::set);
            return refused.get() != null;
        });
        Reply other = Api.as("u1-t1").get("/v1/info");

        tells(refused.get().refused(429, "too-many-requests"), PER_TENANT);
        assertThat(refused.get().header("RateLimit-Remaining")).isEqualTo("0");
        assertThat(refused.get().header("Retry-After")).isEqualTo("1");
        tells(other.is(200), PER_TENANT);
    }
}
