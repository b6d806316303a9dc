package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** The same key and the same body get the first answer again. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class IdempotencyTest {
    private final Api agent = Api.agent();

    @Test
    void repeatedCallGetsTheFirstAnswerAgain() {
        Api once = agent.once(Api.fresh("key"));

        Reply first = once.post("/v1/jobs", "{'userId':'u1'}").is(201);
        Reply again = once.post("/v1/jobs", "{'userId':'u1'}").is(201);

        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
    }

    @Test
    void repeatedEventsLandOnce() {
        AJob job = agent.creates("u1");
        Api once = agent.once(Api.fresh("key")).with("Holdpoint-Fence", job.fence());

        once.post(job.path() + "/events", "[{'event':'e','data':1}]").is(202);
        once.post(job.path() + "/events", "[{'event':'e','data':1}]").is(202);

        job.read().has("/lastEventId", job.generation() + "-2");
    }

    @Test
    void otherBodyIsRefused() {
        Api once = agent.once(Api.fresh("key"));

        once.post("/v1/jobs", "{'userId':'u1'}").is(201);

        once.post("/v1/jobs", "{'userId':'u2'}").refused(422, "idempotency-key-reused");
    }

    @Test
    void refusalIsRepeatedToo() {
        AJob job = agent.creates("u1");
        Api once = Api.as("u1").once(Api.fresh("key"));
        once.approves(job.id(), "a1").refused(409, "not-waiting");
        job.paused("a1");

        Reply again = once.approves(job.id(), "a1").refused(409, "not-waiting");

        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void callUnderWayIsNotStartedTwice() {
        AJob job = agent.creates("u1").paused("a1");
        Api once = agent.once(Api.fresh("key"));
        String target = job.path() + "/actions/a1/claim";
        String body = "{'workerId':'w','wait':'PT30S'}";
        CompletableFuture<Reply> first = once.postLater(target, body);
        CompletableFuture<Reply> second = once.postLater(target, body);

        // Whichever came second is answered at once, the other waits on.
        Reply early = (Reply) CompletableFuture.anyOf(first, second).join();
        Api.as("u1").approves(job.id(), "a1").is(200);

        assertThat(early.refused(409, "in-progress").header("Retry-After")).matches("[1-9][0-9]*");
        Reply won = first.join().status() == 200 ? first.join() : second.join();
        assertThat(once.post(target, body).is(200).body()).isEqualTo(won.is(200).body());
    }

    @Test
    void keyIsScopedByCallerTenantAndRoute() {
        String key = Api.fresh("key");
        String id = Api.fresh("job");
        String body = "{'userId':'u1','id':'%s'}".formatted(id);

        for (Api caller : new Api[]{agent, agent.inTenant("t1"), agent.inTenant("t2"), Api.as("agent2")}) {
            assertThat(caller.once(key).post("/v1/jobs", body).is(201).header("Idempotent-Replayed")).isEmpty();
        }
        AJob one = agent.creates("u1");
        AJob other = agent.creates("u1");
        Api user = Api.as("u1").once(key);
        assertThat(user.aborts(one.id()).is(200).header("Idempotent-Replayed")).isEmpty();
        assertThat(user.aborts(other.id()).is(200).header("Idempotent-Replayed")).isEmpty();
    }

    @Test
    void longestKeyIsTaken() {
        agent.once("k".repeat(128)).post("/v1/tickets", "{}").is(201);
        agent.once("!~\"#").post("/v1/tickets", "{}").is(201);
    }

    @Test
    void keyOfAnotherFormIsRefused() {
        for (String key : new String[]{"a b", "k".repeat(129)}) {
            agent.once(key).post("/v1/tickets", "{}").refused(400, "invalid-request");
        }
    }

    @Test
    void tenantWithTheNameOfNothingSharesNoKeyWithTheTenantlessSpace() {
        String key = Api.fresh("key");
        agent.once(key).post("/v1/jobs", "{'userId':'u1'}").is(201);

        Reply other = agent.inTenant("null").once(key).post("/v1/jobs", "{'userId':'u1'}").is(201);

        assertThat(other.header("Idempotent-Replayed")).isEmpty();
        other.has("/tenantId", "null");
    }

    @Test
    void requestThatNamesNothingValidKeepsItsRefusal() {
        Api once = agent.once(Api.fresh("key"));
        once.post("/v1/jobs", "{'id':'','userId':'u1'}").refused(400, "invalid-request");

        once.post("/v1/jobs", "{'userId':'u1'}").refused(422, "idempotency-key-reused");
    }
}
