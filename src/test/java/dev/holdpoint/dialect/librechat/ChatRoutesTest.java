package dev.holdpoint.dialect.librechat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.api.AJob;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.Reply;
import dev.holdpoint.api.Wire;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** What else LibreChat's page asks: whether a run goes on, which do, how one is stopped, and what was said. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class ChatRoutesTest {
    private static final String ABORT = ATurn.CHAT + "/abort";
    private static final Api FENCED = ATurn.USER.with("x-librechat-generation-protocol", "2");

    @Test
    void statusTellsWhatARunHasComeTo() {
        ATurn turn = ATurn.begins().says("I will");
        turn.job()
                .appends(
                        """
                                [{'event':'title','data':{'conversationId':'c','title':'Mail'}},{'event':'on_token_usage','data':{'input_tokens':1}},
                                 {'event':'on_token_usage','data':{'input_tokens':2}},{'event':'on_context_usage','data':{'n':1}},
                                 {'event':'on_context_usage','data':{'n':2}},
                                 {'event':'on_run_step','data':{'id':'s2','index':1,'type':'tool_calls','stepDetails':{'type':'tool_calls',
                                   'tool_calls':[{'id':'o1','name':'oauth_mcp_Google','args':''}]}}}]""")
                .is(202);

        Reply status = turn.status().is(200);

        status.has("/active", true).has("/status", "running").has("/streamId", turn.id())
                .has("/createdAt", turn.job().generation())
                .hasJson("/aggregatedContent/0", "{'type':'text','text':'I will'}")
                .has("/resumeState/userMessage/messageId", "m1").has("/resumeState/model", "gpt")
                .has("/resumeState/iconURL", "/mail.svg").has("/resumeState/titleEvent/event", "title")
                .has("/resumeState/titleEvent/data/title", "Mail").hasJson("/resumeState/contextUsage", "{'n':2}")
                .hasJson("/resumeState/collectedUsage", "[{'input_tokens':1},{'input_tokens':2}]")
                .has("/resumeState/replayEvents/0/event", "on_run_step").has("/resumeState/runSteps/1/id", "s2")
                .lacks("/pendingAction").lacks("/resumeState/logTrimmed");
        assertThat(status.at("/elapsedMs").asLong()).isNotNegative();
    }

    @Test
    void statusOfNothingIsThatNothingIsActive() {
        ATurn.USER.get(ATurn.CHAT + "/status/" + Api.fresh("none")).is(200).has("/active", false).lacks("/status");
        ATurn turn = ATurn.begins();
        Api.as("u2").get(ATurn.CHAT + "/status/" + turn.id()).is(403).has("/error", "Unauthorized");
        ATurn.USER.get(ATurn.CHAT + "/status/" + "x".repeat(300)).is(400);
        turn.job().completes().is(200);
        turn.status().is(200).has("/active", false).has("/status", "complete");
    }

    @Test
    void activeRunsAreThoseThatGoOnOrCanStillBeDecided() {
        Api user = ATurn.USER;
        AJob running = Api.agent().creates("u1");
        AJob waiting = Api.agent().creates("u1").paused("a1");
        AJob over = Api.agent().creates("u1");
        over.completes().is(200);

        JsonNode active = user.get(ATurn.CHAT + "/active").is(200).at("/activeJobIds");

        assertThat(active).extracting(JsonNode::asText).contains(running.id(), waiting.id()).doesNotContain(over.id());
    }

    @Test
    void runIsStoppedByWhicheverNameIsGiven() {
        for (String named : new String[]{"'streamId':'%s'", "'conversationId':'%s','streamId':'new'",
            "'abortKey':'%s:m1'",
            "'streamId':null,'conversationId':'%s','isTemporary':false"}) {
            ATurn turn = ATurn.begins();

            ATurn.USER.post(ABORT, "{" + named.formatted(turn.id()) + "}").is(200).has("/success", true)
                    .has("/aborted", turn.id());
            turn.status().has("/status", "aborted").has("/active", false);
        }
    }

    @Test
    void keyOfAStopMayHaveColonsOnEitherSideOfItsOwn() {
        ATurn within = ATurn.begins(Api.fresh("team:conv"));
        ATurn behind = ATurn.begins();
        ATurn foreign = new ATurn(Api.agent().createsNamed(Api.fresh("u2:conv"), "u2"));

        ATurn.USER.post(ABORT, "{'abortKey':'%s:m1'}".formatted(within.id())).is(200).has("/aborted", within.id());
        ATurn.USER.post(ABORT, "{'abortKey':'%s:m:1'}".formatted(behind.id())).is(200).has("/aborted", behind.id());
        ATurn.USER.post(ABORT, "{'abortKey':'%s:%s:1'}".formatted(ATurn.begins().id(), "x".repeat(300))).is(200);
        ATurn.USER.post(ABORT, "{'abortKey':'%s:m1'}".formatted(foreign.id())).is(404);
    }

    @Test
    void stopNamesWhatItCouldNotDo() {
        ATurn turn = ATurn.begins();
        for (String odd : new String[]{"{'streamId':''}", "{'conversationId':5}", "{'abortKey':{}}", "[]", "5",
            "{'streamId':'" + "x".repeat(513) + "'}"}) {
            ATurn.USER.post(ABORT, odd).is(400).has("/code", "INVALID_ABORT_TARGET");
        }
        ATurn.USER.post(ABORT, "{'streamId':'%s','generationCreatedAt':-1}".formatted(turn.id())).is(400)
                .has("/code", "INVALID_GENERATION_IDENTITY");
        ATurn.USER.post(ABORT, "{'streamId':'%s','generationCreatedAt':%d}".formatted(turn.id(),
                turn.job().generation() - 1)).is(409).has("/code", "RUN_REPLACED");
        Api.as("u2").post(ABORT, "{'streamId':'%s'}".formatted(turn.id())).is(403).has("/error", "Unauthorized");
        ATurn.USER.post(ABORT, "{'streamId':'%s'}".formatted(Api.fresh("none"))).is(404).has("/error", "Job not found");
        ATurn.USER.post(ABORT, "{}").is(404);
        turn.status().has("/status", "running");
    }

    @Test
    void stopOfWhatIsOverSaysSoToThoseWhoKnow() {
        ATurn turn = ATurn.begins();
        turn.job().completes().is(200);

        turn.aborts().is(200).has("/success", true);
        FENCED.post(ABORT, "{'streamId':'%s'}".formatted(turn.id())).is(200).has("/success", false)
                .has("/settled", true)
                .has("/code", "RUN_ALREADY_SETTLED").has("/terminalStatus", "complete");
    }

    @Test
    void placeholderMeansTheOnlyActiveRun() {
        Api user = Api.as("u2");
        user.get(ATurn.CHAT + "/active").at("/activeJobIds")
                .forEach(id -> user.post(ABORT, "{'streamId':'" + id.asText() + "'}").is(200));
        user.post(ABORT, "{'conversationId':'new'}").is(404);
        AJob one = Api.agent().creates("u2");
        AJob two = createdAfter(one).paused("a1");

        user.post(ABORT, "{'conversationId':'new'}").is(409).has("/code", "AMBIGUOUS_ACTIVE_RUN");
        user.post(ABORT, "{'conversationId':'new','generationCreatedAt':%d}".formatted(two.generation())).is(200)
                .has("/aborted", two.id());
        user.post(ABORT, "{'streamId':'new'}").is(200).has("/aborted", one.id());
        user.post(ABORT, "{'abortKey':'new:1'}").is(404);
    }

    /** Generations are milliseconds, and jobs of two ids may share one. */
    private static AJob createdAfter(AJob one) {
        AJob two = Api.agent().creates("u2");
        while (two.generation() == one.generation()) {
            two.completes().is(200);
            two = Api.agent().creates("u2");
        }
        return two;
    }

    @Test
    void messagesAreThoseOfTheTurnsThatEnded() {
        ATurn first = ATurn.begins().says("one");
        first.job().completes().is(200);
        ATurn second = ATurn.begins(first.id());
        second.job().writes("complete", "{'final':{'requestMessage':{'messageId':'q2','text':'two'},"
                + "'responseMessage':{'messageId':'r2','text':'','content':[{'type':'text','text':'three'}]}}}")
                .is(200);
        ATurn third = ATurn.begins(first.id());
        third.job().writes("fail", "{'code':'c','message':'It broke.'}").is(200);
        awaitHistory(first.id(), 3);

        JsonNode messages = first.messages().is(200).json();

        assertThat(messages).extracting(one -> one.path("messageId").asText()).containsExactly("m1", "r1", "q2", "r2",
                "m1", "r1");
        assertThat(messages.get(0).path("isCreatedByUser").asBoolean()).isTrue();
        assertThat(messages.get(3).at("/content/0/text").asText()).isEqualTo("three");
        assertThat(messages.get(5).path("error").asBoolean()).isTrue();
        assertThat(messages.get(5).path("text").asText()).isEqualTo("It broke.");
        Api.as("u2").get("/api/messages/" + first.id()).is(403)
                .has("/error", "User not authorized for this conversation");
    }

    /** A turn that ended is on its way to the archive for a moment. */
    private static void awaitHistory(String conversation, int turns) {
        Wire.await(() -> ATurn.USER.get("/v1/conversations/" + conversation + "/messages").json().path("items")
                .size() == turns);
    }

    @Test
    void longConversationIsToldByItsNewestTurns() {
        String id = Api.fresh("conv");
        String text = "x".repeat(900_000);
        for (int number = 0; number < 10; number++)
            ATurn.begins(id).job().writes("complete",
                    "{'final':{'responseMessage':{'messageId':'r%d','text':'%s'}}}".formatted(number, text)).is(200);
        awaitHistory(id, 10);

        JsonNode messages = ATurn.USER.get("/api/messages/" + id).is(200).json();

        assertThat(messages).extracting(one -> one.path("messageId").asText())
                .filteredOn(name -> name.startsWith("r"))
                .containsExactly("r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9");
        Api.as("u2").get("/api/messages/" + id).is(403);
    }

    @Test
    void conversationIsReadableFromTheFirstMomentOnAndToldToNobodyElse() {
        ATurn turn = ATurn.begins();
        String path = "/api/messages/" + turn.id();

        assertThat(turn.messages().is(200).json()).isEmpty();
        assertThat(ATurn.USER.get("/api/messages/new").is(200).json()).isEmpty();
        Api.as("u2").get(path).is(404).has("/error", "Conversation not found");
        ATurn.USER.get("/api/messages/" + Api.fresh("none")).is(404);
        ATurn.USER.get(path + "?conversationId=" + turn.id() + "x").is(400);
        ATurn.USER.get(path + "?conversationId=" + turn.id()).is(200);
    }

    @Test
    void stoppedTurnKeepsItsWordsForAsLongAsItsLogIsThere() {
        ATurn turn = ATurn.begins().says("I will");
        turn.aborts().is(200);

        JsonNode answer = turn.messages().is(200).json().get(1);

        assertThat(answer.path("unfinished").asBoolean()).isTrue();
        assertThat(answer.at("/content/0/text").asText()).isEqualTo("I will");
    }
}
