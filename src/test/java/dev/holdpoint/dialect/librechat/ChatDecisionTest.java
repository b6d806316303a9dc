package dev.holdpoint.dialect.librechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.api.AJob;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.MovableClock;
import dev.holdpoint.api.Reply;
import dev.holdpoint.api.Wire;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** LibreChat's page decides: in its own forms, checked in its order, and by the same one way in as everybody. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class ChatDecisionTest {
    @Inject MovableClock clock;

    private static final String BOTH = "'decisions':[{'tool_call_id':'c1','decision':'approve'},"
            + "{'tool_call_id':'c2','decision':'approve'}]";

    private static ATurn asks(String payload) {
        ATurn turn = ATurn.begins();
        assertThat(turn.job().worker().with("Holdpoint-Fence", turn.job().fence()).postExactly(
                turn.job().path() + "/pause", "{\"action\":{\"actionId\":\"a1\",\"payload\":" + payload + "}}")
                .status())
                .isEqualTo(200);
        return turn;
    }

    private static ATurn asksForTwo() {
        return asks(Api
                .json("""
                        {'type':'tool_approval','action_requests':[
                          {'tool_call_id':'c1','name':'send_email','arguments':{'to':'a'}},
                          {'tool_call_id':'c2','name':'send_email','arguments':{'to':'b'}}],
                         'review_configs':[
                          {'action_name':'send_email','tool_call_id':'c1','allowed_decisions':['approve','edit']},
                          {'action_name':'send_email','tool_call_id':'c2','allowed_decisions':['approve','reject','edit','respond']}]}"""));
    }

    private static Reply resumesExactly(ATurn turn, String member, JsonNode value) {
        ObjectNode body = Reply.parse("{}").deepCopy();
        body.put("conversationId", turn.id()).put("actionId", "a1").put("agent_id", "agent_1").put("endpoint", "agents")
                .putNull("ephemeralAgent").put("timezone", "Europe/Berlin");
        body.set(member, value);
        return ATurn.USER.postExactly(ATurn.CHAT + "/resume", body.toString());
    }

    @Test
    void promptsAreShownAsTheyWereAsked() {
        for (JsonNode golden : ContentTest.golden("prompts.json")) {
            ATurn turn = asks(golden.path("payload").toString());

            JsonNode shown = turn.status().is(200).at("/pendingAction/payload");

            for (JsonNode request : shown.path("action_requests")) {
                assertThat(((ObjectNode) request).remove("arguments_digest").asText()).hasSize(64);
            }
            assertThat(shown).as(golden.path("name").asText()).isEqualTo(golden.path("shown"));
        }
    }

    @Test
    void decisionsReachTheWorkerWhateverFormTheyCameIn() {
        for (JsonNode golden : ContentTest.golden("decisions.json")) {
            ATurn turn = asks(Api.json(AJob
                    .calls(AJob.call("c1", "send_email", "{}"), AJob.call("c2", "send_email", "{}"))
                    .replace("]}", "],'review_configs':["
                            + "{'tool_call_id':'c1','allowed_decisions':['approve','reject','edit','respond']},"
                            + "{'tool_call_id':'c2','allowed_decisions':['approve','reject','edit','respond']}]}")));

            resumesExactly(turn, "decisions", golden.path("sent")).is(200).has("/status", "resuming")
                    .has("/streamId", turn.id()).has("/conversationId", turn.id());

            JsonNode kept = Api.agent().claims(turn.id(), "a1", "w").is(200).at("/resolution/decisions");
            assertThat(kept).as(golden.path("name").asText()).isEqualTo(golden.path("kept"));
        }
    }

    @Test
    void listWithoutIdsMustBeAsLongAsTheCalls() {
        ATurn turn = asksForTwo();

        turn.resumes("'actionId':'a1','decisions':[{'type':'approve'}]").is(400).has("/code", "INVALID_REQUEST");
        turn.resumes("'actionId':'a1','decisions':[{'type':'approve'},{'type':'approve'},{'type':'approve'}]").is(400);
        turn.resumes("'actionId':'a1','decisions':[{'type':'approve'},{'type':'approve','tool_call_id':'c2'}]").is(400);

        turn.status().has("/status", "requires_action").has("/active", true);
    }

    @Test
    void whatIsWrongIsSaidInTheOrderOfTheOrigin() {
        ATurn turn = asksForTwo();
        long epoch = turn.job().generation();
        Api user = ATurn.USER;
        String resume = ATurn.CHAT + "/resume";

        user.post(resume, "{}").is(400).has("/error", "conversationId is required to resume");
        user.post(resume, "{'conversationId':'new'}").is(400);
        turn.resumes("'generationCreatedAt':'x'").is(400).has("/code", "INVALID_GENERATION_IDENTITY");
        user.post(resume, "{'conversationId':'%s'}".formatted(Api.fresh("none"))).is(404)
                .has("/error", "No paused generation for this conversation");
        turn.resumes(Api.as("u2"), "'actionId':'a1'," + BOTH).is(403).has("/error", "Unauthorized");
        turn.resumes("'generationCreatedAt':" + (epoch - 1)).is(409).has("/code", "RUN_REPLACED");
        user.post(resume, "{'conversationId':'%s','endpoint':'agents'}".formatted(turn.id())).is(403)
                .has("/error", "Cannot resume with a different agent");
        user.post(resume, "{'conversationId':'%s','agent_id':'agent_1','endpoint':'other'}".formatted(turn.id()))
                .is(403)
                .has("/error", "Cannot resume on a different endpoint");
        turn.resumes("").is(400).has("/error", "actionId is required to resume");
        turn.resumes("'actionId':'a0'").is(409).has("/error", "This decision targets a stale action")
                .has("/currentActionId", "a1");
        turn.resumes("'actionId':'a1'").is(400).hasJson("/undecided", "['c1','c2']")
                .has("/error", "Every paused tool call must be decided");
        turn.resumes("'actionId':'a1','decisions':{'c1':{'type':'reject'},'c2':{'type':'approve'}}").is(403)
                .hasJson("/disallowed", "['c1']").has("/error", "Decision not permitted for one or more tools");
        turn.resumes("'actionId':'a1','decisions':{'c1':{'type':'approve'},'c2':{'type':'respond'}}").is(400)
                .hasJson("/incomplete", "['c2']");

        turn.resumes("'generationCreatedAt':" + epoch + ",'actionId':'a1'," + BOTH).is(200);
    }

    @Test
    void nothingInADecisionIsLetPassThatIsNotUnderstood() {
        ATurn turn = asksForTwo();

        for (String decision : List.of("{'decision':'approve','decison':'reject'}",
                "{'decision':'approve','type':'reject'}",
                "{'decision':'perhaps'}", "{}", "5", "{'decision':1}", "{'decision':'approve','scope':'forever'}",
                "{'type':'edit','updatedInput':{},'editedArguments':{}}",
                "{'decision':'approve','tool_call_id':'c2'}")) {
            turn.resumes("'actionId':'a1','decisions':{'c1':%s,'c2':{'type':'approve'}}".formatted(decision)).is(400);
        }
        turn.resumes("'actionId':'a1','answer':'eu'," + BOTH).is(400);
        turn.resumes("'actionId':'a1','decisions':'approve'").is(400);
        turn.resumes("'actionId':5," + BOTH).is(400).has("/error", "actionId is required to resume");

        turn.status().has("/active", true);
    }

    @Test
    void sameDecisionAgainIsTheSameAnswerAndAnotherOneLearnsWhoWon() {
        ATurn turn = asksForTwo();
        turn.resumes("'actionId':'a1'," + BOTH).is(200);

        turn.resumes("'actionId':'a1'," + BOTH).is(200).has("/status", "resuming");
        turn.resumes("'actionId':'a1','decisions':[{'type':'approve'},{'type':'approve'}]").is(200);
        turn.resumes("'actionId':'a1','decisions':[{'type':'approve'},{'type':'reject'}]").is(409)
                .has("/code", "ALREADY_DECIDED").has("/winner/by", "u1");
    }

    @Test
    void questionsAreAnswered() {
        ATurn one = asks(Api.json("{'type':'ask_user_question','question':{'question':'Where?'}}"));
        one.resumes("'actionId':'a1','answer':''").is(400).has("/code", "INVALID_DECISION");
        one.resumes("'actionId':'a1','answers':{'q':'eu'}").is(400);
        one.resumes("'actionId':'a1','answer':5").is(400);
        one.resumes("'actionId':'a1','answer':'eu'").is(200);

        ATurn two = asks(Api.json(
                "{'type':'ask_user_question','questions':[{'id':'q','question':'Where?'},{'id':'r','question':'When?'}]}"));
        two.resumes("'actionId':'a1','answers':{'q':'eu'}").is(400).hasJson("/questionIds", "['r']");
        two.resumes("'actionId':'a1','answers':{'q':'eu','r':'now'}").is(200);
        Api.agent().claims(two.id(), "a1", "w").is(200).hasJson("/resolution/answers", "{'q':'eu','r':'now'}");
    }

    @Test
    void agentsDecideNothingHereEither() {
        ATurn turn = asksForTwo();

        turn.resumes(Api.agent(), "'actionId':'a1'," + BOTH).is(403).has("/error", "Unauthorized");
        turn.resumes(Api.as("reviewer"), "'actionId':'a1'," + BOTH).is(200);
    }

    @Test
    void strangersLearnNothingOfThePromptAndAreOnRecord() {
        ATurn waiting = asksForTwo();
        ATurn running = ATurn.begins();
        Api stranger = Api.as("u2");

        for (String sent : List.of("", "'actionId':'a0'", "'actionId':'a1','decisions':[{'type':'approve'}]",
                "'actionId':'a1','decisions':'odd'", "'generationCreatedAt':1", "'answer':'eu','answers':{}")) {
            Reply refused = waiting.resumes(stranger, sent).is(403).has("/error", "Unauthorized");
            assertThat(running.resumes(stranger, sent).is(403).body()).isEqualTo(refused.body());
        }

        String attempts = "/v1/resolutions?kind=attempt&jobId=" + Api.segment(waiting.id());
        Api auditor = Api.as("auditor");
        Wire.await(() -> !auditor.get(attempts).is(200).at("/items").isEmpty());
        auditor.get(attempts).has("/items/0/tried", "resolve").has("/items/0/decidedBy/subject", "u2");
    }

    @Test
    void promptThatIsPastItsTimeIsFoundDeadByWhoeverDecidesEvenWithoutItsName() {
        ATurn turn = ATurn.begins();
        turn.job().paused("a1", "PT5M");
        clock.advance(Duration.ofMinutes(6));

        turn.resumes("").is(409).has("/code", "APPROVAL_EXPIRED").has("/error", "No live pending action to resume");

        turn.job().read().has("/status", "aborted");
    }

    @Test
    void keyedRequestIsDoneOnce() {
        ATurn turn = asksForTwo();
        Api keyed = ATurn.USER.once(Api.fresh("key"));

        turn.resumes(keyed, "'actionId':'a1'," + BOTH).is(200);

        assertThat(turn.resumes(keyed, "'actionId':'a1'," + BOTH).is(200).header("Idempotent-Replayed"))
                .isEqualTo("true");
        turn.resumes(keyed, "'actionId':'a2'," + BOTH).is(422).has("/code", "IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void runWithoutAPromptHasNothingToDecide() {
        ATurn turn = ATurn.begins();

        turn.resumes("").is(409).has("/error", "No live pending action to resume");
        turn.approves("a1").is(409).has("/code", "NOT_WAITING");
        turn.job().completes().is(200);
        turn.approves("a1").is(409);
    }

    @Test
    void protocolThatIsSpokenIsTheLowestThatWasMarked() {
        Api marked = ATurn.USER.with("x-librechat-generation-protocol", "2");
        String active = ATurn.CHAT + "/active";

        ATurn.USER.get(active).has("/generationProtocolVersion", 1);
        assertThat(marked.get(active).has("/generationProtocolVersion", 2).header("x-librechat-generation-protocol"))
                .isEqualTo("2");
        marked.get(active + "?generationProtocolVersion=1").has("/generationProtocolVersion", 1);
        marked.get(active + "?generationProtocolVersion=3").has("/generationProtocolVersion", 1);
        marked.post(ATurn.CHAT + "/abort", "{'generationProtocolVersion':1}").has("/generationProtocolVersion", 1);
        marked.post(ATurn.CHAT + "/abort", "{'generationProtocolVersion':2}").has("/generationProtocolVersion", 2);
    }
}
