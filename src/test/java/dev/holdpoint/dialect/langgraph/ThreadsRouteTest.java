package dev.holdpoint.dialect.langgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.StreamSupport;

import dev.holdpoint.api.AJob;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.Reply;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Jobs as LangGraph's SDK and the agent-inbox page find and read them. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class ThreadsRouteTest {
    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");
    private final Api reviewer = Api.as("reviewer");

    private AJob creates(String owner, String graph) {
        return new AJob(agent, agent.post("/v1/jobs",
                "{'id':'%s','userId':'%s','agentId':'%s','metadata':{'team':'red'}}"
                        .formatted(Api.fresh("job"), owner, graph))
                .is(201));
    }

    private static List<String> ids(Reply threads) {
        return StreamSupport.stream(threads.is(200).json().spliterator(), false)
                .map(thread -> thread.path("thread_id").asText()).toList();
    }

    private static Reply searches(Api caller, String quoted) {
        return caller.post("/langgraph/threads/search", quoted);
    }

    @Test
    void pageFindsWhatWaitsForItsGraph() {
        String graph = Api.fresh("graph");
        AJob first = creates("u1", graph).paused("a1");
        AJob second = creates("u2", graph).paused("a2");
        creates("u1", graph);
        creates("u1", Api.fresh("graph")).paused("a3");

        String asThePageAsks = "{'offset':0,'limit':10,'status':'interrupted','metadata':{'graph_id':'%s'}}"
                .formatted(graph);

        Reply found = searches(reviewer, asThePageAsks);
        assertThat(ids(found)).containsExactlyInAnyOrder(first.id(), second.id());
        found.has("/0/status", "interrupted").has("/0/metadata/graph_id", graph).has("/0/metadata/assistant_id", graph)
                .has("/0/metadata/team", "red");
        assertThat(ids(searches(user, asThePageAsks))).containsExactly(first.id());
        assertThat(ids(searches(reviewer.inTenant("t1"), asThePageAsks))).isEmpty();
        searches(agent, asThePageAsks).refused(403, "forbidden");
    }

    @Test
    void offsetGoesOnWhereLimitEnded() {
        String graph = Api.fresh("graph");
        List<String> waiting = List.of(creates("u1", graph).paused("a1").id(), creates("u1", graph).paused("a2").id(),
                creates("u1", graph).paused("a3").id());
        String search = "{'offset':%s,'limit':2,'status':'interrupted','sort_by':'created_at','sort_order':'%s',"
                + "'metadata':{'graph_id':'" + graph + "'}}";

        assertThat(ids(searches(user, search.formatted(0, "asc")))).isEqualTo(waiting.subList(0, 2));
        assertThat(ids(searches(user, search.formatted(2, "asc")))).isEqualTo(waiting.subList(2, 3));
        assertThat(ids(searches(user, search.formatted(0, "desc")))).isEqualTo(waiting.reversed().subList(0, 2));
        user.post("/langgraph/threads/count", "{'status':'interrupted','metadata':{'graph_id':'" + graph + "'}}")
                .is(200)
                .has("", 3);
    }

    @Test
    void threadStandsWhereItsJobStands() {
        String graph = Api.fresh("graph");
        AJob busy = creates("u1", graph);
        AJob waiting = creates("u1", graph).paused("a1");
        AJob done = creates("u1", graph);
        done.writes("complete", "{'final':{'messages':['bye']}}").is(200);
        AJob failed = creates("u1", graph);
        failed.writes("fail", "{'code':'boom','message':'It broke.'}").is(200);
        AJob resumed = creates("u1", graph).paused("a1");
        user.approves(resumed.id(), "a1").is(200);

        assertThat(status(busy)).isEqualTo("busy");
        assertThat(status(waiting)).isEqualTo("interrupted");
        assertThat(status(resumed)).isEqualTo("busy");
        read(done).has("/status", "idle").hasJson("/values", "{'messages':['bye']}");
        read(failed).has("/status", "error").has("/error/error", "boom");
        String ofGraph = ",'metadata':{'graph_id':'" + graph + "'}}";
        assertThat(ids(searches(user, "{'status':'busy'" + ofGraph))).containsExactlyInAnyOrder(busy.id(),
                resumed.id());
        assertThat(ids(searches(user, "{'limit':10" + ofGraph))).contains(busy.id(), waiting.id(), resumed.id());
        assertThat(ids(searches(user, "{'ids':['" + waiting.id() + "']" + ofGraph))).containsExactly(waiting.id());
    }

    private Reply read(AJob job) { return user.get("/langgraph/threads/" + job.id()).is(200); }

    private String status(AJob job) { return read(job).text("/status"); }

    @Test
    void anyGraphAndAnyMetadataCanBeAskedFor() {
        AJob waiting = creates("u1", Api.fresh("graph")).paused("a1");
        String only = "{'status':'interrupted','limit':200,'metadata':{%s,'conversation_id':'" + waiting.id() + "'}}";

        assertThat(ids(searches(user, only.formatted("'graph_id':'*'")))).containsExactly(waiting.id());
        assertThat(ids(searches(user, only.formatted("'team':'red'")))).containsExactly(waiting.id());
        assertThat(ids(searches(user, only.formatted("'team':'blue'")))).isEmpty();
        assertThat(ids(searches(reviewer, only.formatted("'user_id':'u1'")))).containsExactly(waiting.id());
        assertThat(ids(searches(reviewer, only.formatted("'user_id':'u2'")))).isEmpty();
    }

    @Test
    void whatCantBeSearchedForIsRefused() {
        for (String search : List.of("[]", "{'statuss':'idle'}", "{'status':'waiting'}", "{'limit':0}", "{'offset':-1}",
                "{'limit':'ten'}", "{'values':{'a':1}}", "{'sort_by':'thread_id'}", "{'sort_order':'up'}",
                "{'metadata':[]}")) {
            searches(user, search).refused(400, "invalid-request");
        }
        searches(user, "").refused(400, "invalid-request");
    }

    @Test
    void stateHasTheInterruptOnItsTask() {
        AJob job = creates("u1", "g").paused("a1");

        Reply state = user.get("/langgraph/threads/" + job.id() + "/state").is(200);

        state.has("/tasks/0/interrupts/0/id", "a1")
                .has("/tasks/0/interrupts/0/value/action_request/action", "send_email")
                .has("/checkpoint/checkpoint_id", "a1").has("/checkpoint/thread_id", job.id())
                .hasJson("/next", "['agent']").has("/parent_checkpoint", null);
        user.get("/langgraph/threads/" + job.id() + "/state/a1").is(200);
        user.get("/langgraph/threads/" + job.id() + "/state/a0").refused(404, "not-found");
        user.post("/langgraph/threads/" + job.id() + "/state/checkpoint", "{'checkpoint':{'checkpoint_id':'a1'}}")
                .is(200);
        user.post("/langgraph/threads/" + job.id() + "/history", "{'limit':10}").is(200)
                .has("/0/checkpoint/checkpoint_id", "a1").lacks("/1");
    }

    @Test
    void workerSaysHowItsAgentAsksAndWhatTheGraphHolds() {
        AJob job = new AJob(agent, agent.post("/v1/jobs",
                "{'userId':'u1','metadata':{'interrupt_form':'hitl','graph_id':'mail'}}").is(201));
        job.appends("[{'event':'values','data':{'messages':['hi']},'retain':'latest'}]").is(202);
        job.paused("a1");

        user.get("/langgraph/threads/" + job.id()).is(200)
                .has("/interrupts/a1/0/value/action_requests/0/name", "send_email").has("/metadata/graph_id", "mail")
                .hasJson("/values", "{'messages':['hi']}");
        user.with(Form.HEADER, "agent-inbox").get("/langgraph/threads/" + job.id()).is(200)
                .has("/interrupts/a1/0/value/action_request/action", "send_email");
        user.with(Form.HEADER, "other").get("/langgraph/threads/" + job.id()).refused(400, "invalid-request");
    }

    @Test
    void whatTheWorkerKeepsAsUserMessageIsNotToldTwice() {
        AJob job = creates("u1", "g");
        job.appends("[{'event':'user_message','data':'mine','retain':'latest'}]").is(202);

        String thread = user.get("/langgraph/threads/" + job.id()).is(200).has("/values/user_message", "mine").body();

        assertThat(thread.split("user_message", -1)).hasSize(2);
    }

    @Test
    void othersThreadsAreNotTold() {
        AJob job = creates("u1", "g").paused("a1");

        Api.as("u2").get("/langgraph/threads/" + job.id()).refused(403, "forbidden");
        Api.as("u2-t1").get("/langgraph/threads/" + job.id() + "/state").refused(404, "no-such-job");
        Api.nobody().get("/langgraph/threads/" + job.id()).refused(401, "unauthorized");
    }

    @Test
    void apiKeyHeaderCountsHereAndNowhereElse() {
        AJob job = creates("u1", "g").paused("a1");
        Api bySdk = Api.nobody().with("x-api-key", "key-u1");

        bySdk.get("/langgraph/threads/" + job.id()).is(200);
        bySdk.get(job.path()).refused(401, "unauthorized");
        Api.nobody().with("x-api-key", "key-nobody").get("/langgraph/threads/" + job.id()).refused(401, "unauthorized");
        Api.nobody().get("/langgraph/info").is(200).has("/flags/assistants", false);
        Api.nobody().get("/langgraph/ok").is(200).has("/ok", true);
        Api.nobody().get("/langgraph/info/").is(401);
    }

    @Test
    void markedAsResolvedTheCallsAreRejected() {
        AJob job = creates("u1", "g").paused("a1");
        String thread = "/langgraph/threads/" + job.id();

        user.post(thread + "/state", "{'values':{'messages':[]},'as_node':'__end__'}").refused(400, "invalid-request");
        user.post(thread + "/state", "{'values':null,'as_node':'tools'}").refused(400, "invalid-request");
        user.post(thread + "/state", "{'values':null,'as_node':'__end__'}").is(200)
                .has("/configurable/thread_id", job.id());

        agent.claims(job.id(), "a1", "w1").is(200).has("/resolution/decisions/0/decision", "reject")
                .has("/resolution/decisions/0/reason", Resumes.RESOLVED);
        user.post(thread + "/state", "{'checkpoint_id':'a1','values':null,'as_node':'__end__'}").is(200);
    }

    @Test
    void questionCantBePutAside() {
        AJob job = creates("u1", "g");
        job.pauses("{'type':'ask_user_question','question':{'question':'Why?'}}", "'actionId':'q1'").is(200);

        user.post("/langgraph/threads/" + job.id() + "/state", "{'values':null,'as_node':'__end__'}")
                .refused(400, "invalid-request");

        job.read().has("/pendingAction/actionId", "q1");
    }
}
