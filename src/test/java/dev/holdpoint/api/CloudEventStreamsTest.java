package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.api.Sse.Frame;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(KeysFile.class)
class CloudEventStreamsTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static Sse cloudEvents(Api caller, String target) {
        return Sse.open(caller, target + "format=cloudevents");
    }

    @Test
    void jobsStreamCarriesTheSameEventsInTheSamePlaces() {
        AJob job = Api.agent().with("traceparent", TRACE).creates("u1");
        job.says(1);
        job.paused("a/1");
        Api.as("u1").approves(job.id(), "a/1").is(200);
        job.under(Api.agent().claims(job.id(), "a/1", "w").is(200).text("/fence")).completes().is(200);

        List<Frame> plain = Api.as("u1").follows(job.id()).untilTheEnd();
        List<Frame> events = cloudEvents(Api.as("u1"), job.path() + "/events?").untilTheEnd();

        assertThat(events).extracting(Frame::id).isEqualTo(plain.stream().map(Frame::id).toList());
        assertThat(events).extracting(Frame::event).isEqualTo(plain.stream().map(Frame::event).toList());
        assertThat(events).extracting(frame -> frame.json().path("data"))
                .isEqualTo(plain.stream().map(Frame::json).toList());
        assertThat(events).extracting(frame -> frame.json().path("type").asText()).containsExactly(
                "dev.holdpoint.job.created", "dev.holdpoint.worker.said", "dev.holdpoint.job.paused",
                "dev.holdpoint.job.resumed", "dev.holdpoint.job.claimed", "dev.holdpoint.job.completed");
        assertThat(events).allSatisfy(frame -> assertThat(frame.json().path("subject").asText())
                .isEqualTo("jobs/" + job.id()));
        assertThat(events.get(2).json().path("traceparent").asText()).isEqualTo(TRACE);
        List<Frame> again = cloudEvents(Api.as("u1").with("Last-Event-ID", plain.get(1).id()), job.path() + "/events?")
                .untilTheEnd();
        assertThat(again).isEqualTo(events.subList(2, events.size()));
    }

    @Test
    void snapshotIsACloudEventToo() {
        AJob old = Api.agent().creates("u1");
        AJob job = Api.agent().createsNamed(old.id(), "u1");
        Api reader = Api.as("u1").with("Last-Event-ID", old.generation() + "-1");

        Frame first = cloudEvents(reader, job.path() + "/events?").next("job.snapshot");
        Frame second = cloudEvents(reader, job.path() + "/events?").next("job.snapshot");

        assertThat(first.json().path("type").asText()).isEqualTo("dev.holdpoint.job.snapshot");
        assertThat(first.json().at("/data/reason").asText()).isEqualTo("generation_replaced");
        assertThat(first.json().path("id")).isNotEqualTo(second.json().path("id"));
    }

    @Test
    void feedCarriesWhatItAlwaysTells() {
        Api agent = Api.agent().with("traceparent", TRACE);
        String owner = Api.fresh("owner");
        AJob job = agent.creates(owner);
        try (Sse plain = Sse.open(Api.as("admin"), "/v1/approvals/events");
                Sse feed = cloudEvents(Api.as("admin"), "/v1/approvals/events?")) {
            job.paused("a 1");
            Api.as("admin").aborts(job.id()).is(200);

            for (String name : List.of("approval.requested", "approval.cancelled")) {
                JsonNode said = of(plain, job).json();
                Frame frame = of(feed, job);
                JsonNode event = frame.json();
                assertThat(frame.event()).isEqualTo(name);
                assertThat(event.path("type").asText()).isEqualTo("dev.holdpoint." + name);
                assertThat(event.path("source").asText()).isEqualTo("/holdpoint");
                assertThat(event.path("subject").asText()).isEqualTo("jobs/" + job.id() + "/actions/a%201");
                assertThat(event.path("data")).isEqualTo(said);
                assertThat(event.has("traceparent")).isEqualTo(name.equals("approval.requested"));
            }
        }
    }

    /** The next frame about this job, among those of other tests. */
    private static Frame of(Sse stream, AJob job) {
        return stream.until(frame -> frame.data().contains(job.id())).getLast();
    }

    @Test
    void otherFormatsAreRefused() {
        AJob job = Api.agent().creates("u1");

        Sse.open(Api.as("u1"), "/v1/approvals/events?format=xml").refusal().refused(400, "invalid-request");
        Sse.open(Api.as("u1"), job.path() + "/events?format=xml").refusal().refused(400, "invalid-request");
        Api.as("u1").get(job.path() + "/events?format=cloudevents").refused(400, "invalid-request");
    }
}
