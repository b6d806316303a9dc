package dev.holdpoint.webhook;

import static dev.holdpoint.store.Bench.detailsOf;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.tools;
import static dev.holdpoint.store.Bench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdpoint.cloudevents.CloudEvents;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.Space;
import dev.holdpoint.mask.Masks;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.memory.MemoryBench;
import dev.holdpoint.webhook.Endpoint.Format;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Target TARGET = new Target(true, "hooks.example.com", 443, "/");

    private final Bench bench = new Bench(MemoryBench::emptyStore, Bench.TIMING, Bounds.WITH_NEWS);
    private final Messages messages = new Messages(Masks.NONE, CloudEvents.of(() -> "/holdpoint"));

    private static Endpoint endpoint(String name, boolean content) { return endpoint(name, Format.STANDARD, content); }

    private static Endpoint endpoint(String name, Format format, boolean content) {
        Set<EventType> all = EnumSet.complementOf(EnumSet.of(EventType.WEBHOOK_TEST));
        return new Endpoint(name, Space.TENANTLESS, TARGET, SigningKeys.of(List.of(), List.of()), all, format, content,
                false);
    }

    /** What is told of everything that is owed, by type. */
    private Map<String, JsonNode> told(Endpoint endpoint) {
        Map<String, JsonNode> told = new LinkedHashMap<>();
        bench.owed(Debt.class).stream().flatMap(debt -> messages.of(debt, endpoint).stream())
                .forEach(message -> told.put(message.type(), parsed(message)));
        return told;
    }

    private static JsonNode parsed(Message message) {
        try {
            return JSON.readTree(message.body().text());
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(message.body().text(), malformed);
        }
    }

    private static JsonNode parsed(String quoted) {
        return parsed(new Message("", "", Instant.EPOCH, new Json(quoted.replace('\'', '"'))));
    }

    @Test
    void wholeTurnIsToldInOrder() {
        Job created = bench.create(wanted(key("job"), detailsOf("ann", "mail")));
        bench.complete(bench.claim(bench.resolve(bench.pause(created, "a1"), "a1"), "a1", "w1"));

        Map<String, JsonNode> told = told(endpoint("ops", false));

        assertThat(told.keySet()).containsExactly("job.created", "approval.requested", "job.paused",
                "approval.decided", "job.resumed", "job.claimed", "job.completed");
        assertThat(told.get("approval.requested")).isEqualTo(parsed("""
                {'type':'approval.requested','timestamp':'2026-05-04T10:00:00.000Z','data':{
                 'jobId':'job','generation':%1$d,'eventId':'%1$d-2','userId':'ann','conversationId':'talk',
                 'agentId':'mail','actionId':'a1','requestedAt':'2026-05-04T10:00:00.000Z',
                 'deadline':'2026-05-05T10:00:00.000Z','kind':'tool_approval',
                 'tools':[{'tool_call_id':'c1','name':'send_email',
                           'allowed_decisions':['approve','reject','edit','respond']}]}}"""
                .formatted(created.generation())));
        assertThat(told.get("approval.decided").at("/data/decidedBy/subject").asText()).isEqualTo("ann");
        assertThat(told.get("approval.decided").at("/data/decisions")).isEqualTo(
                parsed("[{'tool_call_id':'c1','decision':'approve'}]"));
        assertThat(told.get("job.claimed").at("/data/workerId").asText()).isEqualTo("w1");
        assertThat(told.get("job.completed").at("/data/status").asText()).isEqualTo("complete");
    }

    @Test
    void cloudEventCarriesTheSameDataUnderTheIdOfTheEvent() {
        Job created = bench.create("job");
        bench.resolve(bench.pause(created, "a1"), "a1");
        bench.abort(bench.paused("other", "a2"));
        List<Debt> debts = bench.owed(Debt.class);

        for (Debt debt : debts) {
            List<Message> standard = messages.of(debt, endpoint("ops", false));
            List<Message> cloud = messages.of(debt, endpoint("ops", Format.CLOUDEVENTS, false));
            List<Message> elsewhere = messages.of(debt, endpoint("else", Format.CLOUDEVENTS, false));
            assertThat(cloud).extracting(Message::id).isEqualTo(standard.stream().map(Message::id).toList());
            assertThat(elsewhere).extracting(Message::body).isEqualTo(cloud.stream().map(Message::body).toList());
            for (int at = 0; at < cloud.size(); at++) {
                JsonNode event = parsed(cloud.get(at));
                JsonNode plain = parsed(standard.get(at));
                boolean ofApproval = cloud.get(at).type().startsWith("approval.");
                assertThat(event.path("type").asText()).isEqualTo("dev.holdpoint." + cloud.get(at).type());
                assertThat(event.path("time")).isEqualTo(plain.path("timestamp"));
                assertThat(event.path("data")).isEqualTo(plain.path("data"));
                assertThat(event.path("subject").asText()).isEqualTo("jobs/" + event.at("/data/jobId").asText()
                        + (ofApproval ? "/actions/" + event.at("/data/actionId").asText() : ""));
            }
        }
        Map<String, JsonNode> told = told(endpoint("ops", Format.CLOUDEVENTS, false));
        assertThat(told).containsKeys("job.created", "approval.requested", "job.paused", "approval.decided",
                "job.resumed",
                "approval.cancelled", "job.aborted");
        assertThat(told.values().stream().map(event -> event.path("id").asText())).doesNotHaveDuplicates();
    }

    @Test
    void neitherArgumentsNorWordsNorResultsAreToldUnlessAskedFor() {
        Job job = bench.create("job");
        bench.resolve(bench.pause(job, "a1"), "a1");
        Job failed = bench.create("failed");
        got(bench.store.fail(failed.key(), failed.fence(), new JobError("model_error", "secret words")));
        bench.complete(bench.create("done"));

        for (JsonNode told : told(endpoint("ops", false)).values()) {
            assertThat(told.toString()).doesNotContain("{\"n\":1}", "about send_email", "secret words", "done\"}",
                    "resumeContext", "node");
        }
    }

    @Test
    void contentIsToldWhereAskedForAndMasked() {
        bench.pause(bench.create("job"), "a1");

        JsonNode tool = told(endpoint("ops", true)).get("approval.requested").at("/data/tools/0");

        assertThat(tool.path("arguments")).isEqualTo(parsed("{'n':1}"));
        assertThat(tool.path("description").asText()).isEqualTo("about send_email");
    }

    @Test
    void numbersInArgumentsKeepTheirDigits() {
        Interrupt.ToolApproval plain = (Interrupt.ToolApproval) tools("pay");
        Interrupt.ActionRequest one = plain.requests().getFirst();
        Interrupt exact = new Interrupt.ToolApproval(List.of(new Interrupt.ActionRequest(one.toolCallId(), one.name(),
                new Json("{\"sum\":1.0000000000000000001}"), one.argumentsDigest(), null, one.review(), List.of(),
                null)));
        bench.pause(bench.create("job"), prompt("a1", new Deadline.Unsaid(), exact));

        List<Message> told = bench.owed(Debt.News.class).stream()
                .flatMap(debt -> messages.of(debt, endpoint("ops", true)).stream()).toList();

        assertThat(told).anySatisfy(
                message -> assertThat(message.body().text()).contains("{\"sum\":1.0000000000000000001}"));
    }

    @Test
    void contentThatIsTooMuchIsLeftOutAndThatIsSaid() {
        bench.pause(bench.create("job"), prompt("a1", new Deadline.Unsaid(), tools("x".repeat(9_000))));

        JsonNode data = told(endpoint("ops", true)).get("approval.requested").path("data");

        assertThat(data.path("contentOmitted").asBoolean()).isTrue();
        assertThat(data.at("/tools/0").has("arguments")).isFalse();
    }

    @Test
    void listsThatAreTooLongAreLeftOutToo() {
        String[] names = IntStream.range(0, 64).mapToObj(number -> "n".repeat(250) + number).toArray(String[]::new);
        bench.pause(bench.create("job"), prompt("a1", new Deadline.Unsaid(), tools(names)));

        JsonNode data = told(endpoint("ops", false)).get("approval.requested").get("data");

        assertThat(data.has("tools")).isFalse();
        assertThat(data.get("contentOmitted").asBoolean()).isTrue();
        assertThat(data.get("actionId").asText()).isEqualTo("a1");
    }

    @Test
    void promptsThatEndUndecidedAreToldByHowTheyEnded() {
        Job late = bench.pause(bench.create("late"), prompt("a1", Duration.ofMinutes(1)));
        bench.abort(bench.paused("aborted", "a2"));
        bench.advance(Duration.ofMinutes(1));
        bench.expire(late, "a1");

        Map<String, JsonNode> told = told(endpoint("ops", false));

        assertThat(told.get("approval.cancelled").at("/data/actionId").asText()).isEqualTo("a2");
        assertThat(told.get("approval.expired").at("/data/actionId").asText()).isEqualTo("a1");
        assertThat(told.get("approval.expired").at("/data/tools/0/name").asText()).isEqualTo("send_email");
        assertThat(told.get("job.expired").at("/data/error/code").asText()).isEqualTo("approval_expired");
        assertThat(told.get("job.aborted").at("/data/error").has("message")).isFalse();
    }

    @Test
    void promptThatCanNotBeReadIsToldAsExpired() {
        Job job = bench.paused("job", "a1");
        bench.losePrompt(job.key());
        got(bench.store.expireDead(job.key(), job.generation(), null));

        assertThat(told(endpoint("ops", false)).get("approval.expired").at("/data/jobId").asText()).isEqualTo("job");
    }

    @Test
    void idsAreTheSameForTheSameAndOthersForAllElse() {
        bench.pause(bench.create("job"), "a1");
        bench.pause(bench.create("other"), "a1");
        List<Debt> debts = bench.owed(Debt.class);

        List<String> ids = debts.stream().flatMap(debt -> messages.of(debt, endpoint("ops", false)).stream())
                .map(Message::id).toList();
        List<String> again = debts.stream().flatMap(debt -> messages.of(debt, endpoint("ops", true)).stream())
                .map(Message::id).toList();
        List<String> elsewhere = debts.stream().flatMap(debt -> messages.of(debt, endpoint("else", false)).stream())
                .map(Message::id).toList();

        assertThat(ids).hasSize(6).doesNotHaveDuplicates().isEqualTo(again).doesNotContainAnyElementsOf(elsewhere);
        assertThat(ids).allMatch(id -> id.matches("msg_[0-9a-f]{32}"));
    }
}
