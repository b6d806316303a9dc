package dev.holdpoint.dialect.langgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.api.AJob;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.Reply;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an agent asks is shown in each form to the letter, and what comes back in each
 * form reaches the worker as what it means.
 */
@QuarkusTest
@WithTestResource(KeysFile.class)
class GoldenFilesTest {
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS).build();

    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");

    @ParameterizedTest
    @ValueSource(strings = {"one-call", "two-calls", "question", "questions"})
    void promptIsShownInEachForm(String file) {
        JsonNode golden = golden(file);
        AJob job = agent.creates("u1");
        String action = pauses(job, golden.path("asked"));

        golden.path("shown").properties().forEach(shown -> {
            Reply thread =
                    user.with(Form.HEADER, shown.getKey()).get(thread(job)).is(200).has("/status", "interrupted");
            Iterator<JsonNode> expected = shown.getValue().elements();

            JsonNode interrupts = exact(thread.body()).path("interrupts");

            assertThat(interrupts.size()).as(shown.getKey()).isEqualTo(shown.getValue().size());
            interrupts.properties().forEach(task -> {
                assertThat(task.getKey()).startsWith(action);
                assertThat(task.getValue().path(0).path("id").asText()).isEqualTo(task.getKey());
                assertThat(task.getValue().path(0).path("value").toString()).as(shown.getKey())
                        .isEqualTo(expected.next().toString());
            });
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-call", "two-calls", "question", "questions"})
    void whatIsResumedReachesTheWorker(String file) {
        JsonNode golden = golden(file);
        for (JsonNode resume : golden.path("resumes")) {
            AJob job = agent.creates("u1");
            String action = pauses(job, golden.path("asked"));

            Reply run = resumes(job, action, resume);

            run.is(200).has("/status", "pending").has("/thread_id", job.id());
            Reply claim = agent.claims(job.id(), action, "w1").is(200);
            String kind = resume.has("decided") ? "decisions" : resume.has("answer") ? "answer" : "answers";
            JsonNode decided = exact(claim.body()).path("resolution").path(kind);
            if (kind.equals("decisions"))
                decided.forEach(decision -> ((ObjectNode) decision).remove("argumentsDigest"));
            assertThat(
                    decided.equals(GoldenFilesTest::numbers, resume.path(kind.equals("decisions") ? "decided" : kind)))
                    .as("%s: %s", resume.path("name").asText(), decided).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-call", "two-calls", "question", "questions"})
    void whatIsUnclearIsRefusedAndThePromptStaysOpen(String file) {
        JsonNode golden = golden(file);
        AJob job = agent.creates("u1");
        String action = pauses(job, golden.path("asked"));
        for (JsonNode refused : golden.path("refused")) {
            Reply refusal = resumes(job, action, refused);

            assertThat(refusal.status()).as("%s: %s", refused.path("name").asText(), refusal.body())
                    .isEqualTo(refused.path("status").asInt());
            refusal.refused(refused.path("status").asInt(), refused.path("type").asText());
        }

        job.read().has("/pendingAction/actionId", action);
    }

    private String pauses(AJob job, JsonNode payload) {
        String action = Api.fresh("a");
        ObjectNode body = EXACT.createObjectNode();
        body.putObject("action").put("actionId", action).set("payload", payload);
        agent.with("Holdpoint-Fence", job.fence()).postExactly(job.path() + "/pause", body.toString()).is(200);
        return action;
    }

    private Reply resumes(AJob job, String action, JsonNode entry) {
        String resume = entry.path("resume").toString().replace("<action>", action);
        Api caller = entry.has("form") ? user.with(Form.HEADER, entry.path("form").asText()) : user;
        return caller.postExactly(thread(job) + "/runs",
                "{\"assistant_id\":\"agent\",\"command\":{\"resume\":" + resume + "}}");
    }

    private static String thread(AJob job) { return "/langgraph/threads/" + Api.segment(job.id()); }

    private static int numbers(JsonNode one, JsonNode other) {
        if (!one.isNumber() || !other.isNumber()) return one.equals(other) ? 0 : 1;
        BigDecimal value = one.decimalValue();
        return value.compareTo(other.decimalValue());
    }

    private static JsonNode golden(String file) {
        try (var golden = GoldenFilesTest.class.getResourceAsStream("/dialect/langgraph/" + file + ".json")) {
            return exact(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static JsonNode exact(String text) {
        try {
            return EXACT.readTree(text);
        } catch (IOException malformed) {
            throw new IllegalStateException(malformed);
        }
    }
}
