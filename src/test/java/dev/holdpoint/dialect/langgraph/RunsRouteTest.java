package dev.holdpoint.dialect.langgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.api.AJob;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.Reply;
import dev.holdpoint.api.Sse;
import dev.holdpoint.api.Sse.Frame;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** What follows a decision, as LangGraph's SDK asks for it. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class RunsRouteTest {
    private static final String ACCEPT = "{'assistant_id':'g','command':{'resume':[{'type':'accept','args':null}]}}";

    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");

    private static String runs(AJob job) { return "/langgraph/threads/" + job.id() + "/runs"; }

    private static JsonNode data(Frame frame) { return Reply.parse(frame.data()); }

    private AJob waiting() { return agent.creates("u1").paused("a1"); }

    private AJob claimed(AJob job, String action) {
        return job.under(agent.claims(job.id(), action, "w1").is(200).text("/fence"));
    }

    private Sse follows(AJob job, Reply run, String query) {
        return Sse.open(user, runs(job) + "/" + run.text("/run_id") + "/stream" + query);
    }

    @Test
    void runIsPendingThenRunningThenWhatItComesTo() {
        AJob job = waiting();

        Reply run = user.post(runs(job), ACCEPT).is(200).has("/status", "pending").has("/thread_id", job.id());

        String place = runs(job) + "/" + run.text("/run_id");
        assertThat(run.header("Content-Location")).isEqualTo(place.substring("/langgraph".length()));
        AJob working = claimed(job, "a1");
        user.get(place).is(200).has("/status", "running");
        working.paused("a2");
        user.get(place).is(200).has("/status", "interrupted");
    }

    @Test
    void runAfterWhichAnotherBeganIsToldAsItEnded() {
        AJob job = waiting();
        String first = runs(job) + "/" + user.post(runs(job), ACCEPT).is(200).text("/run_id");
        claimed(job, "a1").paused("a2");

        String second = runs(job) + "/" + user.post(runs(job), ACCEPT).is(200).text("/run_id");

        user.get(first).is(200).has("/status", "interrupted");
        user.get(second).is(200).has("/status", "pending");
        claimed(job, "a2").completes().is(200);
        user.get(first).is(200).has("/status", "interrupted");
        user.get(second).is(200).has("/status", "success");
    }

    @Test
    void sameDecisionAgainIsAnsweredWithItsRun() {
        AJob job = waiting();
        String accepted = "{'command':{'resume':{'a1':[{'type':'accept','args':null}]}}}";

        String run = user.post(runs(job), accepted).is(200).text("/run_id");

        for (String same : List.of(accepted, "{'command':{'resume':{'a1/c1':{'type':'approve'}}}}",
                "{'checkpoint_id':'a1','command':{'resume':[{'type':'accept','args':null}]}}")) {
            user.post(runs(job), same).is(200).has("/run_id", run).has("/status", "pending");
        }
        for (String other : List.of("[{'type':'ignore','args':null}]", "[]", "{'type':'allow'}")) {
            user.post(runs(job), "{'command':{'resume':{'a1':" + other + "}}}").refused(409, "already-decided")
                    .has("/winner/by", "u1");
        }
        Api.as("reviewer").post(runs(job), accepted).refused(409, "already-decided");
        Api.as("u2").post(runs(job), accepted).refused(403, "forbidden");
    }

    @Test
    void sameDecisionAgainDecidesNothingThatCameAfterIt() {
        AJob job = agent.creates("u1");
        job.pauses(AJob.calls(AJob.call("c1", "note", "{}"), AJob.call("c2", "note", "{}")), "'actionId':'a1'")
                .is(200);
        String both = "{'command':{'resume':{'a1/c1':{'type':'approve'},'a1/c2':{'type':'reject','message':'No.'}}}}";
        String run = user.post(runs(job), both).is(200).text("/run_id");
        claimed(job, "a1").paused("a2");

        user.post(runs(job), both).is(200).has("/run_id", run).has("/status", "interrupted");
        job.read().has("/pendingAction/actionId", "a2");
        user.post(runs(job), ACCEPT).is(200);
        user.post(runs(job), both).is(200).has("/run_id", run).has("/status", "interrupted");
    }

    @Test
    void whoComesTooLateIsToldWhoWon() {
        AJob job = waiting();
        Api.as("reviewer").rejects(job.id(), "a1").is(200);

        user.post(runs(job), ACCEPT).refused(409, "not-waiting");
        user.post(runs(job), "{'command':{'resume':{'a1':[{'type':'accept','args':null}]}}}").refused(409,
                "already-decided").has("/winner/by", "reviewer");
        user.post(runs(job), "{'checkpoint_id':'a1','command':{'resume':[{'type':'accept','args':null}]}}")
                .refused(409, "already-decided");
    }

    @Test
    void checkpointNamesThePromptThatIsMeant() {
        AJob job = waiting();
        user.approves(job.id(), "a1").is(200);
        claimed(job, "a1").paused("a2");

        user.post(runs(job), "{'checkpoint_id':'a1','command':{'resume':[{'type':'ignore','args':null}]}}")
                .refused(409, "stale-action").has("/currentActionId", "a2");
        user.post(runs(job),
                "{'checkpoint':{'checkpoint_id':'a2'},'command':{'resume':[{'type':'ignore','args':null}]}}").is(200);
    }

    @Test
    void agentAndStrangersDecideNothing() {
        AJob job = waiting();

        agent.post(runs(job), ACCEPT).refused(403, "forbidden");
        Api.as("u2").post(runs(job), ACCEPT).refused(403, "forbidden");
        Api.as("u2-t1").post(runs(job), ACCEPT).refused(404, "no-such-job");
        Api.nobody().post(runs(job), ACCEPT).refused(401, "unauthorized");

        Api.as("reviewer").post(runs(job), ACCEPT).is(200);
    }

    @Test
    void onlyResumingIsOffered() {
        AJob job = waiting();

        for (String body : List.of("{}", "[]", "{'input':{'messages':[]}}", "{'command':{'resume':null}}",
                "{'command':{'goto':'__end__'}}", "{'command':{'resume':[{'type':'accept'}],'update':{'a':1}}}",
                "{'after_seconds':60,'command':{'resume':[{'type':'accept'}]}}",
                "{'webhook':'http://a.test','command':{'resume':[{'type':'accept'}]}}")) {
            user.post(runs(job), body).refused(400, "invalid-request");
        }
        job.read().has("/pendingAction/actionId", "a1");
        user.post(runs(job), "{'input':null,'config':{},'stream_mode':['values'],'multitask_strategy':'reject',"
                + "'command':{'resume':[{'type':'accept'}],'update':null}}").is(200);
    }

    @Test
    void keyMakesADecisionOnceAndItsAnswerTheSame() {
        AJob job = waiting();
        Api once = user.once(Api.fresh("key"));

        Reply first = once.post(runs(job), ACCEPT).is(200);
        Reply again = once.post(runs(job), ACCEPT).is(200);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Content-Location")).isEqualTo(first.header("Content-Location"));
    }

    @Test
    void streamGoesToTheNextInterrupt() {
        AJob job = waiting();
        Reply run = user.post(runs(job), ACCEPT).is(200);
        try (Sse stream = follows(job, run, "")) {
            assertThat(stream.header("Location")).startsWith("/threads/" + job.id() + "/runs/" + run.text("/run_id")
                    + "/stream?stream_mode=");
            assertThat(data(stream.next("metadata")).path("run_id").asText()).isEqualTo(run.text("/run_id"));
            AJob working = claimed(job, "a1");
            working.appends("[{'event':'updates','data':{'tools':1}},{'event':'token','data':'hi'},"
                    + "{'event':'values','data':{'messages':[1]}}]").is(202);
            working.paused("a2");

            assertThat(data(stream.next("updates"))).isEqualTo(Reply.parse("{\"tools\":1}"));
            assertThat(data(stream.next("custom"))).isEqualTo(Reply.parse("{\"name\":\"token\",\"data\":\"hi\"}"));
            assertThat(data(stream.next("values"))).isEqualTo(Reply.parse("{\"messages\":[1]}"));
            assertThat(data(stream.next("updates")).at("/__interrupt__/0/id").asText()).isEqualTo("a2");
            assertThat(data(stream.next("values")).at("/__interrupt__/0/value/action_request/action").asText())
                    .isEqualTo("send_email");
            Frame end = stream.next("end");
            stream.ends();

            user.approves(job.id(), "a2").is(200);
            claimed(job, "a2").completes().is(200);
            try (Sse whole = follows(job, run, "?stream_mode=values")) {
                assertThat(whole.untilTheEnd()).extracting(Frame::event).containsExactly("metadata", "values", "values",
                        "end");
            }
            try (Sse behind = Sse.open(user.with("Last-Event-ID", end.id()),
                    runs(job) + "/" + run.text("/run_id") + "/stream")) {
                assertThat(behind.untilTheEnd()).extracting(Frame::event).containsExactly("metadata", "end");
            }
        }
    }

    @Test
    void readerGoesOnBehindWhatItHas() {
        AJob job = waiting();
        Reply run = user.post(runs(job), ACCEPT).is(200);
        AJob working = claimed(job, "a1");
        working.appends("[{'event':'updates','data':1},{'event':'updates','data':2}]").is(202);
        String first;
        try (Sse stream = follows(job, run, "")) {
            stream.next("metadata");
            first = stream.next("updates").id();
        }
        working.writes("complete", "{'final':'done'}").is(200);

        try (Sse stream =
                Sse.open(user.with("Last-Event-ID", first), runs(job) + "/" + run.text("/run_id") + "/stream")) {
            stream.next("metadata");
            assertThat(stream.next("updates").data()).isEqualTo("2");
            assertThat(data(stream.next("values"))).isEqualTo(Reply.parse("{\"output\":\"done\"}"));
            stream.next("end");
            stream.ends();
        }
        try (Sse stream =
                Sse.open(user.with("Last-Event-ID", "1-1"), runs(job) + "/" + run.text("/run_id") + "/stream")) {
            assertThat(stream.status()).isEqualTo(400);
        }
    }

    @Test
    void readerBehindTheEndOfTheLogGetsHisRunAndNoOther() {
        AJob job = waiting();
        user.post(runs(job), ACCEPT).is(200);
        claimed(job, "a1").paused("a2");
        Reply second = user.post(runs(job), ACCEPT).is(200);
        AJob working = claimed(job, "a2");
        working.appends("[{'event':'updates','data':2}]").is(202);
        working.completes().is(200);

        try (Sse stream = Sse.open(user.with("Last-Event-ID", job.generation() + "-999"),
                runs(job) + "/" + second.text("/run_id") + "/stream?stream_mode=updates")) {
            stream.next("metadata");
            assertThat(stream.next("updates").data()).isEqualTo("2");
            stream.next("end");
            stream.ends();
        }
    }

    @Test
    void failureIsAnErrorFrame() {
        AJob job = waiting();
        Reply run = user.post(runs(job), ACCEPT).is(200);
        claimed(job, "a1").writes("fail", "{'code':'boom','message':'It broke.'}").is(200);

        try (Sse stream = follows(job, run, "?stream_mode=events")) {
            assertThat(stream.untilTheEnd()).extracting(Frame::event).containsExactly("metadata", "error", "end");
        }
        user.get(runs(job) + "/" + run.text("/run_id") + "/join").is(200).has("/__error__/error", "boom");
    }

    @Test
    void decisionIsMadeBeforeItsStreamBegins() {
        AJob job = waiting();
        CompletableFuture<List<String>> lines = Api.CLIENT
                .sendAsync(
                        user.with("Accept", "text/event-stream")
                                .posting(runs(job) + "/stream", Api.json(ACCEPT.replace("'assistant_id'",
                                        "'stream_mode':['updates','values'],'assistant_id'")))
                                .build(),
                        BodyHandlers.ofLines())
                .thenApply(response -> response.body().filter(line -> line.startsWith("event: ")).toList());

        AJob working = claimedWhenDecided(job);
        working.completes().is(200);

        assertThat(lines.join()).containsExactly("event: metadata", "event: values", "event: end");
    }

    private AJob claimedWhenDecided(AJob job) {
        return job.under(agent.post(job.path() + "/actions/a1/claim", "{'workerId':'w1','wait':'PT20S'}").is(200)
                .text("/fence"));
    }

    @Test
    void refusedDecisionOpensNoStream() {
        AJob job = waiting();

        user.with("Accept", "text/event-stream").post(runs(job) + "/stream", ACCEPT.replace("accept", "allow"))
                .refused(400, "invalid-request");
        user.with("Accept", "text/event-stream")
                .post(runs(job) + "/stream", ACCEPT.replace("'assistant_id'", "'stream_mode':'all','assistant_id'"))
                .refused(400, "invalid-request");

        job.read().has("/pendingAction/actionId", "a1");
    }

    @Test
    void waitAnswersWithWhatTheRunComesTo() {
        AJob job = waiting();
        CompletableFuture<Reply> waiting = user.postLater(runs(job) + "/wait", ACCEPT);

        claimedWhenDecided(job).paused("a2");

        Reply interrupted = waiting.join().is(200);
        interrupted.has("/__interrupt__/0/id", "a2");
        CompletableFuture<Reply> again = user.postLater(runs(job) + "/wait",
                "{'command':{'resume':{'a2':{'type':'accept'}}}}");
        job.under(
                agent.post(job.path() + "/actions/a2/claim", "{'workerId':'w1','wait':'PT20S'}").is(200).text("/fence"))
                .writes("complete", "{'final':{'messages':['bye']}}").is(200);
        again.join().is(200).hasJson("", "{'messages':['bye']}");
    }

    @Test
    void whoHangsUpWhileWaitingFindsTheSameRunByHisKey() {
        AJob job = waiting();
        Api once = user.once(Api.fresh("key"));
        CompletableFuture<?> hungUp = Api.CLIENT.sendAsync(once.posting(runs(job) + "/wait", Api.json(ACCEPT)).build(),
                BodyHandlers.discarding());
        AJob working = claimedWhenDecided(job);
        hungUp.cancel(true);
        working.paused("a2");

        Reply again = once.post(runs(job) + "/wait", ACCEPT).is(200).has("/__interrupt__/0/id", "a2");

        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.header("Content-Location")).startsWith("/threads/" + job.id() + "/runs/");
        job.read().has("/pendingAction/actionId", "a2");
    }

    @Test
    void keyMakesADecisionOnceHoweverOftenItIsStreamed() {
        AJob job = waiting();
        Api once = user.once(Api.fresh("key")).with("Accept", "text/event-stream");
        CompletableFuture<List<String>> first = streamed(once, job);
        claimedWhenDecided(job).paused("a2");

        assertThat(first.join()).containsExactly("event: metadata", "event: values", "event: end");
        assertThat(streamed(once, job).join()).isEqualTo(first.join());

        job.read().has("/pendingAction/actionId", "a2");
    }

    private static CompletableFuture<List<String>> streamed(Api caller, AJob job) {
        return Api.CLIENT.sendAsync(caller.posting(runs(job) + "/stream", Api.json(ACCEPT)).build(),
                BodyHandlers.ofLines())
                .thenApply(response -> response.body().filter(line -> line.startsWith("event: ")).toList());
    }

    @Test
    void decisionStandsWhenItsRunCanNotBeFollowed() {
        Api other = Api.as("u2");
        AJob job = agent.creates("u2").paused("a1");
        List<Sse> feeds = new ArrayList<>();
        try {
            for (int count = 0; count < 600; count++) feeds.add(Sse.open(other, "/v1/approvals/events"));

            assertThat(streamed(other.with("Accept", "text/event-stream"), job).join())
                    .containsExactly("event: metadata", "event: error", "event: end");
        } finally {
            feeds.forEach(Sse::close);
        }

        job.read().has("/status", "running");
    }

    @Test
    void checkpointThatCanNotBeReadIsNotNone() {
        AJob job = waiting();
        String resume = "'command':{'resume':[{'type':'accept','args':null}]}}";

        for (String pin : List.of("'checkpoint_id':1", "'checkpoint':'a1'", "'checkpoint':{'checkpoint_id':['a1']}",
                "'checkpoint_id':'a1','checkpoint':{'checkpoint_id':'a0'}",
                "'config':{'configurable':{'checkpoint_id':1}}")) {
            user.post(runs(job), "{" + pin + "," + resume).refused(400, "invalid-request");
        }
        user.post(runs(job), "{'config':{'configurable':{'checkpoint_id':'a0'}}," + resume).refused(409,
                "stale-action");
        job.read().has("/pendingAction/actionId", "a1");
        user.post(runs(job), "{'checkpoint_id':null,'checkpoint':{'checkpoint_id':'a1'}," + resume).is(200);
    }

    @Test
    void interruptIdOfTheGraphNamesNoPrompt() {
        AJob job = agent.creates("u1");
        job.pauses(AJob.oneCall(), "'actionId':'a1','interruptId':'i1'").is(200);

        user.post(runs(job), "{'command':{'resume':{'i1':[{'type':'accept','args':null}]}}}").refused(409,
                "stale-action");

        job.read().has("/pendingAction/actionId", "a1");
    }

    @Test
    void textThatIsNestedTooDeepIsRefusedAsElsewhere() {
        AJob job = agent.creates("u1");
        job.pauses(AJob.calls(AJob.call("c1", "note", "{'list':[]}")), "'actionId':'a1'").is(200);

        user.post(runs(job), "{'command':{'resume':[{'type':'edit','args':{'action':'note','args':{'list':'%s%s'}}}]}}"
                .formatted("[".repeat(64), "]".repeat(64))).refused(400, "invalid-decision");

        job.read().has("/pendingAction/actionId", "a1");
    }

    @Test
    void decisionIsOfTheArgumentsThatWereSeen() {
        AJob job = waiting();

        user.post(runs(job), ACCEPT).is(200);

        assertThat(agent.claims(job.id(), "a1", "w1").is(200).text("/resolution/decisions/0/argumentsDigest"))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void cancellingARunThatIsOverLeavesTheNextOneAlone() {
        AJob job = waiting();
        Reply first = user.post(runs(job), ACCEPT).is(200);
        claimed(job, "a1").paused("a2");
        Reply second = user.post(runs(job), ACCEPT).is(200);

        user.post(runs(job) + "/" + first.text("/run_id") + "/cancel", "").refused(409, "sequence-mismatch");
        user.post(runs(job) + "/" + job.generation() + "-999/cancel", "").refused(404, "not-found");
        job.read().has("/status", "running");

        user.post(runs(job) + "/" + second.text("/run_id") + "/cancel", "").is(204);
    }

    @Test
    void cancelledRunAbortsItsJob() {
        AJob job = waiting();
        Reply run = user.post(runs(job), ACCEPT).is(200);

        Api.as("u2").post(runs(job) + "/" + run.text("/run_id") + "/cancel?wait=0&action=interrupt", "")
                .refused(403, "forbidden");
        user.post(runs(job) + "/" + run.text("/run_id") + "/cancel?wait=0&action=interrupt", "").is(204);

        job.read().has("/status", "aborted");
        user.get("/langgraph/threads/" + job.id()).is(200).has("/status", "idle");
        user.get(runs(job) + "/" + run.text("/run_id")).is(200).has("/status", "interrupted");
    }

    @Test
    void runThatIsNotThereIsNotFound() {
        AJob job = waiting();

        for (String run : List.of("1-1", job.generation() + "-999", "abc")) {
            user.get(runs(job) + "/" + run).refused(404, "not-found");
            user.get(runs(job) + "/" + run + "/join").refused(404, "not-found");
        }
    }
}
