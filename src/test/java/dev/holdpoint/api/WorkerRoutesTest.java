package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** What a worker does to its job, and what happens to a worker that was replaced. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class WorkerRoutesTest {
    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");

    @Inject MovableClock clock;

    private static Reply soon(CompletableFuture<Reply> reply) { return reply.orTimeout(20, TimeUnit.SECONDS).join(); }

    @Test
    void newJobSaysWhereItIsAndHowItIsDriven() {
        Reply created = agent.post("/v1/jobs",
                "{'userId':'u1','agentId':'a','runId':'r','responseMessageId':'m','metadata':{'k':[1]}}").is(201);

        created.has("/status", "running").has("/active", true).has("/userId", "u1").has("/agentId", "a")
                .has("/runId", "r").has("/responseMessageId", "m").hasJson("/metadata", "{'k':[1]}")
                .has("/conversationId", created.text("/id")).lacks("/tenantId");
        assertThat(created.text("/fence")).isEqualTo(created.at("/generation").asText() + ".1");
        user.get(created.header("Location")).is(200).has("/id", created.text("/id")).lacks("/fence");
    }

    @Test
    void newGenerationReplacesTheOldOne() {
        AJob old = agent.creates("u1");

        AJob job = agent.createsNamed(old.id(), "u1");

        assertThat(job.generation()).isGreaterThan(old.generation());
        for (String route : new String[]{"events", "pause", "complete", "fail", "heartbeat"}) {
            String body = switch (route) {
                case "events" -> "[{'event':'e','data':1}]";
                case "pause" -> "{'action':{'payload':" + AJob.oneCall() + "}}";
                case "fail" -> "{'code':'c','message':'m'}";
                default -> "{}";
            };
            old.writes(route, body).refused(409, "generation-replaced").has("/currentGeneration", job.generation());
            agent.post(job.path() + "/" + route, body).refused(428, "fence-required");
        }
    }

    @Test
    void activeJobCanBeLeftAlone() {
        AJob job = agent.creates("u1");

        agent.post("/v1/jobs", "{'id':'%s','userId':'u1','ifActive':'reject'}".formatted(job.id()))
                .refused(409, "job-active").has("/currentGeneration", job.generation());
        agent.post("/v1/jobs", "{'id':'%s','userId':'u1','expectedGeneration':%d}".formatted(job.id(),
                job.generation() + 1)).refused(409, "generation-mismatch");
        agent.post("/v1/jobs", "{'id':'%s','userId':'u1','expectedGeneration':%d}".formatted(job.id(),
                job.generation())).is(201);
    }

    @Test
    void idOfAnotherUsersJobIsRefused() {
        AJob job = agent.creates("u1");

        agent.post("/v1/jobs", "{'id':'%s','userId':'u2'}".formatted(job.id())).refused(403, "forbidden");
    }

    @Test
    void eventsComeAsArrayOrAsLines() {
        AJob job = agent.creates("u1");

        Reply array = job.appends("[{'event':'a','data':1},{'event':'b','data':null}]").is(202);
        Reply lines = job.worker().with("Content-Type", "application/x-ndjson").with("Holdpoint-Fence", job.fence())
                .post(job.path() + "/events", "{'event':'c','data':{}}\n\n{'event':'d','data':[]}\n").is(202);

        array.has("/firstEventId", job.generation() + "-2").has("/lastEventId", job.generation() + "-3");
        lines.has("/firstEventId", job.generation() + "-4").has("/lastEventId", job.generation() + "-5");
        job.read().has("/lastEventId", job.generation() + "-5");
    }

    @Test
    void batchLandsOnlyBehindTheEventItExpects() {
        AJob job = agent.creates("u1");
        Api worker = agent.with("Holdpoint-Fence", job.fence());
        String event = "[{'event':'e','data':1}]";

        worker.with("Holdpoint-Expected-Seq", "1").post(job.path() + "/events", event).is(202);
        worker.with("Holdpoint-Expected-Seq", "1").post(job.path() + "/events", event)
                .refused(409, "sequence-mismatch").has("/lastEventId", job.generation() + "-2");
        worker.with("Holdpoint-Expected-Seq", "3").post(job.path() + "/events", event)
                .refused(409, "sequence-mismatch");
    }

    @Test
    void batchWithOneBadEventLandsNotAtAll() {
        AJob job = agent.creates("u1");

        job.appends("[{'event':'e','data':1},{'event':'job.done','data':1}]").refused(400, "invalid-request");

        job.read().has("/lastEventId", job.generation() + "-1");
    }

    @Test
    void sizesAreBounded() {
        AJob job = agent.creates("u1");
        String most = "x".repeat(256 * 1024 - 2);
        String large = "[{'event':'e','data':'" + "x".repeat(200_000) + "'},";

        job.appends("[{'event':'e','data':'" + most + "'}]").is(202);
        job.appends("[{'event':'e','data':'" + most + "x'}]").refused(413, "payload-too-large");
        job.appends("[{'event':'e','data':'" + "ü".repeat(131_072) + "'}]").refused(413, "payload-too-large");
        String tooLong = large.repeat(25).replace(",[", ",");
        assertThat(Wire.request("POST", job.path() + "/events", headers(job), Wire.bytes(tooLong)).status())
                .isEqualTo(413);
        Reply lines = chunked(job, "events", 4 * 1024 * 1024 + 1);
        assertThat(lines.status()).isEqualTo(413);
        chunked(job, "complete", 1024 * 1024 + 1).refused(413, "payload-too-large");
        job.writes("complete", "{'final':'" + "x".repeat(1024 * 1024) + "'}").refused(413, "payload-too-large");
    }

    /** A body whose length nobody knows beforehand. */
    private Reply chunked(AJob job, String route, int length) {
        String type = route.equals("events") ? "application/x-ndjson" : "application/json";
        return agent.sendUnchecked(agent.with("Holdpoint-Fence", job.fence()).request(job.path() + "/" + route)
                .header("Content-Type", type)
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("\n".repeat(length)))));
    }

    private static String headers(AJob job) {
        return "Authorization: Bearer key-agent\r\nContent-Type: application/json\r\nHoldpoint-Fence: " + job.fence()
                + "\r\n";
    }

    @Test
    void pausedJobShowsWhatItWaitsFor() {
        AJob job = agent.creates("u1");

        Reply paused = job.pauses(AJob.oneCall(),
                "'actionId':'a1','ttl':'PT5M','interruptId':'i','threadId':'t','resumeContext':{'secret':1}").is(200);

        paused.has("/status", "requires_action").has("/pendingAction/actionId", "a1")
                .has("/pendingAction/interruptId", "i").has("/pendingAction/threadId", "t")
                .hasJson("/pendingAction/payload/review_configs/0/allowed_decisions", "['approve','reject','edit']")
                .lacks("/pendingAction/resumeContext");
        Instant created = Instant.parse(paused.text("/pendingAction/createdAt"));
        assertThat(paused.text("/pendingAction/expiresAt")).isEqualTo(
                java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
                        .withZone(java.time.ZoneOffset.UTC).format(created.plus(Duration.ofMinutes(5))));
        assertThat(paused.text("/pendingAction/payload/action_requests/0/arguments_digest")).matches("[0-9a-f]{64}");
        job.pauses(AJob.oneCall(), "'actionId':'a1','ttl':'PT5M'").is(200).has("/pendingAction/actionId", "a1");
        job.pauses(AJob.oneCall(), "'actionId':'a2'").refused(409, "already-paused");
        job.says(1);
        job.completes().refused(409, "not-running");
    }

    @Test
    void deadlineMustLieAhead() {
        AJob job = agent.creates("u1");

        job.pauses(AJob.oneCall(), "'expiresAt':'2020-01-01T00:00:00.000Z'").refused(422, "deadline-passed");
        job.pauses(AJob.oneCall(), "'ttl':'PT0S'").refused(422, "deadline-passed");
        job.pauses(AJob.oneCall(), "'ttl':'PT5M','expiresAt':'2999-01-01T00:00:00.000Z'")
                .refused(400, "invalid-request");
        job.pauses(AJob.oneCall(), "'expiresAt':'2999-01-01T00:00:00.000Z','onExpire':'abort'").is(200)
                .has("/pendingAction/expiresAt", "2999-01-01T00:00:00.000Z");
    }

    @Test
    void promptThatNobodyCouldDecideIsRefused() {
        AJob job = agent.creates("u1");
        String review = "{'type':'tool_approval','action_requests':[" + AJob.call("c1", "t", "{}")
                + "],'review_configs':[{'tool_call_id':'c1',%s}]}";

        for (String payload : new String[]{"{}", "{'type':'other'}", "{'type':'tool_approval'}", AJob.calls(),
            AJob.calls(AJob.call("c1", "t", "{}"), AJob.call("c1", "t", "{}")),
            AJob.calls(AJob.call("c1", "t", "[]")), AJob.calls("{'tool_call_id':'c1','name':'t'}"),
            AJob.calls("{'name':'t','arguments':{}}"), review.formatted("'allowed_decisions':[]"),
            review.formatted("'allowed_decisions':['maybe']"), review.formatted("'args_schema':{'type':'nonsense'}"),
            review.formatted("'args_schema':7"),
            "{'type':'ask_user_question'}", "{'type':'ask_user_question','questions':[]}",
            "{'type':'ask_user_question','questions':[{'question':'q'}]}",
            "{'type':'ask_user_question','questions':[{'id':'a','question':'q'},{'id':'a','question':'q'}]}"}) {
            job.pauses(payload, "'ttl':'PT5M'").refused(422, "invalid-interrupt");
        }
        String[] many = new String[65];
        for (int at = 0; at < many.length; at++) many[at] = AJob.call("c" + at, "t", "{}");
        job.pauses(AJob.calls(many), "'ttl':'PT5M'").refused(422, "invalid-interrupt");
        job.read().has("/status", "running");
    }

    @Test
    void endedJobTakesNothingMore() {
        AJob completed = agent.creates("u1");
        AJob failed = agent.creates("u1");

        completed.writes("complete", "{'final':{'n':1}}").is(200).has("/status", "complete").has("/active", false);
        failed.writes("fail", "{'code':'boom','message':'It broke.'}").is(200).has("/status", "error")
                .has("/error/code", "boom").has("/error/message", "It broke.");

        completed.appends("[{'event':'e','data':1}]").refused(409, "already-settled");
        completed.completes().refused(409, "not-running");
        failed.writes("fail", "{'code':'c','message':'m'}").refused(409, "not-running");
        failed.pauses(AJob.oneCall(), "").refused(409, "not-running");
        failed.writes("heartbeat", "").is(409);
    }

    @Test
    void nobodyWritesBetweenAResolutionAndItsClaim() {
        AJob job = agent.creates("u1").paused("a1");
        user.approves(job.id(), "a1").is(200).has("/job/continuation/state", "open");

        job.appends("[{'event':'e','data':1}]").refused(409, "not-claimed");
        job.completes().refused(409, "not-claimed");
        job.writes("heartbeat", "").refused(409, "not-claimed");
        job.pauses(AJob.oneCall(), "'actionId':'a2'").refused(409, "not-claimed");
    }

    @Test
    void oneWorkerClaimsTheContinuationAndTheOthersAreFencedOut() {
        AJob job = agent.creates("u1");
        job.pauses(AJob.oneCall(), "'actionId':'a1','interruptId':'i','threadId':'t','resumeContext':{'n':[1]}")
                .is(200);
        user.approves(job.id(), "a1").is(200);

        Reply claim = agent.claims(job.id(), "a1", "w1").is(200);

        claim.hasJson("/resumeContext", "{'n':[1]}").has("/action/interruptId", "i").has("/action/threadId", "t")
                .has("/resolution/decidedBy/subject", "u1").has("/resolution/decisions/0/decision", "approve");
        assertThat(claim.text("/fence")).isEqualTo(job.generation() + ".2");
        agent.claims(job.id(), "a1", "w1").is(200).has("/fence", claim.text("/fence"))
                .has("/leaseExpiresAt", claim.text("/leaseExpiresAt"));
        agent.claims(job.id(), "a1", "w2").refused(409, "already-claimed");
        job.appends("[{'event':'e','data':1}]").refused(409, "execution-replaced");
        job.under(claim.text("/fence")).says(1);
        job.read().has("/continuation/state", "claimed").has("/continuation/workerId", "w1");
    }

    @Test
    void lapsedLeaseLetsAnotherWorkerClaim() {
        AJob job = agent.creates("u1").paused("a1");
        user.approves(job.id(), "a1").is(200);
        Reply first = agent.claims(job.id(), "a1", "w1").is(200);
        clock.advance(Duration.ofSeconds(50));
        Reply renewed = job.under(first.text("/fence")).writes("heartbeat", "").is(200);
        clock.advance(Duration.ofSeconds(50));
        agent.claims(job.id(), "a1", "w2").refused(409, "already-claimed");

        clock.advance(Duration.ofSeconds(11));

        Reply second = agent.claims(job.id(), "a1", "w2").is(200);
        assertThat(renewed.text("/leaseExpiresAt")).isGreaterThan(first.text("/leaseExpiresAt"));
        assertThat(second.text("/fence")).isEqualTo(job.generation() + ".3");
        job.under(first.text("/fence")).completes().refused(409, "execution-replaced");
        job.under(second.text("/fence")).completes().is(200);
    }

    @Test
    void traceOfTheWorkerThatPausedIsHandedToTheOneThatGoesOn() {
        String place = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        AJob job = Api.agent().with("traceparent", place).creates("u1").paused("a1");
        Api.as("u1").with("traceparent", place.replace("0af7", "0af8")).approves(job.id(), "a1").is(200);

        Api.agent().with("traceparent", place.replace("0af7", "0af9")).claims(job.id(), "a1", "w1").is(200)
                .has("/traceparent", place);
    }

    @Test
    void workerThatWasInNoTraceHandsNoneOn() {
        AJob job = Api.agent().with("traceparent", "nowhere").creates("u1").paused("a1");
        Api.as("u1").approves(job.id(), "a1").is(200);

        Api.agent().claims(job.id(), "a1", "w1").is(200).lacks("/traceparent");
    }

    @Test
    void claimThatWaitsIsWokenByTheDecision() {
        AJob job = agent.creates("u1").paused("a1");
        CompletableFuture<Reply> waiting =
                agent.postLater(job.path() + "/actions/a1/claim", "{'workerId':'w1','wait':'PT30S'}");

        user.approves(job.id(), "a1").is(200);

        soon(waiting).is(200).has("/jobId", job.id());
    }

    @Test
    void claimThatWaitedInVainHasNoContent() {
        AJob job = agent.creates("u1").paused("a1");

        agent.claims(job.id(), "a1", "w1").is(204);
        agent.post(job.path() + "/actions/a1/claim", "{'workerId':'w1','wait':'PT0.2S'}").is(204);
        agent.post(job.path() + "/actions/a1/claim", "{'workerId':'w1','wait':'PT0.0005S'}").is(204);
        agent.claims(job.id(), "none", "w1").refused(404, "no-such-action");
        agent.claims("none", "a1", "w1").refused(404, "no-such-job");
    }

    @Test
    void claimOfAClosedActionIsToldHowItEnded() {
        AJob aborted = agent.creates("u1").paused("a1");
        AJob expired = agent.creates("u1").paused("a1", "PT5M");
        AJob replaced = agent.creates("u1").paused("a1");
        CompletableFuture<Reply> waiting =
                agent.postLater(aborted.path() + "/actions/a1/claim", "{'workerId':'w1','wait':'PT30S'}");

        user.aborts(aborted.id()).is(200);
        agent.post(expired.path() + "/expire", "{}").is(200).has("/status", "aborted");
        agent.createsNamed(replaced.id(), "u1");

        soon(waiting).refused(410, "action-closed").has("/outcome", "aborted");
        agent.claims(aborted.id(), "a1", "w1").refused(410, "action-closed").has("/outcome", "aborted");
        agent.claims(expired.id(), "a1", "w1").refused(410, "action-closed").has("/outcome", "expired");
        agent.claims(replaced.id(), "a1", "w1").refused(410, "action-closed").has("/outcome", "replaced");
    }

    @Test
    void anyWorkerGetsTheOldestOpenJobOfItsAgents() {
        Api worker = agent.inTenant(Api.fresh("t"));
        Api reviewer = Api.as("reviewer").with("Holdpoint-Tenant", tenantOf(worker));
        AJob first = resolved(worker, reviewer, "red");
        AJob second = resolved(worker, reviewer, "blue");

        any(worker, "'agentIds':['green']").is(204);
        any(worker, "'agentIds':['blue']").is(200).has("/jobId", second.id());
        any(worker, "").is(200).has("/jobId", first.id());
        any(worker, "").is(204);
        any(agent.inTenant(Api.fresh("t")), "").is(204);
    }

    @Test
    void anyWorkerThatWaitsIsWokenByADecision() {
        Api worker = agent.inTenant(Api.fresh("t"));
        Api reviewer = Api.as("reviewer").with("Holdpoint-Tenant", tenantOf(worker));
        CompletableFuture<Reply> waiting =
                worker.postLater("/v1/continuations/claim", "{'workerId':'w1','wait':'PT30S'}");

        AJob job = resolved(worker, reviewer, "red");

        soon(waiting).is(200).has("/jobId", job.id());
    }

    @Test
    void workerThatHungUpClaimsNothing() {
        Api worker = agent.inTenant(Api.fresh("t"));
        Api reviewer = Api.as("reviewer").with("Holdpoint-Tenant", tenantOf(worker));
        AJob job = worker.creates("u1").paused("a1");
        hangUp(worker, job.path() + "/actions/a1/claim");
        hangUp(worker, "/v1/continuations/claim");

        reviewer.approves(job.id(), "a1").is(200);

        any(worker, "").is(200).has("/jobId", job.id()).has("/fence", job.generation() + ".2");
    }

    /** Waits under an idempotency key, so that others can see the call begin and end. */
    private static void hangUp(Api worker, String target) {
        String[] key = new String[1];
        Wire.await(() -> {
            key[0] = Api.fresh("key");
            return Wire.hangUpAfter(waiting(worker, target, key[0]), () -> other(worker, target, key[0]) == 422);
        });
        Wire.await(() -> other(worker, target, key[0]) == 400);
    }

    private static byte[] waiting(Api worker, String target, String key) {
        return Wire.bytes("""
                POST %s HTTP/1.1
                Host: h
                Content-Type: application/json
                Authorization: Bearer key-agent
                Holdpoint-Tenant: %s
                Idempotency-Key: %s
                Content-Length: 34

                {"workerId":"gone","wait":"PT30S"}""".formatted(target, tenantOf(worker), key).replace("\n", "\r\n"));
    }

    /** 422 while the key is in use, and 400 once it is free. */
    private static int other(Api worker, String target, String key) {
        return worker.once(key).post(target, "{'workerId':'w1','wait':'never'}").status();
    }

    private static String tenantOf(Api worker) { return worker.header("Holdpoint-Tenant"); }

    private static AJob resolved(Api worker, Api reviewer, String agentId) {
        AJob job = new AJob(worker,
                worker.post("/v1/jobs", "{'userId':'u1','agentId':'%s'}".formatted(agentId)).is(201)).paused("a1");
        reviewer.approves(job.id(), "a1").is(200);
        return job;
    }

    private static Reply any(Api worker, String more) {
        return worker.post("/v1/continuations/claim", "{'workerId':'w1'" + (more.isEmpty() ? "" : "," + more) + "}");
    }
}
