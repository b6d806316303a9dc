package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.contract.Contract;
import dev.holdpoint.door.problem.Refusals;
import io.quarkus.logging.json.runtime.JsonFormatter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log tells each transition by its ids, and nothing of what was asked, said or shown, however much it tells. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(SettingsOfMany.class)
class LogTest {
    /** Every text that must not be told begins with it. */
    private static final String CANARY = "canary";
    private static final Set<String> WITH_BODY = Set.of("post", "put");

    private final ATenant tenant = ATenant.fresh();
    private final Ear ear = new Ear();

    /** Hears every line as a JSON log has it. */
    private static final class Ear extends Handler {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final JsonFormatter form = new JsonFormatter();

        @Override
        public void publish(LogRecord told) { lines.add(form.format(ExtLogRecord.wrap(told))); }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is held.
        }

        List<String> troubles() { return lines.stream().filter(line -> line.contains("\"ERROR\"")).toList(); }

        List<JsonNode> transitions(String job) {
            List<JsonNode> found = new ArrayList<>();
            for (String line : lines) {
                JsonNode one = Reply.parse(line);
                if (one.path("mdc").path("jobId").asText().equals(job)) found.add(one);
            }
            return found;
        }
    }

    @BeforeEach
    void listen() { Logger.getLogger("").addHandler(ear); }

    @AfterEach
    void leave() { Logger.getLogger("").removeHandler(ear); }

    @Test
    void refusalOfACallerWhoHasHungUpIsNoTroubleAndAnyOtherFailureIs() {
        Infrastructure.handleDroppedException(Refusals.notFound().refused());
        assertThat(ear.troubles()).isEmpty();

        Infrastructure.handleDroppedException(new IllegalStateException("broken"));
        assertThat(ear.troubles()).hasSize(1);
    }

    private List<String> told(String job, int lines, String field) {
        Wire.await(() -> ear.transitions(job).size() >= lines);
        return ear.transitions(job).stream().map(line -> line.path("mdc").path(field).asText("-")).toList();
    }

    @Test
    void everyTransitionIsOneLineWithItsIds() {
        AJob job = tenant.job("u1").paused("a1");
        tenant.as("u1").approves(job.id(), "a1").is(200);
        Reply claim = tenant.as("agent").claims(job.id(), "a1", "w1").is(200);
        job.under(claim.text("/fence")).paused("a2");
        tenant.as("u1").aborts(job.id()).is(200);

        assertThat(told(job.id(), 6, "transition"))
                .containsExactly("created", "paused", "resumed", "claimed", "paused", "ended");
        assertThat(told(job.id(), 6, "from"))
                .containsExactly("-", "running", "requires_action", "running", "running", "requires_action");
        assertThat(told(job.id(), 6, "to"))
                .containsExactly("running", "requires_action", "running", "running", "requires_action", "aborted");
        assertThat(told(job.id(), 6, "actionId")).containsExactly("-", "a1", "a1", "a1", "a2", "a2");
        assertThat(told(job.id(), 6, "tenant")).containsOnly(tenant.name());
        assertThat(told(job.id(), 6, "event")).allMatch(id -> id.startsWith(job.generation() + "-"))
                .doesNotHaveDuplicates();
    }

    @Test
    void idThatLooksLikeAFieldForgesNothing() {
        String hostile = Api.fresh("job") + " to=complete \"}";
        Api.agent().createsNamed(hostile, "u1");

        told(hostile, 1, "jobId");
        JsonNode line = ear.transitions(hostile).getFirst();

        assertThat(line.path("message").asText()).doesNotContain(" to=complete").contains(" to=running");
        assertThat(line.path("mdc").path("to").asText()).isEqualTo("running");
    }

    @Test
    void nothingThatWasAskedSaidOrShownIsTold() {
        List<String> secrets = new ArrayList<>(List.of(CANARY, "key-agent", "key-u1", "key-admin"));

        AJob job = talk();
        secrets.add(Api.as("u1").post("/v1/tickets", "{}").is(201).text("/ticket"));
        knockEverywhere(job.id());

        told(job.id(), 6, "transition");
        assertThat(ear.lines).isNotEmpty().allSatisfy(line -> assertThat(line.toLowerCase(Locale.ROOT))
                .doesNotContain(secrets.stream().map(one -> one.toLowerCase(Locale.ROOT)).toArray(String[]::new)));
    }

    /** A job in which everything that can be said is a canary. */
    private static AJob talk() {
        AJob job = new AJob(Api.agent(), Api.agent().post("/v1/jobs", """
                {'userId':'u1','userMessage':{'text':'canary-message'},'metadata':{'canary-name':'canary-value'}}
                """).is(201));
        job.appends("[{'event':'said','data':{'canary-event':'canary-event'},'retain':'latest'}]").is(202);
        job.pauses("""
                {'type':'tool_approval','action_requests':[
                  {'tool_call_id':'c1','name':'send','arguments':{'canary-argument':'canary-argument'},
                   'description':'canary-description'},
                  {'tool_call_id':'c2','name':'put','arguments':{'to':'canary-argument'}}],
                 'review_configs':[{'action_name':'put','tool_call_id':'c2','allowed_decisions':['respond']}]}
                """, "'actionId':'a1','resumeContext':{'canary-context':'canary-context'}").is(200);
        Api.as("u2").resolves(job.id(), "{'actionId':'a1','decisions':[]}").is(403);
        Api.as("u1").resolves(job.id(), decisions("canary-edited")).is(200);
        Api.as("u1").resolves(job.id(), decisions("canary-late")).is(409);
        Reply claim = Api.agent().claims(job.id(), "a1", "w1").is(200);
        AJob claimed = job.under(claim.text("/fence"));
        claimed.pauses("{'type':'ask_user_question','question':{'question':'canary-question'},'tool_call_id':'c9'}",
                "'actionId':'a2'").is(200);
        Api.as("u1").resolves(job.id(), "{'actionId':'a2','answer':'canary-answer'}").is(200);
        Reply again = Api.agent().claims(job.id(), "a2", "w1").is(200);
        job.under(again.text("/fence")).writes("fail", "{'code':'broken','message':'canary-failure'}").is(200);
        Api.agent().creates("u1").writes("complete", "{'final':{'text':'canary-result'}}").is(200);
        return job;
    }

    private static String decisions(String edited) {
        return """
                {'actionId':'a1','decisions':[
                  {'tool_call_id':'c1','decision':'edit','editedArguments':{'to':'%s'},'reason':'canary-reason'},
                  {'tool_call_id':'c2','decision':'respond','responseText':'canary-response'}]}""".formatted(edited);
    }

    /** Every operation of the contract, with credentials, queries, headers and bodies that lead nowhere. */
    private static void knockEverywhere(String job) {
        Contract.DOCUMENT.path("paths").properties().forEach(path -> path.getValue().fieldNames().forEachRemaining(
                method -> {
                    String target = path.getKey().replaceAll("\\{[^}]+}", job)
                            + "?ticket=canary-ticket&q=canary-query&cursor=canary-cursor";
                    byte[] body = Wire.bytes(WITH_BODY.contains(method) ? "{\"canary\":\"canary-body\"}" : "");
                    for (String credential : new String[]{"Bearer canary-key", "Bearer key-admin", "Basic Y2FuYXJ5"}) {
                        Wire.request(method.toUpperCase(Locale.ROOT), target, "Authorization: " + credential
                                + "\r\nIdempotency-Key: canary-once\r\nCookie: __Host-holdpoint=canary-session\r\n"
                                + "Holdpoint-Fence: 1.1\r\nContent-Type: application/json\r\nAccept: application/json\r\n",
                                body);
                    }
                }));
    }
}
