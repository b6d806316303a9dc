package dev.holdpoint.dialect.librechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.Reply;
import dev.holdpoint.api.Sse;
import dev.holdpoint.api.Sse.Frame;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** LibreChat's page follows a turn: in its own frames, and without a gap. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class ChatStreamTest {
    private static JsonNode message(Sse stream) {
        Frame frame = stream.next("message");
        assertThat(frame.id()).isNotEmpty();
        return Reply.parse(frame.data());
    }

    private static JsonNode at(Sse stream, String pointer) { return message(stream).at(pointer); }

    @Test
    void turnIsToldFromItsFirstWord() {
        ATurn turn = ATurn.begins().says("I will write").paused("a1");

        try (Sse stream = turn.followed("")) {
            JsonNode created = message(stream);
            assertThat(created.at("/created").asBoolean()).isTrue();
            assertThat(created.at("/message/messageId").asText()).isEqualTo("m1");
            assertThat(created.at("/message/conversationId").asText()).isEqualTo(turn.id());
            assertThat(created.at("/streamId").asText()).isEqualTo(turn.id());
            assertThat(at(stream, "/event").asText()).isEqualTo("on_run_step");
            assertThat(at(stream, "/data/delta/content/0/text").asText()).isEqualTo("I will write");
            JsonNode paused = message(stream);
            assertThat(paused.at("/event").asText()).isEqualTo("on_pending_action");
            assertThat(paused.at("/data/actionId").asText()).isEqualTo("a1");
            assertThat(paused.at("/data/createdAt").isIntegralNumber()).isTrue();

            turn.approves("a1").is(200);
            String fence = Api.agent().claims(turn.id(), "a1", "w2").is(200).text("/fence");
            turn.job().under(fence).appends("[{'event':'on_agent_log','data':{'n':1}}]").is(202);

            assertThat(at(stream, "/event").asText()).isEqualTo("on_agent_log");
            turn.job().under(fence).completes().is(200);
            JsonNode last = message(stream);
            assertThat(last.at("/final").asBoolean()).isTrue();
            assertThat(last.at("/responseMessage/content/0/text").asText()).isEqualTo("I will write");
            assertThat(last.at("/responseMessage/messageId").asText()).isEqualTo("r1");
            assertThat(last.at("/responseMessage/unfinished").asBoolean()).isFalse();
            assertThat(last.at("/requestMessage/text").asText()).isEqualTo("Write to Ada.");
            assertThat(last.at("/conversation/conversationId").asText()).isEqualTo(turn.id());
            stream.ends();
        }
    }

    @Test
    void readerWhoResumesGetsASnapshotAndThenWhatFollows() {
        ATurn turn = ATurn.begins().says("I will");

        try (Sse stream = turn.followed("?resume=true")) {
            JsonNode sync = message(stream);
            assertThat(sync.at("/sync").asBoolean()).isTrue();
            assertThat(sync.at("/pendingEvents")).isEmpty();
            assertThat(sync.at("/resumeState/runSteps/0/id").asText()).isEqualTo("s1");
            assertThat(sync.at("/resumeState/aggregatedContent"))
                    .isEqualTo(Reply.parse(Api.json("[{'type':'text','text':'I will'}]")));
            assertThat(sync.at("/resumeState/sender").asText()).isEqualTo("Mailer");
            assertThat(sync.at("/resumeState/responseMessageId").asText()).isEqualTo("r1");

            turn.saysMore(" write");
            assertThat(at(stream, "/data/delta/content/0/text").asText()).isEqualTo(" write");
        }
    }

    @Test
    void snapshotHoldsThePromptThatWaits() {
        ATurn turn = ATurn.begins().says("I will").paused("a1");

        try (Sse stream = turn.followed("?resume=true")) {
            assertThat(at(stream, "/resumeState/pendingAction/payload/action_requests/0/tool_call_id").asText())
                    .isEqualTo("c1");
        }
    }

    @Test
    void readerWhoKnowsWhereHeWasGoesOnThereEvenWhenHeAsksForASnapshot() {
        ATurn turn = ATurn.begins().says("I will");
        String last;
        try (Sse stream = turn.followed("")) {
            message(stream);
            last = stream.next("message").id();
        }

        try (Sse again = turn.followed(ATurn.USER.with("Last-Event-ID", last), "?resume=true")) {
            assertThat(at(again, "/event").asText()).isEqualTo("on_message_delta");
        }
        turn.followed("?lastEventId=nonsense").refusal().is(400).has("/code", "INVALID_REQUEST");
    }

    @Test
    void readerOfAnotherTurnIsToldTheState() {
        ATurn turn = ATurn.begins().says("one");
        String foreign = turn.job().generation() - 1 + "-2";

        try (Sse stream = turn.followed(ATurn.USER.with("Last-Event-ID", foreign), "")) {
            assertThat(at(stream, "/sync").asBoolean()).isTrue();
        }
    }

    @Test
    void turnThatIsPinnedMustBeTheOneThatRuns() {
        ATurn turn = ATurn.begins();
        long epoch = turn.job().generation();

        try (Sse stream = turn.followed("?generationCreatedAt=" + epoch)) {
            assertThat(at(stream, "/created").asBoolean()).isTrue();
        }
        turn.followed("?generationCreatedAt=" + (epoch - 1)).refusal().is(409).has("/code", "GENERATION_REPLACED")
                .has("/error", "Generation replaced");
        for (String malformed : List.of("abc", "-1", "1.5", "9007199254740992", "99999999999999999999")) {
            turn.followed("?generationCreatedAt=" + malformed).refusal().is(400)
                    .has("/error", "Invalid generation identity");
        }
    }

    @Test
    void lateReaderOfAnEndedTurnGetsItsLastFrame() {
        ATurn turn = ATurn.begins().says("done");
        turn.job().writes("complete", "{'final':{'title':'Mail to Ada','responseMessage':{'messageId':'r9'}}}").is(200);

        for (String query : List.of("", "?resume=true")) {
            try (Sse stream = turn.followed(query)) {
                JsonNode last = message(stream);
                assertThat(last.at("/final").asBoolean()).isTrue();
                assertThat(last.at("/title").asText()).isEqualTo("Mail to Ada");
                assertThat(last.at("/responseMessage/messageId").asText()).isEqualTo("r9");
                assertThat(last.at("/requestMessage/messageId").asText()).isEqualTo("m1");
                stream.ends();
            }
        }
    }

    @Test
    void failedTurnEndsWithAnErrorFrame() {
        ATurn turn = ATurn.begins();
        turn.job().writes("fail", "{'code':'no_balance','message':'There is no credit left.'}").is(200);

        try (Sse stream = turn.followed("")) {
            JsonNode error = Reply.parse(stream.next("error").data());
            assertThat(error.at("/error").asText()).isEqualTo("There is no credit left.");
            assertThat(error.at("/code").asText()).isEqualTo("no_balance");
            stream.ends();
        }
    }

    @Test
    void stoppedTurnKeepsWhatItHadSaid() {
        ATurn turn = ATurn.begins().says("I will");
        try (Sse stream = turn.followed("?resume=true")) {
            message(stream);

            turn.aborts().is(200).has("/success", true).has("/aborted", turn.id());

            JsonNode last = message(stream);
            assertThat(last.at("/aborted").asBoolean()).isTrue();
            assertThat(last.at("/responseMessage/unfinished").asBoolean()).isTrue();
            assertThat(last.at("/responseMessage/content/0/text").asText()).isEqualTo("I will");
            assertThat(last.has("earlyAbort")).isFalse();
            stream.ends();
        }
    }

    @Test
    void turnThatIsStoppedBeforeAnythingWasShownLeavesNothing() {
        ATurn turn = new ATurn(Api.agent().creates("u1"));
        turn.aborts().is(200);

        try (Sse stream = turn.followed("")) {
            JsonNode last = message(stream);
            assertThat(last.at("/earlyAbort").asBoolean()).isTrue();
            assertThat(last.at("/conversation").isNull()).isTrue();
            assertThat(last.at("/responseMessage").isNull()).isTrue();
        }
    }

    @Test
    void readersOfATurnThatIsReplacedAreSentToWhatIsStored() {
        ATurn turn = ATurn.begins();
        try (Sse plain = turn.followed("");
                Sse fenced = turn.followed(ATurn.USER.with("X-LibreChat-Generation-Protocol", "2"), "")) {
            message(plain);
            message(fenced);

            ATurn.begins(turn.id());

            JsonNode error = Reply.parse(plain.next("error").data());
            assertThat(error.at("/error").asText()).contains("reconnect");
            JsonNode reconcile = message(fenced);
            assertThat(reconcile.at("/reconcile").asBoolean()).isTrue();
            assertThat(reconcile.at("/reconcileReason").asText()).isEqualTo("generation_replaced");
            assertThat(reconcile.at("/generationCreatedAt").asLong()).isEqualTo(turn.job().generation());
            plain.ends();
            fenced.ends();
        }
    }

    @Test
    void strangersSeeNothing() {
        ATurn turn = ATurn.begins();

        turn.followed(Api.as("u2"), "").refusal().is(403).has("/error", "Unauthorized");
        Sse.open(ATurn.USER, ATurn.CHAT + "/stream/" + Api.fresh("none")).refusal().is(404)
                .has("/error", "Stream not found").has("/code", "NO_SUCH_JOB");
    }
}
