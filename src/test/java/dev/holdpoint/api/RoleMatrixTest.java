package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may call what. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class RoleMatrixTest {

    @ConfigProperty(name = "holdpoint.auth.keys-file") Path keysFile;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # key       | own job: read | decide | abort | expire
            agent       | 200 | 403 | 403 | 200
            agent2      | 200 | 403 | 403 | 200
            u1          | 200 | 200 | 200 | 403
            u2          | 403 | 403 | 403 | 403
            reviewer    | 200 | 200 | 403 | 403
            auditor     | 403 | 403 | 403 | 403
            admin       | 200 | 200 | 200 | 200
            agent-t1    | 404 | 404 | 404 | 404
            u1-t1       | 200 | 200 | 200 | 403
            u2-t1       | 404 | 404 | 404 | 403
            reviewer-t1 | 404 | 404 | 404 | 403
            auditor-t1  | 404 | 404 | 404 | 403
            admin-t1    | 404 | 404 | 404 | 404
            """)
    void roleDecidesWhatMayBeDoneToATenantlessJobOfU1(String key, int read, int decide, int abort, int expire) {
        matrix(Api.agent(), key, read, decide, abort, expire);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            agent-t1    | 200 | 403 | 403 | 200
            u1-t1       | 200 | 200 | 200 | 403
            u2-t1       | 403 | 403 | 403 | 403
            reviewer-t1 | 200 | 200 | 403 | 403
            auditor-t1  | 403 | 403 | 403 | 403
            admin-t1    | 200 | 200 | 200 | 200
            agent-t2    | 404 | 404 | 404 | 404
            u1-t2       | 404 | 404 | 404 | 403
            reviewer-t2 | 404 | 404 | 404 | 403
            admin-t2    | 404 | 404 | 404 | 404
            u1          | 404 | 404 | 404 | 403
            reviewer    | 404 | 404 | 404 | 403
            admin       | 404 | 404 | 404 | 404
            """)
    void roleDecidesWhatMayBeDoneToAJobOfU1InATenant(String key, int read, int decide, int abort, int expire) {
        matrix(Api.as("agent-t1"), key, read, decide, abort, expire);
    }

    @Test
    void agentsAndAdminsSayWhoseAJobIs() {
        for (String key : List.of("agent", "admin")) Api.as(key).creates("u1").created().has("/userId", "u1");
        Api.as("agent").post("/v1/jobs", "{}").refused(400, "invalid-request");
        Api.as("admin").post("/v1/jobs", "{}").is(201).has("/userId", "admin");
        Api.as("u1").post("/v1/jobs", "{'userId':'u1'}").refused(403, "forbidden");
    }

    private static void matrix(Api worker, String key, int read, int decide, int abort, int expire) {
        AJob job = worker.creates("u1").paused("a1");
        Api caller = Api.as(key);

        caller.reads(job.id()).is(read);
        caller.get(job.path() + "/state").is(read);
        caller.get(job.path() + "/events").is(read);
        try (Sse stream = caller.follows(job.id())) {
            assertThat(stream.status()).isEqualTo(read);
        }
        caller.approves(job.id(), "a1").is(decide);
        caller.aborts(worker.creates("u1").id()).is(abort);
        caller.post(worker.creates("u1").paused("a1").path() + "/expire", "{}").is(expire);
    }

    static Stream<String> workerRoutes() {
        return Stream.of("events", "pause", "gate", "complete", "fail", "heartbeat", "actions/a1/claim");
    }

    @ParameterizedTest
    @MethodSource("workerRoutes")
    void onlyAgentsAndAdminsDrive(String route) {
        AJob job = Api.agent().creates("u1");
        String body = switch (route) {
            case "events" -> "[{'event':'e','data':1}]";
            case "pause" -> "{'action':{'actionId':'a1','payload':" + AJob.oneCall() + "}}";
            case "gate" -> "{'actionId':'a1','toolCalls':[" + AJob.toolCall("c1", "send") + "]}";
            case "fail" -> "{'code':'c','message':'m'}";
            case "complete", "heartbeat" -> "{}";
            default -> "{'workerId':'w'}";
        };
        String target = job.path() + "/" + route;

        for (String key : List.of("u1", "u2", "reviewer", "auditor")) {
            Api.as(key).with("Holdpoint-Fence", job.fence()).post(target, body).refused(403, "forbidden");
        }
        for (String key : List.of("agent-t1", "admin-t1", "agent-t2")) {
            Api.as(key).with("Holdpoint-Fence", job.fence()).post(target, body).refused(404, "no-such-job");
        }
        if (route.equals("actions/a1/claim")) job.paused("a1");
        Reply admin = Api.as("admin").with("Holdpoint-Fence", job.fence()).post(target, body);
        assertThat(admin.status()).isIn(200, 202, 204);
    }

    @Test
    void onlyAgentsAndAdminsCreateAndClaim() {
        for (String key : List.of("u1", "reviewer", "auditor")) {
            Api.as(key).post("/v1/jobs", "{'userId':'u1'}").refused(403, "forbidden");
            Api.as(key).post("/v1/continuations/claim", "{'workerId':'w'}").refused(403, "forbidden");
        }
    }

    @Test
    void onlyWhoDecidesSeesTheInbox() {
        for (String key : List.of("u1", "reviewer", "admin")) Api.as(key).get("/v1/approvals").is(200);
        for (String key : List.of("agent", "auditor")) Api.as(key).get("/v1/approvals").refused(403, "forbidden");
        Api.as("u1").get("/v1/approvals?userId=u2").refused(403, "forbidden");
        Api.as("u1").get("/v1/approvals?userId=u1").is(200);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # key    | read and change the policy | simulate | evaluate | list grants | revoke a grant
            agent    | 403 | 403 | 200 | 403 | 403
            u1       | 403 | 403 | 403 | 200 | 404
            reviewer | 403 | 403 | 200 | 200 | 404
            auditor  | 403 | 403 | 403 | 403 | 403
            admin    | 200 | 200 | 200 | 200 | 404
            """)
    void roleDecidesWhatMayBeDoneToPolicyAndGrants(String key, int rule, int simulate, int evaluate, int list,
            int revoke) {
        Api caller = ATenant.fresh().as(key);

        caller.get("/v1/policy").is(rule);
        caller.put("/v1/policy", "{'enabled':true}").is(rule);
        caller.post("/v1/policy/simulate", "{'policy':{'enabled':true}}").is(simulate);
        caller.post("/v1/policy/evaluate", "{'userId':'u1','toolCalls':[" + AJob.toolCall("c1", "send") + "]}")
                .is(evaluate);
        caller.get("/v1/grants").is(list);
        caller.delete("/v1/grants/none").is(revoke);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # key    | own records and history | those of u2 | verify and export | erase | conversations
            agent    | 403 | 403 | 403 | 403 | 200
            u1       | 200 | 403 | 403 | 403 | 200
            reviewer | 200 | 403 | 403 | 403 | 200
            auditor  | 200 | 200 | 200 | 403 | 403
            admin    | 200 | 200 | 200 | 200 | 200
            """)
    void roleDecidesWhatMayBeDoneToTheProof(String key, int own, int others, int whole, int erase, int conversations) {
        Api caller = ATenant.fresh().as(key);

        caller.get("/v1/resolutions").is(own);
        caller.get("/v1/history").is(own);
        caller.get("/v1/resolutions?userId=u2").is(others);
        caller.get("/v1/history?userId=u2").is(others);
        caller.post("/v1/resolutions/verify", "{}").is(whole);
        caller.with("Accept", "application/x-ndjson").get("/v1/resolutions/export").is(whole);
        caller.post("/v1/erasures", "{'userId':'u2'}").is(erase);
        caller.get("/v1/conversations/new/messages").is(conversations);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # key    | list webhooks and dead letters | replay | test
            agent    | 403 | 403 | 403
            u1       | 403 | 403 | 403
            reviewer | 403 | 403 | 403
            auditor  | 403 | 403 | 403
            admin    | 200 | 404 | 404
            """)
    void roleDecidesWhatMayBeDoneToWebhooks(String key, int list, int replay, int test) {
        Api caller = ATenant.fresh().as(key);

        caller.get("/v1/webhooks").is(list);
        caller.get("/v1/webhooks/dead-letters").is(list);
        caller.post("/v1/webhooks/dead-letters/msg_00/replay", "{}").is(replay);
        caller.post("/v1/webhooks/ops/test", "{}").is(test);
    }

    @Test
    void onlyReviewersAndAdminsListTheJobsOfOthers() {
        AJob job = Api.as("agent-t1").creates("u2");

        for (String key : List.of("u1-t1", "agent-t1", "auditor-t1")) {
            Api.as(key).get("/v1/jobs?active=true&userId=u2").refused(403, "forbidden");
        }
        for (String key : List.of("reviewer-t1", "admin-t1", "u2-t1")) {
            assertThat(Api.as(key).get("/v1/jobs?active=true&userId=u2&limit=200").is(200).body()).contains(job.id());
        }
        assertThat(Api.as("reviewer-t2").get("/v1/jobs?userId=u2&limit=200").is(200).body()).doesNotContain(job.id());
    }

    @Test
    void sameIdInTwoSpacesIsTwoJobs() {
        AJob tenantless = Api.agent().creates("u1");
        AJob inTenant = Api.as("agent-t1").createsNamed(tenantless.id(), "u1");

        inTenant.created().has("/tenantId", "t1");
        Api.as("u1").reads(tenantless.id()).is(200).lacks("/tenantId");
        Api.as("u1-t1").reads(tenantless.id()).is(200).has("/tenantId", "t1");
        Api.as("u1-t1").aborts(tenantless.id()).is(200);
        tenantless.read().has("/status", "running");
    }

    @Test
    void keyWithoutATenantNamesOneAndAKeyWithOneStays() {
        AJob job = Api.as("agent-t1").creates("u1");

        Api.agent().inTenant("t1").reads(job.id()).is(200).has("/tenantId", "t1");
        Api.as("u1").inTenant("t1").reads(job.id()).is(200);
        Api.agent().inTenant("t2").reads(job.id()).refused(404, "no-such-job");
        Api.as("agent-t1").inTenant("t1").reads(job.id()).is(200);
        Api.as("agent-t1").inTenant("t2").reads(job.id()).refused(403, "forbidden");
    }

    @Test
    void credentialMustBeOneThatIsInForce() {
        for (String value : List.of("Bearer", "Bearer ", "Bearer nope", "Basic key-u1", "key-u1", "Bearer key-u1x",
                "Bearer key-U1", "Bearer key-u1 key-u1", "Bearer " + "x".repeat(8000), "Bearer key-u1,Bearer key-u1")) {
            Api.nobody().with("Authorization", value).get("/v1/info").refused(401, "unauthorized");
        }
        Api.nobody().get("/v1/info").refused(401, "unauthorized");
        Api.nobody().with("Authorization", "bearer key-u1").get("/v1/info").is(200);
    }

    @Test
    void longLivedKeyInTheQueryIsRefused() {
        AJob job = Api.agent().creates("u1");

        for (String name : List.of("ticket", "token", "access_token", "key", "api_key", "authorization")) {
            Api.nobody().get("/v1/info?" + name + "=key-u1").refused(401, "unauthorized");
            Api.nobody().get(job.path() + "/events?" + name + "=key-u1").refused(401, "unauthorized");
        }
    }

    @Test
    void keysFileIsReadAgainWhenItChanges() throws IOException {
        Api late = Api.as("late");
        late.get("/v1/info").refused(401, "unauthorized");

        Files.writeString(keysFile, KeysFile.json(KeysFile.entry("late", "late", "user", null)));
        Wire.await(() -> late.get("/v1/info").status() == 200);

        Files.writeString(keysFile, "[ half of a fi");
        Files.writeString(keysFile, KeysFile.json());
        Wire.await(() -> late.get("/v1/info").status() == 401);
        Api.as("u1").get("/v1/info").is(200);
    }

    @Test
    void strangerLearnsNoDifferenceBetweenAnotherTenantsJobAndNone() {
        AJob job = Api.as("agent-t1").creates("u1");

        Reply foreign = Api.as("agent-t2").reads(job.id()).refused(404, "no-such-job");
        Reply none = Api.as("agent-t2").reads(job.id() + "x").refused(404, "no-such-job");

        assertThat(foreign.text("/detail")).isEqualTo(none.text("/detail"));
    }
}
