package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.webhook.Receiver;
import dev.holdpoint.webhook.Receiver.Received;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real receiver beside the front door gets what it is configured to get, and nothing else. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(SettingsOfMany.class)
class WebhooksRouteTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @ConfigProperty(name = "test.receiver.port") int port;

    private Receiver receiver;

    @BeforeEach
    void open() { receiver = new Receiver(port); }

    @AfterEach
    void close() { receiver.close(); }

    private static Api as(String key, String tenant) { return Api.as(key).inTenant(tenant); }

    private List<Received> got(String hook, String job) {
        return receiver.received().stream().filter(one -> one.path().equals("/" + hook + "?token=t0ken"))
                .filter(one -> one.body().contains(job)).toList();
    }

    private List<String> types(String hook, String job) {
        return got(hook, job).stream().map(one -> Reply.parse(one.body()).path("type").asText()).toList();
    }

    @Test
    void wholeTurnIsToldAsConfiguredAndOnlyWithinTheTenant() throws GeneralSecurityException {
        Api agent = as("agent", "hooks-a");
        AJob job = agent.creates("u1").paused("a1");
        as("u1", "hooks-a").approves(job.id(), "a1").is(200);
        AJob claimed = job.under(agent.claims(job.id(), "a1", "w").is(200).text("/fence"));
        claimed.completes().is(200);

        Wire.await(() -> got("all", job.id()).size() >= 7 && !got("decided", job.id()).isEmpty()
                && !got("slack", job.id()).isEmpty());
        assertThat(types("all", job.id())).containsExactlyInAnyOrder("job.created", "approval.requested", "job.paused",
                "approval.decided", "job.resumed", "job.claimed", "job.completed");
        assertThat(types("decided", job.id())).containsExactly("approval.decided");
        assertThat(got("slack", job.id())).singleElement().satisfies(one -> assertThat(
                Reply.parse(one.body()).path("text").asText()).isEqualTo("Approval wanted: send_email"));
        assertThat(got("other", job.id())).isEmpty();
        for (Received one : got("all", job.id())) {
            assertThat(one.headers().get("webhook-signature")).isEqualTo(signature(one));
            assertThat(one.body()).doesNotContain("a@b.c").contains("\"tenantId\":\"hooks-a\"");
        }
        assertThat(got("decided", job.id()).getFirst().body()).contains("\"arguments\":{\"to\":\"a@b.c\"}");
    }

    @Test
    void cloudEventIsSentAsSuchAndSigned() throws GeneralSecurityException {
        AJob job = as("agent", "hooks-a").with("traceparent", TRACE).creates("u1").paused("a1");

        Wire.await(() -> !got("cloud", job.id()).isEmpty() && !got("all", job.id()).isEmpty());

        Received sent = got("cloud", job.id()).getFirst();
        assertThat(sent.headers()).containsEntry("content-type", "application/cloudevents+json")
                .containsEntry("webhook-signature", signature(sent));
        JsonNode event = Reply.parse(sent.body());
        assertThat(event.path("type").asText()).isEqualTo("dev.holdpoint.approval.requested");
        assertThat(event.path("traceparent").asText()).isEqualTo(TRACE);
        assertThat(event.at("/data/actionId").asText()).isEqualTo("a1");
        assertThat(got("all", job.id())).allSatisfy(
                one -> assertThat(one.headers()).containsEntry("content-type", "application/json"));
    }

    private static String signature(Received one) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(SettingsOfMany.WEBHOOK_SECRET), "HmacSHA256"));
        String content = one.headers().get("webhook-id") + "." + one.headers().get("webhook-timestamp") + "."
                + one.body();
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void promptThatExpiredIsTold() {
        AJob job = as("agent", "hooks-b").creates("u1").paused("a1");
        as("admin", "hooks-b").post(job.path() + "/expire", "{}").is(200);

        Wire.await(() -> types("other", job.id()).size() >= 5);
        assertThat(types("other", job.id())).containsExactlyInAnyOrder("job.created", "approval.requested",
                "job.paused", "approval.expired", "job.expired");
        assertThat(got("all", job.id())).isEmpty();
    }

    @Test
    void receiverThatFailsOnceGetsTheSameMessageAgain() {
        receiver.answering(request -> request.response().setStatusCode(receiver.received().size() == 1 ? 500 : 204)
                .end());
        Reply queued = as("admin", "hooks-b").post("/v1/webhooks/other/test", "{}").is(202);

        Wire.await(() -> receiver.received().size() >= 2);
        assertThat(receiver.received()).allSatisfy(
                one -> assertThat(one.headers()).containsEntry("webhook-id", queued.text("/id")));
    }

    @Test
    void testMessageArrivesUnderTheIdThatWasAnswered() {
        Reply queued = as("admin", "hooks-a").post("/v1/webhooks/all/test", "{}").is(202);

        Wire.await(() -> receiver.received().stream()
                .anyMatch(one -> queued.text("/id").equals(one.headers().get("webhook-id"))));
        as("admin", "hooks-b").post("/v1/webhooks/all/test", "{}").refused(404, "no-such-webhook");
    }

    @Test
    void webhooksAreListedWithoutWhatIsSecret() {
        Reply listed = as("admin", "hooks-a").get("/v1/webhooks").is(200);

        assertThat(listed.at("/items").findValuesAsText("name")).containsExactly("all", "cloud", "decided", "slack");
        listed.has("/items/1/url", "http://127.0.0.1:" + port).has("/items/1/format", "cloudevents")
                .hasJson("/items/2/events", "['approval.decided']").has("/items/2/includeArguments", true)
                .has("/items/3/format", "slack");
        assertThat(listed.body()).doesNotContain(SettingsOfMany.WEBHOOK_SECRET, "t0ken");
        assertThat(as("admin", "hooks-none").get("/v1/webhooks").is(200).at("/items")).isEmpty();
    }

    @Test
    void privateAddressIsNotSpokenToUnlessThatIsAllowed() {
        as("agent", "hooks-c").creates("u1");

        Wire.await(() -> as("admin", "hooks-c").get("/v1/webhooks").at("/items/0/lastFailure").asText()
                .equals("address-refused"));
        assertThat(receiver.received()).noneMatch(one -> one.path().startsWith("/closed"));
    }

    @Test
    void receiverThatIsGoneLeavesDeadLettersThatAreListedAndReplayed() {
        receiver.answering(request -> request.response().setStatusCode(410).end());
        AJob first = as("agent", "hooks-d").creates("u1");
        Wire.await(() -> letters().size() == 1);
        AJob second = as("agent", "hooks-d").creates("u1");
        Wire.await(() -> letters().size() == 2);

        Reply page = as("admin", "hooks-d").get("/v1/webhooks/dead-letters?limit=1").is(200)
                .has("/items/0/webhook", "gone").has("/items/0/type", "job.created").has("/items/0/why", "gone")
                .has("/items/0/body/data/jobId", second.id());
        Reply next = as("admin", "hooks-d")
                .get("/v1/webhooks/dead-letters?limit=1&cursor=" + page.text("/nextCursor")).is(200)
                .has("/items/0/body/data/jobId", first.id()).lacks("/nextCursor");
        String id = next.text("/items/0/id");
        as("admin", "hooks-a").post("/v1/webhooks/dead-letters/" + id + "/replay", "{}")
                .refused(404, "no-such-dead-letter");
        as("admin", "hooks-d").post("/v1/webhooks/dead-letters/" + id + "/replay", "{}").is(202).has("/id", id);
        // It is gone still, so the letter dies again, as the newest.
        Wire.await(() -> letters().size() == 2 && letters().get(0).path("id").asText().equals(id));
        as("admin", "hooks-d").get("/v1/webhooks").has("/items/0/state", "gone").has("/items/0/deadLetters", 2);
        assertThat(receiver.received()).hasSize(1);
        as("admin", "hooks-d").get("/v1/webhooks/dead-letters?cursor=nonsense").refused(400, "invalid-request");
    }

    private static JsonNode letters() { return as("admin", "hooks-d").get("/v1/webhooks/dead-letters").at("/items"); }
}
