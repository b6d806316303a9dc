package dev.holdpoint.dialect.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.api.ATenant;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.Reply;
import dev.holdpoint.api.RequestsOver;
import dev.holdpoint.api.Wire;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that waits tells that it does, and its answer is found again when the stream breaks. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class McpStreamsTest {
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String WAITING =
            "'arguments':{'tool_name':'Bash','input':{'command':'ls'},'tool_use_id':'t1','waitSeconds':600}";

    private final ATenant tenant = ATenant.fresh();
    private final Api agent = tenant.as("agent").with("Holdpoint-User", "u1").with("Mcp-Session-Id", Api.fresh("s"))
            .with("MCP-Protocol-Version", "2025-11-25").with("Accept", "application/json, text/event-stream");
    private final Api user = tenant.as("u1");

    @Inject RequestsOver over;

    /** An answer as it comes. */
    private record Answer(HttpResponse<Stream<String>> response, Iterator<String> lines) implements AutoCloseable {
        static Answer of(HttpRequest.Builder request) {
            try {
                HttpResponse<Stream<String>> response = CLIENT.send(request.build(), BodyHandlers.ofLines());
                return new Answer(response, response.body().iterator());
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }

        String type() { return response.headers().firstValue("Content-Type").orElse(""); }

        String next(String field) {
            while (lines.hasNext()) {
                String line = lines.next();
                if (line.startsWith(field + ": ")) return line.substring(field.length() + 2);
            }
            throw new AssertionError("the stream ended before " + field);
        }

        JsonNode message() {
            String data = next("data");
            while (data.isEmpty()) data = next("data");
            return Reply.parse(data);
        }

        /** The answer behind all progress. */
        JsonNode last() {
            JsonNode message = message();
            while (message.has("method")) message = message();
            return message;
        }

        /** Of an answer that is no stream. */
        JsonNode whole() { return Reply.parse(lines.next()); }

        @Override
        public void close() { response.body().close(); }
    }

    private Answer opens(String id, String params) {
        return opens("/mcp", id, params);
    }

    private Answer opens(String target, String id, String params) {
        return Answer.of(agent.posting(target, Api.json(
                "{'jsonrpc':'2.0','id':%s,'method':'tools/call','params':{'name':'request_approval',%s}}".formatted(id,
                        params))));
    }

    private Answer resumes(String eventId) {
        return Answer.of(agent.with("Accept", "text/event-stream").with("Last-Event-ID", eventId).request("/mcp"));
    }

    private String prompt() {
        Wire.await(() -> user.get("/v1/approvals").is(200).at("/items").size() == 1);
        return user.get("/v1/approvals").is(200).text("/items/0/actionId");
    }

    private void approves(String approval) {
        user.resolves(approval,
                "{'actionId':'" + approval + "','decisions':[{'tool_call_id':'t1','decision':'approve'}]}").is(200);
    }

    private static void isAllowed(JsonNode answer, String id) {
        assertThat(answer.path("id").toString()).isEqualTo(id);
        assertThat(answer.at("/result/content/0/text").asText())
                .isEqualTo("{\"behavior\":\"allow\",\"updatedInput\":{\"command\":\"ls\"}}");
    }

    @Test
    void callThatWantsProgressIsToldOfItAgainAndAgain() {
        try (Answer answer = opens("7", WAITING + ",'_meta':{'progressToken':'p'}")) {
            assertThat(answer.type()).isEqualTo("text/event-stream");
            JsonNode first = answer.message();
            JsonNode second = answer.message();

            approves(prompt());

            assertThat(first.path("method").asText()).isEqualTo("notifications/progress");
            assertThat(List.of(first, second)).allSatisfy(
                    one -> assertThat(one.at("/params/progressToken").asText()).isEqualTo("p"));
            assertThat(second.at("/params/progress").asLong()).isGreaterThan(first.at("/params/progress").asLong());
            isAllowed(answer.last(), "7");
            assertThat(answer.lines().hasNext() && !answer.lines().next().isEmpty()).isFalse();
        }
    }

    /** What is judged aside must not open its stream there. */
    @Test
    void requestOfALargeCallIsForgottenWhileItsStreamGoesOn() {
        tenant.rules("{'enabled':true}");
        String target = "/mcp?" + Api.fresh("large");
        String large = WAITING.replace("'ls'", "'" + "x".repeat(30_000) + "'");

        try (Answer answer = opens(target, "7", large + ",'_meta':{'progressToken':'p'}")) {
            Wire.await(() -> over.has("POST " + target));

            assertThat(answer.message().path("method").asText()).isEqualTo("notifications/progress");
        }
    }

    @Test
    void longWaitIsAStreamAlsoWithoutProgress() {
        try (Answer answer = opens("'a'", WAITING)) {
            assertThat(answer.type()).isEqualTo("text/event-stream");
            assertThat(answer.next("id")).isNotEmpty();
            approves(prompt());
            isAllowed(answer.last(), "\"a\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {",'_meta':{'progressToken':3}", ""})
    void answerOfABrokenStreamIsFoundByItsLastId(String progress) {
        String id;
        try (Answer broken = opens("8", WAITING + progress)) {
            id = broken.next("id");
        }

        try (Answer resumed = resumes(id)) {
            approves(prompt());
            isAllowed(resumed.last(), "8");
        }
        try (Answer again = resumes(id)) {
            isAllowed(again.last(), "8");
        }
    }

    @Test
    void idOfAStreamIsNothingToAnotherTenant() {
        String id;
        try (Answer broken = opens("8", WAITING)) {
            id = broken.next("id");
        }
        approves(prompt());
        Api other = ATenant.fresh().as("agent").with("Accept", "text/event-stream").with("Last-Event-ID", id);

        try (Answer resumed = Answer.of(other.request("/mcp"))) {
            assertThat(resumed.last().at("/result/isError").asBoolean()).isTrue();
        }
    }

    @Test
    void callThatIsGivenUpEndsWithoutAnAnswerAndItsPromptStaysOpen() {
        try (Answer answer = opens("9", WAITING + ",'_meta':{'progressToken':1}");
                Answer other = Answer.of(agent.with("Mcp-Session-Id", Api.fresh("s")).posting("/mcp", Api.json(
                        "{'jsonrpc':'2.0','id':9,'method':'tools/call','params':{'name':'request_approval',"
                                + WAITING + ",'_meta':{'progressToken':1}}}")))) {
            answer.message();
            String id = prompt();

            agent.with("Accept", "application/json").post("/mcp",
                    "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':9}}").is(202);

            answer.lines().forEachRemaining(line -> assertThat(line).doesNotContain("result"));
            user.reads(id).is(200).has("/status", "requires_action");
            approves(id);
            isAllowed(other.last(), "9");
        }
    }

    @Test
    void callThatWasGivenUpIsToldAtOnceHowItStandsWhenItIsTakenUp() {
        List<String> ids = new ArrayList<>();
        try (Answer answer = opens("9", WAITING)) {
            ids.add(answer.next("id"));
            prompt();
            agent.with("Accept", "application/json").post("/mcp",
                    "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':9}}").is(202);
            answer.lines().forEachRemaining(line -> {
                if (line.startsWith("id: ")) ids.add(line.substring(4));
            });
        }

        try (Answer resumed = resumes(ids.getLast())) {
            assertThat(resumed.last().at("/result/content/0/text").asText()).contains("pending");
        }
    }

    @Test
    void callThatIsDecidedAtOnceIsNoStream() {
        tenant.rules("{'enabled':true,'allow':['Bash']}");

        try (Answer answer = opens("7", WAITING + ",'_meta':{'progressToken':'p'}")) {
            assertThat(answer.type()).isEqualTo("application/json");
        }
    }

    @Test
    void whoeverHangsUpLosesNothing() {
        try (Answer hungUp = opens("7", WAITING + ",'_meta':{'progressToken':'p'}")) {
            hungUp.message();
        }
        String id = prompt();

        approves(id);

        Wire.await(() -> user.reads(id).text("/status").equals("complete"));
        isAllowed(opens("8", WAITING).whole(), "8");
    }
}
