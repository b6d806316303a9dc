package dev.holdpoint.dialect.librechat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.Reply;
import dev.holdpoint.api.ShortLogs;
import dev.holdpoint.api.Sse;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** Of a turn whose log no longer reaches back to its start, nobody takes a part for the whole. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(ShortLogs.class)
class TrimmedTurnTest {
    private static final Api FENCED = ATurn.USER.with("x-librechat-generation-protocol", "2");

    private static ATurn longTurn() {
        ATurn turn = ATurn.begins().says("It began");
        for (int number = 0; number < 30; number++) turn.saysMore(" " + number);
        return turn;
    }

    private static JsonNode last(Api reader, ATurn turn) {
        try (Sse stream = turn.followed(reader, "")) {
            JsonNode last = Reply.parse(stream.next("message").data());
            stream.ends();
            return last;
        }
    }

    @Test
    void firstReaderIsToldTheStateSinceTheStartIsGone() {
        ATurn turn = longTurn();

        try (Sse stream = turn.followed("")) {
            JsonNode sync = Reply.parse(stream.next("message").data());
            assertThat(sync.at("/sync").asBoolean()).isTrue();
            assertThat(sync.at("/resumeState/logTrimmed").asBoolean()).isTrue();
            assertThat(sync.at("/resumeState/userMessage/messageId").asText()).isEqualTo("m1");

            turn.saysMore(" and on");
            assertThat(Reply.parse(stream.next("message").data()).at("/data/delta/content/0/text").asText())
                    .isEqualTo(" and on");
        }
    }

    @Test
    void lastFrameSendsReadersToWhatIsStored() {
        ATurn completed = longTurn();
        completed.job().completes().is(200);
        ATurn stopped = longTurn();
        stopped.aborts().is(200);

        for (ATurn turn : new ATurn[]{completed, stopped}) {
            JsonNode last = last(FENCED, turn);
            assertThat(last.at("/reconcile").asBoolean()).isTrue();
            assertThat(last.at("/reconcileReason").asText()).isEqualTo("terminal_payload_missing");
            assertThat(last.has("responseMessage")).isFalse();
            assertThat(turn.messages().is(200).json().get(1).path("content")).isEmpty();
        }
        try (Sse plain = completed.followed("")) {
            assertThat(Reply.parse(plain.next("error").data()).at("/error").asText()).contains("reconnect");
            plain.ends();
        }
    }

    @Test
    void lastWordOfAWorkerNeedsNoLog() {
        ATurn turn = longTurn();
        turn.job().writes("complete", "{'final':{'title':'Mail','responseMessage':{'messageId':'r9','text':'All.'}}}")
                .is(200);

        JsonNode last = last(ATurn.USER, turn);

        assertThat(last.at("/final").asBoolean()).isTrue();
        assertThat(last.at("/responseMessage/text").asText()).isEqualTo("All.");
        assertThat(last.at("/requestMessage/messageId").asText()).isEqualTo("m1");
    }
}
