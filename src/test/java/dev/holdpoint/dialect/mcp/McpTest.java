package dev.holdpoint.dialect.mcp;

import static dev.holdpoint.dialect.mcp.Agent.approval;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.api.AJob;
import dev.holdpoint.api.ATenant;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.MovableClock;
import dev.holdpoint.api.Reply;
import dev.holdpoint.api.Wire;
import dev.holdpoint.dialect.mcp.Agent.Told;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents ask people through MCP, and hear exactly what was decided. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class McpTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dialect/mcp");

    private final ATenant tenant = ATenant.fresh();
    private final Agent agent = new Agent(tenant.as("agent")).with("Holdpoint-User", "u1");
    private final Api user = tenant.as("u1");
    @Inject MovableClock clock;
    @Inject Settling settling;
    @Inject ShortLived values;

    private static JsonNode golden(String name) {
        try {
            return Reply.parse(Files.readString(GOLDEN.resolve(name)));
        } catch (IOException missing) {
            throw new AssertionError(missing);
        }
    }

    private void decides(String approval, String decision) {
        user.resolves(approval, "{'actionId':'%s','decisions':[{'tool_call_id':'%s',%s}]}".formatted(approval,
                user.reads(approval).text("/pendingAction/payload/action_requests/0/tool_call_id"), decision)).is(200);
    }

    private void answers(String approval, String answer) {
        user.resolves(approval, "{'actionId':'" + approval + "'," + answer + "}").is(200);
    }

    private void becomes(String approval, String status) {
        Wire.await(() -> user.reads(approval).text("/status").equals(status));
    }

    @ParameterizedTest
    @CsvSource({"2025-11-25,2025-11-25", "2025-06-18,2025-06-18", "2025-03-26,2025-03-26", "2024-11-05,2025-11-25",
        "2026-07-28,2025-11-25"})
    void greetingAgreesOnAVersionThatBothSpeak(String wanted, String spoken) {
        Reply greeted = agent.asks("initialize", "{'protocolVersion':'" + wanted
                + "','capabilities':{},'clientInfo':{'name':'t','version':'1'}}");

        greeted.has("/result/protocolVersion", spoken).has("/result/serverInfo/name", "holdpoint")
                .hasJson("/result/capabilities", "{'tools':{'listChanged':false}}");
        assertThat(greeted.header("Mcp-Session-Id")).isNotEmpty();
    }

    @Test
    void toolsAreListedAsWrittenDown() {
        assertThat(agent.asks("tools/list", "{}").at("/result")).isEqualTo(golden("tools.json"));
    }

    @Test
    void whatIsDecidedIsToldInTheWordsOfAPermissionPrompt() {
        String[] decisions = {"'decision':'approve'", "'decision':'reject','reason':'wrong folder'",
            "'decision':'edit','editedArguments':{'command':'ls -l'}",
            "'decision':'respond','responseText':'use the cached copy'"};
        String[] names = {"approve.json", "reject.json", "edit.json", "respond.json"};
        String offered = "'allowedDecisions':['approve','reject','edit','respond']";

        for (int at = 0; at < names.length; at++) {
            String id = agent.calls("request_approval", approval("t" + at, "{'command':'ls','n':1.0}", offered))
                    .pending();
            decides(id, decisions[at]);

            assertThat(agent.checks(id).withoutId()).isEqualTo(golden(names[at]));
            becomes(id, "complete");
        }
    }

    @Test
    void callThatWaitsIsAnsweredByTheDecision() {
        CompletableFuture<Told> waiting = agent.callsLater("request_approval",
                "{'tool_name':'Bash','input':{'command':'ls'},'tool_use_id':'t1','waitSeconds':50}");
        Wire.await(() -> user.get("/v1/approvals").is(200).at("/items").size() == 1);
        String id = user.get("/v1/approvals").is(200).text("/items/0/actionId");

        decides(id, "'decision':'approve'");

        waiting.join().isJson("{'behavior':'allow','updatedInput':{'command':'ls'}}").has("approvalId", id)
                .has("decidedBy", "u1");
    }

    @Test
    void sameCallFindsItsRequestBeforeAndAfterTheDecision() {
        String id = agent.requests("t1").pending();

        assertThat(agent.requests("t1").pending()).isEqualTo(id);
        decides(id, "'decision':'approve'");
        agent.requests("t1").isJson("{'behavior':'allow','updatedInput':{'command':'ls'}}");
        becomes(id, "complete");
        agent.requests("t1").isJson("{'behavior':'allow','updatedInput':{'command':'ls'}}").has("approvalId", id);
        user.get("/v1/approvals").is(200).hasJson("/items", "[]");
    }

    @Test
    void otherInputUnderTheSameIdNeverRunsOnItsApproval() {
        String id = agent.requests("t1").pending();
        agent.calls("request_approval", approval("t1", "{'command':'rm -r /'}", ""))
                .refused("idempotency-key-reused");

        decides(id, "'decision':'approve'");
        becomes(id, "complete");

        agent.calls("request_approval", approval("t1", "{'command':'rm -r /'}", ""))
                .refused("idempotency-key-reused");
    }

    @Test
    void otherDigitsAreAnotherInput() {
        String id = agent.calls("request_approval", approval("t1", "{'cents':9007199254740993}", "")).pending();
        decides(id, "'decision':'approve'");

        agent.calls("request_approval", approval("t1", "{'cents':9007199254740992}", ""))
                .refused("idempotency-key-reused");
        agent.checks(id).isJson("{'behavior':'allow','updatedInput':{'cents':9007199254740993}}");
    }

    private AJob creates(String id, JsonNode metadata) {
        return new AJob(tenant.as("agent"), tenant.as("agent")
                .post("/v1/jobs", "{'id':'%s','userId':'u1','metadata':%s}".formatted(id, metadata)).is(201));
    }

    /** A script's job under the id of an inquiry, which tells of itself what this says. */
    private void disguises(String id, JsonNode metadata) {
        creates(id, metadata).pauses(AJob.calls(AJob.call("t1", "Bash", "{'command':'ls'}")), "'actionId':'" + id + "'")
                .is(200);
    }

    @Test
    void approvalOfSomethingElseUnderItsIdLetsNothingRun() {
        String dangerous = approval("t1", "{'command':'rm -r /'}", "");
        String id = agent.calls("request_approval", dangerous).pending();
        disguises(id, user.reads(id).at("/metadata"));

        decides(id, "'decision':'approve'");

        String denied = "{'behavior':'deny','message':'What was decided is not what was asked.'}";
        agent.checks(id).isJson(denied);
        agent.calls("request_approval", dangerous).isJson(denied);
    }

    @Test
    void callThatWaitsIsNotAnsweredByAnotherCallUnderItsId() {
        String harmless = agent.requests("other").pending();
        JsonNode metadata = user.reads(harmless).at("/metadata");
        user.aborts(harmless).is(200);
        CompletableFuture<Told> waiting = agent.callsLater("request_approval",
                "{'tool_name':'Bash','input':{'command':'rm -r /'},'tool_use_id':'t1','waitSeconds':50}");
        Wire.await(() -> user.get("/v1/approvals").is(200).at("/items").size() == 1);
        String id = user.get("/v1/approvals").is(200).text("/items/0/actionId");
        disguises(id, metadata);

        decides(id, "'decision':'approve'");

        assertThat(waiting.join().text()).doesNotContain("allow");
    }

    @Test
    void jobOfAnOutcomeThatIsKnownAlreadyIsCompleted() {
        String id = agent.requests("t1").pending();
        JsonNode marker = user.reads(id).at("/metadata/mcp");
        JobKey job = new Space(new TenantId(tenant.name())).job(new JobId(id));
        // As it is left by a service that was killed after it had remembered the outcome.
        values.answers().put(InquiryWorker.key(job),
                Outcome.allowed(new Marker(marker.path("tool").asText(), marker.path("digest").asText())).written()
                        .text(),
                Duration.ofHours(1)).await().atMost(Duration.ofSeconds(20));

        decides(id, "'decision':'approve'");

        becomes(id, "complete");
    }

    @Test
    void approvalThatIsAbortedBeforeItIsTakenUpLetsNothingRun() {
        settling.stop(new ShutdownEvent());
        try {
            String id = agent.requests("t1").pending();
            decides(id, "'decision':'approve'");

            user.aborts(id).is(200);

            agent.checks(id).has("outcome", "aborted");
            agent.requests("t1").isJson("{'behavior':'deny','message':'The request was aborted.'}");
        } finally {
            settling.start(new StartupEvent());
        }
    }

    @Test
    void decisionIsKeptForWhoeverComesBackLate() {
        String id = agent.requests("t1").pending();
        decides(id, "'decision':'approve'");
        becomes(id, "complete");
        clock.advance(Duration.ofHours(1));
        Wire.await(() -> user.reads(id).status() == 404);

        agent.checks(id).isJson("{'behavior':'allow','updatedInput':{'command':'ls'}}");
        agent.requests("t1").isJson("{'behavior':'allow','updatedInput':{'command':'ls'}}");
    }

    @Test
    void whatNobodyDecidedIsDenied() {
        String late = agent.calls("request_approval", approval("t1", "{}", "'expiresInSeconds':60")).pending();
        String aborted = agent.requests("t2").pending();

        user.aborts(aborted).is(200);
        clock.advance(Duration.ofSeconds(61));

        agent.checks(late).isJson("{'behavior':'deny','message':'Nobody decided before the deadline.'}")
                .has("outcome", "expired");
        agent.checks(aborted).isJson("{'behavior':'deny','message':'The request was aborted.'}")
                .has("outcome", "aborted");
    }

    @Test
    void whatThePolicySaysIsAnsweredAtOnce() {
        tenant.rules("{'enabled':true,'allow':['Bash'],'deny':['Write'],'reason':'Not {tool}.'}");

        Told allowed = agent.requests("t1");
        Told denied = agent.calls("request_approval", "{'tool_name':'Write','input':{},'tool_use_id':'t2'}");

        allowed.isJson("{'behavior':'allow','updatedInput':{'command':'ls'}}").has("outcome", "allowed");
        denied.isJson("{'behavior':'deny','message':'Not Write.'}").has("outcome", "denied");
        agent.requests("t1").isJson("{'behavior':'allow','updatedInput':{'command':'ls'}}");
        assertThat(user.get("/v1/jobs?active=true").is(200).at("/items")).isEmpty();
    }

    @Test
    void policyThatIsSwitchedOffPromptsNobodyAndLetsNothingRun() {
        tenant.rules("{'enabled':false}");

        Told told = agent.requests("t1");

        assertThat(Reply.parse(told.text()).path("behavior").asText()).isEqualTo("deny");
        told.has("outcome", "denied");
        user.get("/v1/approvals").is(200).hasJson("/items", "[]");
    }

    @Test
    void approvalForTheSessionHoldsInItsConversation() {
        Agent inConversation = agent.with("Holdpoint-Conversation", "c1");
        decides(inConversation.requests("t1").pending(), "'decision':'approve','scope':'session'");

        inConversation.requests("t2").has("outcome", "allowed");
        agent.with("Holdpoint-Conversation", "c2")
                .calls("request_approval", approval("t4", "{'command':'ls'}", "'conversationId':'c1'"))
                .refused("forbidden");
        agent.requests("t3").pending();
    }

    @Test
    void questionIsAnswered() {
        String one = agent.calls("ask_human",
                "{'question':'Which region?','options':[{'label':'EU','value':'eu'},{'label':'US','description':'far'}],"
                        + "'waitSeconds':0}")
                .pending();
        String two = agent.calls("ask_human",
                "{'questions':[{'id':'r','question':'Region?'},{'question':'Size?','multiSelect':true,"
                        + "'options':[{'label':'S'},{'label':'L'}]}],'waitSeconds':0}")
                .pending();
        assertThat(user.reads(one).at("/pendingAction/payload")).isEqualTo(golden("question.json"));

        answers(one, "'answer':'eu'");
        answers(two, "'answers':{'r':'eu','q2':'S, L'}");

        agent.checks(one).isJson("{'status':'answered','answer':'eu'}").has("decidedBy", "u1");
        agent.checks(two).isJson("{'status':'answered','answers':{'r':'eu','q2':'S, L'}}");
    }

    @Test
    void questionUnderAKeyIsAskedOnce() {
        String asked = "{'question':'Which region?','idempotencyKey':'k1','waitSeconds':0}";

        String id = agent.calls("ask_human", asked).pending();

        assertThat(agent.calls("ask_human", asked).pending()).isEqualTo(id);
        agent.calls("ask_human", "{'question':'Another?','idempotencyKey':'k1','waitSeconds':0}")
                .refused("idempotency-key-reused");
        user.aborts(id).is(200);
        agent.calls("ask_human", asked).isJson("{'status':'aborted','message':'The request was aborted.'}");
    }

    @Test
    void pendingRequestIsNoAllowForWhoeverKnowsNoMore() {
        Told told = agent.requests("t1");

        assertThat(Reply.parse(told.text()).path("behavior").asText()).isEqualTo("deny");
        told.pending();
    }

    @Test
    void clientThatIsSetUpForOnePersonAsksNobodyElse() {
        agent.calls("request_approval", approval("t1", "{}", "'userId':'u2'")).refused("forbidden");
        new Agent(tenant.as("agent")).requests("t1").refused("invalid-request");

        String id = new Agent(tenant.as("agent"))
                .calls("request_approval", approval("t1", "{}", "'userId':'u2'")).pending();

        tenant.as("u2").reads(id).is(200).has("/userId", "u2").has("/agentId", "agent");
    }

    @Test
    void nobodyButAgentsMayCall() {
        new Agent(user).sends(Agent.message("tools/list", "{}")).refused(403, "forbidden");
        new Agent(Api.nobody()).sends(Agent.message("tools/list", "{}")).refused(401, "unauthorized");
    }

    @Test
    void requestOfAnotherTenantOrOfAnotherWorkerIsUnknown() {
        String id = agent.requests("t1").pending();
        String ofAWorker = tenant.job("u1").paused("a1").id();

        new Agent(ATenant.fresh().as("agent")).checks(id).refused("no-such-action");
        agent.checks(ofAWorker).refused("no-such-action");
        agent.checks("mcp-none").refused("no-such-action");
    }

    @Test
    void requestThatNobodyWasAskedIsNotWaitedFor() {
        String other = agent.requests("other").pending();
        String id = Api.fresh("mcp-broken");
        creates(id, user.reads(other).at("/metadata"));

        Told told = new Agent(agent.api().with("Accept", "application/json, text/event-stream"))
                .calls("check_approval", "{'approvalId':'" + id + "','waitSeconds':600}");

        assertThat(told.pending()).isEqualTo(id);
        assertThat(told.text()).contains("Make it again");
    }

    @Test
    void workerThatIsCalledLikeAnInquiryKeepsItsContinuation() {
        String id = Api.fresh("mcp-mine");
        tenant.as("agent").createsNamed(id, "u1").paused("a1");

        user.approves(id, "a1").is(200);

        agent.checks(id).refused("no-such-action");
        tenant.as("agent").claims(id, "a1", "w").is(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "1", "{}", "{'jsonrpc':'1.0','id':1,'method':'ping'}",
        "{'jsonrpc':'2.0','id':1}",
        "{'jsonrpc':'2.0','id':null,'method':'ping'}", "{'jsonrpc':'2.0','id':1.5,'method':'ping'}",
        "{'jsonrpc':'2.0','id':{},'method':'ping'}", "{'jsonrpc':'2.0','id':1,'method':2}",
        "{'jsonrpc':'2.0','id':1,'method':'ping','params':[]}", "{'jsonrpc':'2.0','id':1,'id':2,'method':'ping'}",
        "[{'jsonrpc':'2.0','id':1,'method':'ping'}]", "{'jsonrpc':'2.0',"})
    void whatIsNoMessageIsRefused(String body) {
        agent.sends(body).refused(400, "invalid-request");
    }

    @Test
    void messagesThatAskNothingOfATool() {
        assertThat(agent.sends("{'jsonrpc':'2.0','method':'notifications/initialized'}").is(202).body()).isEmpty();
        assertThat(agent.sends("{'jsonrpc':'2.0','id':7,'result':{}}").is(202).body()).isEmpty();
        agent.sends("{'jsonrpc':'2.0','id':'a','method':'ping'}").is(200)
                .hasJson("", "{'jsonrpc':'2.0','id':'a','result':{}}");
        agent.asks("resources/list", "{}").has("/error/code", -32601).has("/id", 1);
        agent.asks("tools/call", "{'name':'approve'}").has("/error/code", -32602);
        agent.asks("tools/call", "{}").has("/error/code", -32602);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'tool_name':'Bash'}", "{'input':{}}", "{'tool_name':'Bash','input':[]}",
        "{'tool_name':7,'input':{}}", "{'tool_name':'Bash','input':{},'allowedDecisions':[]}",
        "{'tool_name':'Bash','input':{},'allowedDecisions':['run']}",
        "{'tool_name':'Bash','input':{},'expiresInSeconds':0}", "{'tool_name':'Bash','input':{},'waitSeconds':-1}",
        "{'tool_name':'Bash','input':{},'userId':''}"})
    void callThatCanNotBeAskedIsRefusedInTheResult(String arguments) {
        Told told = agent.calls("request_approval", arguments);

        assertThat(told.result().path("isError").asBoolean()).as(told.text()).isTrue();
        user.get("/v1/approvals").is(200).hasJson("/items", "[]");
    }

    @Test
    void questionsTakeNoUnknownMembersAndApprovalsDo() {
        agent.calls("ask_human", "{'question':'Q?','optons':[],'waitSeconds':0}").refused("invalid-request");
        agent.calls("request_approval", approval("t1", "{}", "'agent_id':'sub'")).pending();
    }

    @Test
    void pagesAndOtherVersionsAreRefused() {
        agent.with("Origin", "http://evil.example").sends(Agent.message("ping", "{}")).refused(403, "forbidden");
        agent.with("MCP-Protocol-Version", "2026-07-28").sends(Agent.message("ping", "{}"))
                .refused(400, "invalid-request");
        agent.with("MCP-Protocol-Version", "2025-06-18").sends(Agent.message("ping", "{}")).is(200);
        Api follower = agent.api().with("Accept", "text/event-stream");
        assertThat(follower.get("/mcp").refused(405, "method-not-allowed").header("Allow")).isEqualTo("POST");
        assertThat(agent.api().delete("/mcp").refused(405, "method-not-allowed").header("Allow"))
                .isEqualTo("GET, HEAD, POST");
        follower.with("Last-Event-ID", "nonsense").get("/mcp").refused(400, "invalid-request");
    }
}
