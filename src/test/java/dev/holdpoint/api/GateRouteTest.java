package dev.holdpoint.api;

import static dev.holdpoint.api.AJob.toolCall;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One call tells a worker what it may run, and pauses its job for the rest. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class GateRouteTest {
    private static final String POLICY =
            "{'enabled':true,'allow':['read_*'],'deny':['drop_*'],'reason':'Ask about {tool}.'}";

    private final ATenant tenant = ATenant.fresh();
    private final Api user = tenant.as("u1");

    @BeforeEach
    void setUp() { tenant.rules(POLICY); }

    private Reply read(AJob job) { return tenant.as("admin").reads(job.id()).is(200); }

    @Test
    void whatIsAllowedRunsWithoutAPause() {
        AJob job = tenant.job("u1");

        Reply gate = job.gates("", toolCall("c1", "read_mail"), toolCall("c2", "read_file")).is(200);

        gate.hasJson("", "{'allowed':['c1','c2'],'denied':[]}");
        read(job).has("/status", "running").has("/lastEventId", job.generation() + "-1").lacks("/pendingAction");
        job.completes().is(200);
    }

    @Test
    void whatIsDeniedComesBackWithReasonAndRuleAndPausesNothing() {
        AJob job = tenant.job("u1");

        job.gates("", toolCall("c1", "drop_table"), toolCall("c2", "drop_all")).is(200).hasJson("", """
                {'allowed':[],'denied':[
                  {'id':'c1','reason':'Ask about drop_table.','rule':{'list':'deny','index':0,'pattern':'drop_*'}},
                  {'id':'c2','reason':'Ask about drop_all.','rule':{'list':'deny','index':0,'pattern':'drop_*'}}]}
                """);
        read(job).has("/status", "running").has("/lastEventId", job.generation() + "-1");
    }

    @Test
    void callThatComesUnderTheIdsOfAnotherNeverRunsOnItsApproval() {
        AJob job = tenant.job("u1");
        job.gates("'actionId':'a1'", toolCall("c1", "send", "{'to':'a'}")).is(200).has("/pendingAction/actionId", "a1");

        job.gates("'actionId':'a1'", toolCall("c1", "pay", "{'to':'a'}")).refused(409, "action-id-reused");
        job.gates("'actionId':'a1'", toolCall("c1", "send", "{'to':'b'}")).refused(409, "action-id-reused");
        job.gates("'actionId':'a1'", toolCall("c1", "send", "{ 'to' : 'a' }")).is(200)
                .has("/pendingAction/actionId", "a1");
    }

    @Test
    void repeatedGateFindsItsPromptAlsoWhenNothingHasToBeAskedAnyMore() {
        AJob job = tenant.job("u1");
        String[] calls = {toolCall("c1", "send"), toolCall("c2", "read_mail")};
        job.gates("'actionId':'a1'", calls).is(200).hasJson("/allowed", "['c2']");

        tenant.rules("{'enabled':true,'allow':['*']}");

        job.gates("'actionId':'a1'", calls).is(200).hasJson("/allowed", "['c2']").has("/pendingAction/actionId", "a1");
        job.gates("'actionId':'a2'", calls).refused(409, "already-paused");
        job.gates("", toolCall("c2", "read_mail")).refused(409, "already-paused");
    }

    @Test
    void denialAlwaysHasAReason() {
        tenant.rules("{'enabled':true,'deny':['drop_*']}");

        assertThat(tenant.job("u1").gates("", toolCall("c1", "drop_table")).is(200).text("/denied/0/reason"))
                .contains("drop_table");
    }

    @Test
    void mixedBatchIsAnsweredAtOnceAndAsksForTheRestInOnePrompt() {
        AJob job = tenant.job("u1");

        Reply gate = job.gates("'actionId':'a1','ttl':'PT5M','interruptId':'i1','threadId':'t1'",
                toolCall("c1", "send", "{'to':'a'}"), toolCall("c2", "read_mail"), toolCall("c3", "drop_table"),
                "{'toolCallId':'c4','name':'pay','arguments':{},'description':'Pays.','aliases':['bank__pay']}")
                .is(200);

        gate.hasJson("/allowed", "['c2']").has("/denied/0/id", "c3").lacks("/denied/1")
                .has("/pendingAction/actionId", "a1").has("/pendingAction/interruptId", "i1")
                .has("/pendingAction/threadId", "t1").has("/pendingAction/payload/type", "tool_approval")
                .has("/pendingAction/payload/action_requests/0/tool_call_id", "c1")
                .hasJson("/pendingAction/payload/action_requests/0/arguments", "{'to':'a'}")
                .has("/pendingAction/payload/action_requests/0/policy_reason", "Ask about send.")
                .lacks("/pendingAction/payload/action_requests/0/aliases")
                .has("/pendingAction/payload/action_requests/1/tool_call_id", "c4")
                .has("/pendingAction/payload/action_requests/1/description", "Pays.")
                .hasJson("/pendingAction/payload/action_requests/1/aliases", "['bank__pay']")
                .lacks("/pendingAction/payload/action_requests/2")
                .hasJson("/pendingAction/payload/review_configs/0/allowed_decisions", "['approve','reject','edit']")
                .has("/pendingAction/payload/review_configs/0/allow_always", true);
        read(job).has("/status", "requires_action").has("/lastEventId", job.generation() + "-2");
        assertThat(user.get("/v1/approvals").is(200).at("/items/0/payload"))
                .isEqualTo(gate.at("/pendingAction/payload"));
        assertThat(user.get(job.path() + "/events").is(200).at("/items/1/data")).isEqualTo(gate.at("/pendingAction"));
    }

    @Test
    void decisionOnAGatesPromptTellsTheVersionThatAskedAndIsClaimedAsEver() {
        AJob job = tenant.job("u1");
        job.gates("'actionId':'a1','resumeContext':{'step':7}", toolCall("c1", "send")).is(200);

        user.approves(job.id(), "a1").is(200).has("/resolution/policyVersion", 1).lacks("/grants");
        tenant.as("agent").claims(job.id(), "a1", "w").is(200).has("/resolution/policyVersion", 1)
                .hasJson("/resumeContext", "{'step':7}");
    }

    @Test
    void reviewsOfTheWorkerHold() {
        AJob job = tenant.job("u1");
        String review = "{'tool_call_id':'c1','allowed_decisions':['approve','edit'],'allow_always':false,"
                + "'args_schema':{'type':'object','properties':{'sum':{'type':'integer'}}}}";

        job.gates("'actionId':'a1','review_configs':[" + review + "]", toolCall("c1", "pay", "{'sum':1}"),
                toolCall("c2", "read_x")).is(200)
                .has("/pendingAction/payload/review_configs/0/allow_always", false)
                .hasJson("/pendingAction/payload/review_configs/0/allowed_decisions", "['approve','edit']")
                .has("/pendingAction/payload/review_configs/0/args_schema/type", "object");

        user.rejects(job.id(), "a1").refused(403, "decision-not-allowed");
        user.resolves(job.id(), ATenant.approval("a1", "always")).refused(403, "scope-not-offered");
        user.approves(job.id(), "a1").is(200);
    }

    @Test
    void sameGateAgainIsTheSamePause() {
        AJob job = tenant.job("u1");
        String[] calls = {toolCall("c1", "send"), toolCall("c2", "read_mail"), toolCall("c3", "drop_table")};

        Reply first = job.gates("'actionId':'a1'", calls).is(200);
        Reply again = job.gates("'actionId':'a1'", calls).is(200);

        assertThat(again.json()).isEqualTo(first.json());
        read(job).has("/lastEventId", job.generation() + "-2");
    }

    @Test
    void gateRepeatedUnderOtherRulesKeepsThePromptAndJudgesTheRestByThem() {
        AJob job = tenant.job("u1");
        String[] calls =
                {toolCall("c1", "send"), toolCall("c2", "read_mail"), toolCall("c3", "read_x"),
                    toolCall("c4", "drop_x")};
        Reply first = job.gates("'actionId':'a1'", calls).is(200);

        tenant.rules("{'enabled':true,'allow':['drop_*'],'deny':['read_mail']}");
        Reply again = job.gates("'actionId':'a1'", calls).is(200);

        assertThat(again.at("/pendingAction")).isEqualTo(first.at("/pendingAction"));
        again.hasJson("/allowed", "['c4']").has("/denied/0/id", "c2").has("/denied/1/id", "c3")
                .hasJson("/denied/1/rule", "{'fallthrough':true}");
    }

    @Test
    void changedPolicyHoldsForTheNextGate() {
        AJob job = tenant.job("u1");
        job.gates("", toolCall("c1", "read_mail")).is(200).hasJson("/allowed", "['c1']");

        tenant.rules("{'enabled':true,'deny':['read_*']}");

        job.gates("", toolCall("c1", "read_mail")).is(200).hasJson("/allowed", "[]").has("/denied/0/id", "c1");
    }

    @Test
    void switchedOffApprovalsPromptNobody() {
        tenant.rules("{'enabled':false,'allow':['read_*'],'ask':['read_x']}");
        AJob job = tenant.job("u1");

        job.gates("", toolCall("c1", "read_mail"), toolCall("c2", "send")).is(200).hasJson("/allowed", "['c1']")
                .has("/denied/0/id", "c2").hasJson("/denied/0/rule", "{'fallthrough':true}").lacks("/pendingAction");
        read(job).has("/status", "running");
    }

    @Test
    void onlyTheFenceInForcePasses() {
        AJob replaced = tenant.job("u1");
        AJob current = tenant.as("agent").createsNamed(replaced.id(), "u1");
        String allowed = toolCall("c1", "read_mail");
        String asked = toolCall("c1", "send");

        for (String call : new String[]{allowed, asked}) {
            replaced.gates("", call).refused(409, "generation-replaced").has("/currentGeneration",
                    current.generation());
            tenant.as("agent").post(current.path() + "/gate", "{'toolCalls':[" + call + "]}")
                    .refused(428, "fence-required");
            new AJob(tenant.as("agent"), "none", 1, "1.1", null).gates("", call).refused(404, "no-such-job");
            new AJob(Api.agent(), current.id(), 1, current.fence(), null).gates("", call).refused(404, "no-such-job");
        }
        current.gates("'actionId':'a1'", asked).is(200);
        user.approves(current.id(), "a1").is(200);
        current.gates("", allowed).refused(409, "not-claimed");
        current.gates("", asked).refused(409, "not-claimed");
        AJob claimed = current.under(tenant.as("agent").claims(current.id(), "a1", "w").is(200).text("/fence"));
        current.gates("", allowed).refused(409, "execution-replaced");
        current.gates("", asked).refused(409, "execution-replaced");
        claimed.gates("", allowed).is(200).hasJson("/allowed", "['c1']");
        claimed.gates("'actionId':'a1'", asked).refused(409, "action-id-reused");
        claimed.gates("'actionId':'a2'", asked).is(200).has("/pendingAction/actionId", "a2");
    }

    @Test
    void pausedOrEndedJobPassesNothing() {
        AJob paused = tenant.job("u1").paused("a1");
        AJob ended = tenant.job("u1");
        ended.completes().is(200);

        for (String call : new String[]{toolCall("c1", "read_mail"), toolCall("c1", "send"),
            toolCall("c1", "drop_x")}) {
            paused.gates("'actionId':'a2'", call).refused(409, "already-paused").has("/currentActionId", "a1");
            ended.gates("", call).refused(409, "not-running").has("/jobStatus", "complete");
        }
    }

    @Test
    void deadlineInThePastIsRefusedIffSomebodyMustBeAsked() {
        AJob job = tenant.job("u1");

        job.gates("'ttl':'PT0S'", toolCall("c1", "read_mail"), toolCall("c2", "send")).refused(422, "deadline-passed");
        job.gates("'expiresAt':'2020-01-01T00:00:00.000Z'", toolCall("c2", "send")).refused(422, "deadline-passed");
        job.gates("'ttl':'PT0S'", toolCall("c1", "read_mail")).is(200);
        read(job).has("/status", "running");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{'toolCallId':'c1','name':'','arguments':{}}", "{'toolCallId':'c1','arguments':{}}",
        "{'toolCallId':'c1','name':'t'}", "{'name':'t','arguments':{}}",
        "{'toolCallId':'c1','name':'t','arguments':[]}", "{'toolCallId':'c1','name':'t','arguments':null}",
        "{'toolCallId':'c1','name':'t','arguments':{'a':1e400}}",
        "{'toolCallId':'c1','name':'t','arguments':{},'aliases':['']}",
        "{'toolCallId':'c1','name':'read_x','arguments':{}},{'toolCallId':'c1','name':'t','arguments':{}}"})
    void callsThatNobodyCouldDecideAreRefused(String calls) {
        tenant.job("u1").gates("", calls).refused(422, "invalid-interrupt");
    }

    @Test
    void sizesAreBounded() {
        AJob job = tenant.job("u1");
        String[] many =
                IntStream.rangeClosed(1, 65).mapToObj(id -> toolCall("c" + id, "read_x")).toArray(String[]::new);
        String longest = "n".repeat(256);
        String aliased = "{'toolCallId':'c1','name':'read_x','arguments':{},'aliases':[%s'a']}";

        assertThat(job.gates("", many).refused(422, "invalid-interrupt").text("/detail")).contains("1 to 64");
        job.gates("", toolCall("c1", longest + "n")).refused(422, "invalid-interrupt");
        job.gates("", aliased.formatted("'a',".repeat(16))).refused(422, "invalid-interrupt");
        job.gates("", aliased.formatted("'" + longest + "n',")).refused(422, "invalid-interrupt");
        job.gates("", aliased.formatted("'" + longest + "',".repeat(1))).is(200);
        job.gates("", aliased.formatted("'a',".repeat(15))).is(200);
        job.gates("'review_configs':[{'tool_call_id':'c9','allowed_decisions':['approve']}]", toolCall("c1", "t"))
                .refused(422, "invalid-interrupt");
        job.gates("'review_configs':[{'tool_call_id':'c1','allowed_decisions':[]}]", toolCall("c1", "t"))
                .refused(422, "invalid-interrupt");
        read(job).has("/status", "running");
    }

    @Test
    void sixtyFourCallsAreAskedAtOnce() {
        AJob job = tenant.job("u1");
        String[] many =
                IntStream.rangeClosed(1, 64).mapToObj(id -> toolCall("c" + id, "t" + id)).toArray(String[]::new);

        Reply gate = job.gates("", many).is(200);

        assertThat(gate.at("/pendingAction/payload/action_requests")).hasSize(64);
        gate.has("/pendingAction/payload/action_requests/63/name", "t64");
    }

    @Test
    void repeatedKeyGetsTheFirstAnswerAgainEvenWhenTheRulesHaveChanged() {
        AJob job = tenant.job("u1");
        Api once = tenant.as("agent").once(Api.fresh("key")).with("Holdpoint-Fence", job.fence());
        String body = "{'toolCalls':[" + toolCall("c1", "read_mail") + "]}";
        Reply first = once.post(job.path() + "/gate", body).is(200).hasJson("/allowed", "['c1']");
        tenant.rules("{'enabled':true,'deny':['*']}");

        Reply again = once.post(job.path() + "/gate", body).is(200);

        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.body()).isEqualTo(first.body());
        once.post(job.path() + "/gate", "{'toolCalls':[" + toolCall("c1", "send") + "]}")
                .refused(422, "idempotency-key-reused");
    }

    // --- edits

    @Test
    void editThatThePolicyDeniesIsRefusedAndThePromptStaysOpen() {
        tenant.rules(
                "{'enabled':true,'deny':[{'tool':'send','when':{'/to':{'matches':'*@evil.example'}}},{'tool':'s__send','when':{'/cc':{'exists':true}}}]}");
        AJob job = tenant.job("u1");
        String aliased = "{'toolCallId':'c1','name':'send','arguments':{'to':'a@b.c'},'aliases':['s__send']}";
        job.gates("'actionId':'a1'", aliased).is(200);

        for (String edited : new String[]{"{'to':'x@evil.example'}", "{'to':7}", "{}", "{'to':'a@b.c','cc':'d'}"}) {
            edits(job, edited).refused(403, "edit-denied").hasJson("/toolCallIds", "['c1']");
        }

        read(job).has("/status", "requires_action").has("/pendingAction/actionId", "a1");
        edits(job, "{'to':'x@good.example'}").is(200).hasJson("/resolution/decisions/0/editedArguments",
                "{'to':'x@good.example'}");
    }

    @Test
    void editIsJudgedByTheRulesOfItsOwnMomentAlsoWhereNoGateAsked() {
        AJob job = tenant.job("u1").paused("a1");
        tenant.rules("{'enabled':true,'deny':['send_*']}");

        edits(job, "{'to':'x'}").refused(403, "edit-denied");

        tenant.rules("{'enabled':true}");
        edits(job, "{'to':'x'}").is(200).lacks("/resolution/policyVersion");
    }

    private Reply edits(AJob job, String edited) {
        return user.resolves(job.id(),
                "{'actionId':'a1','decisions':[{'tool_call_id':'c1','decision':'edit','editedArguments':" + edited
                        + "}]}");
    }
}
