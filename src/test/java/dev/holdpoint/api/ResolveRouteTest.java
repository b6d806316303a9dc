package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** The checks of a decision, in their order, and that exactly one wins. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class ResolveRouteTest {
    private static final String REVIEWED = "{'type':'tool_approval','action_requests':["
            + AJob.call("c1", "send", "{'to':'a'}") + "," + AJob.call("c2", "pay", "{'sum':1}")
            + "],'review_configs':[{'tool_call_id':'c1','allowed_decisions':['approve','edit','respond'],"
            + "'args_schema':{'type':'object','required':['to'],'properties':{'to':{'type':'string'}},'additionalProperties':false}},"
            + "{'tool_call_id':'c2','allowed_decisions':['approve','reject']}]}";

    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");

    @Inject MovableClock clock;

    private AJob reviewed() {
        AJob job = agent.creates("u1");
        job.pauses(REVIEWED, "'actionId':'a1'").is(200);
        return job;
    }

    private Reply decides(AJob job, String... decisions) {
        return user.resolves(job.id(), "{'actionId':'a1','decisions':[" + String.join(",", decisions) + "]}");
    }

    private static String decision(String call, String kind, String more) {
        return "{'tool_call_id':'%s','decision':'%s'%s}".formatted(call, kind, more.isEmpty() ? "" : "," + more);
    }

    @Test
    void decisionIsAnsweredWithItsResolutionAndTheRunningJob() {
        AJob job = reviewed();

        Reply reply = decides(job, decision("c1", "edit", "'editedArguments':{'to':'b'},'reason':'typo'"),
                decision("c2", "reject", "'reason':'no'")).is(200);

        reply.has("/resolution/jobId", job.id()).has("/resolution/actionId", "a1")
                .has("/resolution/generation", job.generation()).has("/resolution/decidedBy/subject", "u1")
                .hasJson("/resolution/decidedBy/roles", "['user']").has("/resolution/outcome", "decided")
                .hasJson("/resolution/decisions/0/editedArguments", "{'to':'b'}")
                .has("/resolution/decisions/1/reason", "no").has("/job/status", "running")
                .has("/job/continuation/state", "open").lacks("/job/pendingAction");
        assertThat(reply.text("/resolution/requests/0/edited_arguments_digest")).matches("[0-9a-f]{64}");
    }

    @Test
    void checksComeInTheirOrder() {
        AJob job = reviewed();
        String approve1 = decision("c1", "approve", "");
        String approve2 = decision("c2", "approve", "");

        user.resolves(job.id(), "{'decisions':[]}").refused(400, "invalid-request");
        user.resolves("none", Api.approval("a1")).refused(404, "no-such-job");
        Api.as("u2").resolves(job.id(), Api.approval("a1")).refused(403, "forbidden");
        user.resolves(job.id(), Api.approval("other")).refused(409, "stale-action").has("/currentActionId", "a1");
        decides(job).refused(400, "undecided").hasJson("/toolCallIds", "['c1','c2']");
        decides(job, approve1, approve1).refused(400, "undecided").hasJson("/toolCallIds", "['c2']");
        decides(job, approve1, approve2, decision("c9", "approve", "")).refused(403, "decision-not-allowed")
                .hasJson("/toolCallIds", "['c9']");
        decides(job, decision("c1", "reject", ""), approve2, approve2).refused(403, "decision-not-allowed")
                .hasJson("/toolCallIds", "['c1']");
        decides(job, approve1, decision("c2", "respond", "")).refused(403, "decision-not-allowed")
                .hasJson("/toolCallIds", "['c2']");
        decides(job, decision("c1", "edit", ""), approve2, approve2).refused(400, "duplicate-decision")
                .hasJson("/toolCallIds", "['c2']");
        decides(job, decision("c1", "approve", "'argumentsDigest':'" + "0".repeat(64) + "'"), approve2)
                .refused(409, "arguments-changed").hasJson("/toolCallIds", "['c1']");
        for (String edited : List.of("", "'editedArguments':[]", "'editedArguments':null", "'editedArguments':{}",
                "'editedArguments':{'to':7}", "'editedArguments':{'to':'b','x':1}")) {
            decides(job, decision("c1", "edit", edited), approve2).refused(400, "invalid-decision")
                    .hasJson("/toolCallIds", "['c1']");
        }
        for (String text : List.of("", "'responseText':''", "'responseText':'  '")) {
            decides(job, decision("c1", "respond", text), approve2).refused(400, "invalid-decision")
                    .hasJson("/toolCallIds", "['c1']");
        }
        user.resolves(job.id(), "{'actionId':'a1','answer':'yes'}").refused(400, "undecided");

        job.read().has("/status", "requires_action").has("/pendingAction/actionId", "a1")
                .has("/lastEventId", job.generation() + "-2");
        decides(job, approve1, approve2).is(200);
    }

    @Test
    void schemaErrorsAreTold() {
        Reply reply = decides(reviewed(), decision("c1", "edit", "'editedArguments':{'to':7}"),
                decision("c2", "approve", ""));

        reply.refused(400, "invalid-decision").has("/schemaErrors/0/toolCallId", "c1");
        assertThat(reply.text("/schemaErrors/0/message")).isNotBlank();
    }

    @Test
    void digestOfWhatWasShownLetsTheDecisionThrough() {
        AJob job = reviewed();
        String digest = user.reads(job.id()).text("/pendingAction/payload/action_requests/0/arguments_digest");

        decides(job, decision("c1", "approve", "'argumentsDigest':'" + digest + "'"), decision("c2", "approve", ""))
                .is(200);
    }

    @Test
    void whatIsToBeRememberedIsCheckedBeforeDoubleDecisionsAndAfterTheirKinds() {
        AJob job = reviewed();
        String rejectedForEver = decision("c2", "reject", "'scope':'always'");

        decides(job, decision("c1", "reject", ""), rejectedForEver).refused(403, "decision-not-allowed");
        decides(job, decision("c1", "approve", ""), rejectedForEver, rejectedForEver)
                .refused(403, "scope-not-offered").hasJson("/toolCallIds", "['c2']");
        decides(job, decision("c1", "approve", "'scope':'once'"), decision("c2", "reject", "'scope':'once'")).is(200)
                .lacks("/grants").lacks("/notRemembered");
    }

    @Test
    void jobThatWaitsForNothingIsRefused() {
        AJob job = agent.creates("u1");

        user.approves(job.id(), "a1").refused(409, "not-waiting").has("/jobStatus", "running");
        job.completes().is(200);
        user.approves(job.id(), "a1").refused(409, "not-waiting").has("/jobStatus", "complete");
    }

    @Test
    void sameDecisionAgainIsTheSameResolutionAndAnotherIsTooLate() {
        AJob job = agent.creates("u1").paused("a1");

        String resolution = user.approves(job.id(), "a1").is(200).text("/resolution/resolutionId");

        user.approves(job.id(), "a1").is(200).has("/resolution/resolutionId", resolution);
        user.rejects(job.id(), "a1").refused(409, "already-decided").has("/winner/by", "u1")
                .has("/winner/decisions/0/decision", "approve");
        Api.as("reviewer").approves(job.id(), "a1").refused(409, "already-decided").has("/winner/by", "u1");
        Reply claim = agent.claims(job.id(), "a1", "w").is(200);
        user.approves(job.id(), "a1").is(200).has("/resolution/resolutionId", resolution);
        job.under(claim.text("/fence")).completes().is(200);
        user.approves(job.id(), "a1").is(200).has("/resolution/resolutionId", resolution);
    }

    @Test
    void closedActionsAreGone() {
        AJob aborted = agent.creates("u1").paused("a1");
        user.aborts(aborted.id()).is(200).has("/status", "aborted");
        AJob replaced = agent.creates("u1").paused("a1");
        agent.createsNamed(replaced.id(), "u1");
        AJob expired = agent.creates("u1").paused("a1");
        agent.post(expired.path() + "/expire", "{}").is(200);

        user.approves(aborted.id(), "a1").refused(410, "action-closed");
        user.approves(replaced.id(), "a1").refused(410, "action-closed");
        user.approves(expired.id(), "a1").refused(410, "approval-expired");
        user.aborts(aborted.id()).refused(409, "already-settled").has("/jobStatus", "aborted");
    }

    @Test
    void decisionAfterTheDeadlineAbortsTheJobAndTellsEverybody() {
        AJob job = agent.creates("u1").paused("a1", "PT5M");
        try (Sse stream = user.follows(job.id())) {
            stream.until("job.paused");

            clock.advance(Duration.ofMinutes(6));

            user.approves(job.id(), "a1").refused(410, "approval-expired");
            stream.next("job.expired");
            stream.ends();
            job.read().has("/status", "aborted").has("/active", false).lacks("/pendingAction");
            agent.claims(job.id(), "a1", "w").refused(410, "action-closed").has("/outcome", "expired");
        }
    }

    @Test
    void oneOfFiftyWins() {
        AJob job = agent.creates("u1").paused("a1");
        List<CompletableFuture<Reply>> calls = IntStream.range(0, 50)
                .mapToObj(number -> Api.as(number % 2 == 0 ? "u1" : "reviewer").postLater(job.path() + "/resolve",
                        "{'actionId':'a1','decisions':[{'tool_call_id':'c1','decision':'%s','reason':'%d'}]}"
                                .formatted(number % 3 == 0 ? "reject" : "approve", number)))
                .toList();

        List<Reply> replies = calls.stream().map(CompletableFuture::join).toList();

        List<Reply> won = replies.stream().filter(reply -> reply.status() == 200).toList();
        assertThat(won).hasSize(1);
        String winner = won.getFirst().text("/resolution/decisions/0/reason");
        replies.stream().filter(reply -> reply.status() != 200)
                .forEach(reply -> reply.refused(409, "already-decided").has("/winner/decisions/0/reason", winner));
        assertThat(user.get(job.path() + "/events?limit=200").at("/items")).hasSize(3);
    }

    @Test
    void questionTakesOneAnswer() {
        AJob job = agent.creates("u1");
        job.pauses(
                "{'type':'ask_user_question','question':{'header':'Region','question':'Which?','options':[{'label':'EU','value':'eu'}]}}",
                "'actionId':'a1'").is(200);

        user.get(job.path() + "/state").is(200).has("/pendingAction/payload/question/header", "Region");
        for (String answer : List.of("", ",'answer':''", ",'answer':'" + "x".repeat(16_001) + "'",
                ",'answers':{'q':'eu'}", ",'decisions':[]")) {
            user.resolves(job.id(), "{'actionId':'a1'" + answer + "}").refused(400, "invalid-decision");
        }
        user.resolves(job.id(), "{'actionId':'a1','answer':'eu'}").is(200).has("/resolution/answer", "eu");
        agent.claims(job.id(), "a1", "w").is(200).has("/resolution/answer", "eu");
    }

    @Test
    void answerToWhatWasNotAskedIsNamed() {
        AJob job = agent.creates("u1");
        job.pauses("{'type':'ask_user_question','question':{'question':'A?'}}", "'actionId':'a1'").is(200);

        user.resolves(job.id(), "{'actionId':'a1','answers':{'z':'1'}}").refused(400, "invalid-decision")
                .hasJson("/questionIds", "['z']");
    }

    @Test
    void questionsTakeAnAnswerEach() {
        AJob job = agent.creates("u1");
        job.pauses("{'type':'ask_user_question','questions':[{'id':'a','question':'A?'},{'id':'b','question':'B?'}]}",
                "'actionId':'a1'").is(200);

        user.resolves(job.id(), "{'actionId':'a1','answers':{'a':'1'}}").refused(400, "invalid-decision")
                .hasJson("/questionIds", "['b']");
        user.resolves(job.id(), "{'actionId':'a1','answers':{'a':'1','b':'2','c':'3'}}")
                .refused(400, "invalid-decision").hasJson("/questionIds", "['c']");
        user.resolves(job.id(), "{'actionId':'a1','answers':{'a':'1','b':'2'}}").is(200)
                .hasJson("/resolution/answers", "{'a':'1','b':'2'}");
    }

    @Test
    void decisionNamesTheGenerationItMeans() {
        AJob replaced = reviewed();
        AJob current = agent.createsNamed(replaced.id(), "u1");
        current.pauses(REVIEWED, "'actionId':'a1'").is(200);

        decidesIn(replaced.generation(), current).refused(410, "action-closed").has("/outcome", "replaced");
        decidesIn(current.generation() + 1, current).refused(409, "generation-mismatch")
                .has("/currentGeneration", current.generation());
        user.resolves(current.id(), "{'actionId':'a1','generation':'1','decisions':[]}")
                .refused(400, "invalid-request");
        user.get(current.path()).is(200).has("/status", "requires_action");
        decidesIn(current.generation(), current).is(200).has("/resolution/generation", current.generation());
    }

    private Reply decidesIn(long generation, AJob job) {
        return user.resolves(job.id(), "{'actionId':'a1','generation':" + generation + ",'decisions':["
                + decision("c1", "approve", "") + "," + decision("c2", "approve", "") + "]}");
    }

    @Test
    void abortNamesTheGenerationItMeans() {
        AJob job = agent.creates("u1");

        user.post(job.path() + "/abort", "{'generation':" + (job.generation() - 1) + "}")
                .refused(409, "generation-mismatch");
        user.post(job.path() + "/abort", "{'generation':" + job.generation() + "}").is(200).has("/status", "aborted");
    }
}
