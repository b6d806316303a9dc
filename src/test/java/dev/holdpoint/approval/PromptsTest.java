package dev.holdpoint.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.holdpoint.approval.Prompts.Reading;
import dev.holdpoint.approval.RequestedPrompt.Approval;
import dev.holdpoint.approval.RequestedPrompt.Ask;
import dev.holdpoint.approval.RequestedPrompt.Call;
import dev.holdpoint.approval.RequestedPrompt.Option;
import dev.holdpoint.approval.RequestedPrompt.Question;
import dev.holdpoint.approval.RequestedPrompt.Review;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Interrupt.AskUserQuestion;
import dev.holdpoint.job.Interrupt.ToolApproval;
import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.ToolCallId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptsTest {
    @Test
    void requestsKeepTheirOrderAndGetTheirDigest() {
        Json arguments = new Json("{\"b\":1,\"a\":2}");

        List<ActionRequest> requests = requests(new Approval(
                List.of(new Call("c2", "shell", arguments, "runs it", List.of()), call("c1")), null));

        assertThat(requests).extracting(one -> one.toolCallId().value()).containsExactly("c2", "c1");
        assertThat(requests.getFirst().arguments()).isEqualTo(arguments);
        assertThat(requests.getFirst().argumentsDigest())
                .isEqualTo(ArgumentsDigest.of(new Json("{\"a\":2,\"b\":1}")).orElseThrow());
        assertThat(requests.getFirst().description()).isEqualTo("runs it");
    }

    @Test
    void missingReviewOffersApproveRejectAndEdit() {
        Set<DecisionKind> usual = Set.of(DecisionKind.APPROVE, DecisionKind.REJECT, DecisionKind.EDIT);

        assertThat(requests(calls(1)).getFirst().review())
                .isEqualTo(new Interrupt.Review("send_email", usual, null, null));
        assertThat(requests(reviewed(new Review(null, "c1", null, null, null))).getFirst().review())
                .isEqualTo(new Interrupt.Review("send_email", usual, null, null));
    }

    @Test
    void reviewsAreJoinedByToolCallIdAndNotByPosition() {
        List<ActionRequest> requests = requests(new Approval(List.of(call("c1"), call("c2")),
                List.of(review("c2", "reject"), review("c1", "approve", "respond"))));

        assertThat(requests.get(0).review().allowed()).containsExactlyInAnyOrder(DecisionKind.APPROVE,
                DecisionKind.RESPOND);
        assertThat(requests.get(1).review().allowed()).containsExactly(DecisionKind.REJECT);
    }

    @Test
    void oneToSixtyFourCallsCanBeAsked() {
        assertThat(unfit(calls(0))).contains("1 to 64").contains("has 0");
        assertThat(unfit(new Approval(null, null))).contains("1 to 64");
        assertThat(requests(calls(1))).hasSize(1);
        assertThat(requests(calls(64))).hasSize(64);
        assertThat(unfit(calls(65))).contains("has 65");
    }

    @Test
    void toolCallIdsAreUnique() {
        assertThat(unfit(new Approval(List.of(call("c1"), call("c2"), call("c1")), null))).contains("c1");
        assertThat(unfit(new Approval(List.of(call("c1")), List.of(review("c1"), review("c1"))))).contains("c1");
    }

    @Test
    void callNeedsAnIdANameAndAnObject() {
        Json none = Json.EMPTY_OBJECT;
        assertThat(unfit(one(new Call(null, "shell", none, null, List.of())))).contains("id of a tool call");
        for (String missing : Arrays.asList(null, "")) {
            assertThat(unfit(one(new Call("c1", missing, none, null, List.of())))).contains("name");
        }
        assertThat(unfit(one(new Call("c1", "shell", null, null, List.of())))).contains("arguments");
        for (String json : List.of("[]", "null", "7", "\"{}\"", "true")) {
            assertThat(unfit(one(new Call("c1", "shell", new Json(json), null, List.of())))).contains("JSON object");
        }
        assertThat(unfit(one(new Call("c1", "shell", new Json("{\"n\":1e999}"), null, List.of()))))
                .contains("canonical");
    }

    @Test
    void idThatBreaksTheRuleForNamesIsRefusedAsEverywhere() {
        for (String id : List.of("", "c\n1", "c".repeat(257))) {
            assertThatThrownBy(() -> Prompts.readNow(one(new Call(id, "shell", Json.EMPTY_OBJECT, null, List.of()))))
                    .isInstanceOf(InvalidName.class);
        }
    }

    @Test
    void emptyAllowedDecisionsWouldBeUndecidable() {
        assertThat(unfit(reviewed(review("c1", new String[0])))).contains("must not be empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"accept", "APPROVE", "", "approve "})
    void unknownDecisionIsRefused(String word) {
        assertThat(unfit(reviewed(review("c1", "approve", word)))).contains("allowed_decisions");
    }

    @Test
    void reviewOfAnUnknownCallIsRefused() {
        assertThat(unfit(reviewed(review("c9", "approve")))).contains("c9");
        assertThat(unfit(reviewed(new Review("send_email", null, List.of("approve"), null, null))))
                .contains("tool_call_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"thing\"}", "[]", "{\"$ref\":\"https://example.com/s.json\"}",
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", "{\"pattern\":\"(?=a)\"}"})
    void unusableSchemaIsRefusedWhenItIsAskedAndNotWhenItIsDecided(String schema) {
        assertThat(unfit(reviewed(new Review(null, "c1", List.of("edit"), new Json(schema), null))))
                .contains("args_schema of c1");
    }

    @Test
    void singleQuestionNeedsNoId() {
        Reading reading = Prompts.readNow(new Ask(new Question(null, "Region", "Which region?", "Where to run",
                List.of(new Option("EU", "eu")), true), null, "c9"));

        assertThat(reading).isEqualTo(new Reading.Prompt(new AskUserQuestion(false, List.of(new Interrupt.Question(null,
                "Region", "Which region?", "Where to run", List.of(new Interrupt.Option("EU", "eu")), true)),
                new ToolCallId("c9"))));
    }

    @Test
    void batchHasOneToFourQuestionsWithUniqueIds() {
        assertThat(unfit(batch())).contains("1 to 4");
        assertThat(((AskUserQuestion) payload(batch("a", "b", "c", "d"))).questions()).hasSize(4);
        assertThat(unfit(batch("a", "b", "c", "d", "e"))).contains("has 5");
        assertThat(unfit(batch("a", "b", "a"))).contains("id a");
        assertThat(unfit(batch("a", null))).contains("id");
        assertThat(unfit(batch("a", ""))).contains("id");
    }

    @Test
    void questionNeedsWordsAndWholeOptions() {
        assertThat(unfit(new Ask(null, null, null))).contains("question");
        assertThat(unfit(new Ask(new Question(null, null, "", null, null, null), null, null))).contains("question");
        for (Option option : List.of(new Option(null, "v"), new Option("l", null), new Option("", "v"),
                new Option("l", ""))) {
            assertThat(unfit(new Ask(new Question(null, null, "Which?", null, List.of(option), null), null, null)))
                    .contains("options[]");
        }
    }

    @Test
    void unknownTypeIsRefused() {
        assertThat(unfit(new RequestedPrompt.Unknown("phone_call"))).contains("phone_call");
        assertThat(unfit(new RequestedPrompt.Unknown(null))).contains("type must be");
    }

    private static Call call(String id) { return new Call(id, "send_email", Json.EMPTY_OBJECT, null, List.of()); }

    private static Approval one(Call call) { return new Approval(List.of(call), null); }

    private static Approval calls(int count) {
        return new Approval(IntStream.range(0, count).mapToObj(at -> call("c" + at)).toList(), null);
    }

    private static Approval reviewed(Review review) { return new Approval(List.of(call("c1")), List.of(review)); }

    private static Review review(String call, String... allowed) {
        return new Review(null, call, List.of(allowed), null, null);
    }

    private static Ask batch(String... ids) {
        return new Ask(null, Arrays.stream(ids).map(id -> new Question(id, null, "Which?", null, null, null)).toList(),
                null);
    }

    private static List<ActionRequest> requests(Approval approval) {
        return ((ToolApproval) payload(approval)).requests();
    }

    private static Interrupt payload(RequestedPrompt requested) {
        Reading reading = Prompts.readNow(requested);
        assertThat(reading).isInstanceOf(Reading.Prompt.class);
        return ((Reading.Prompt) reading).payload();
    }

    private static String unfit(RequestedPrompt requested) {
        Reading reading = Prompts.readNow(requested);
        assertThat(reading).isInstanceOf(Reading.Unfit.class);
        return ((Reading.Unfit) reading).why();
    }
}
