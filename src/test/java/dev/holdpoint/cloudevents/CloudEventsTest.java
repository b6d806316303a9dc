package dev.holdpoint.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.TraceParent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventsTest {
    private static final JobKey JOB = Space.TENANTLESS.job(new JobId("conv-42"));
    private static final Instant AT = Instant.parse("2026-11-23T12:00:00.5Z");

    @Test
    void structuredFormIsWritten() {
        CloudEvent event = new CloudEvent("evt_1", "approval.requested",
                CloudEvent.subject(new JobId("conv-42"), new ActionId("act-1")), AT,
                new TraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                new Json("{\"sum\":1.0000000000000000001}"));

        Json written = CloudEvents.of(() -> "/holdpoint").written(event);

        assertThat(written.text()).isEqualTo("{\"specversion\":\"1.0\",\"id\":\"evt_1\",\"source\":\"/holdpoint\","
                + "\"type\":\"dev.holdpoint.approval.requested\",\"subject\":\"jobs/conv-42/actions/act-1\","
                + "\"time\":\"2026-11-23T12:00:00.500Z\",\"datacontenttype\":\"application/json\","
                + "\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\","
                + "\"data\":{\"sum\":1.0000000000000000001}}");
        assertThat(CloudEvents.isOne(written)).isTrue();
        assertThat(CloudEvents.isOne(new Json("{\"type\":\"job.created\"}"))).isFalse();
    }

    @Test
    void whoIsInNoTraceSaysNothingOfOne() {
        CloudEvent event = new CloudEvent("evt_1", "job.created", "jobs/j", AT, null, Json.EMPTY_OBJECT);

        assertThat(CloudEvents.of(() -> "https://hold.example/é").written(event).text()).doesNotContain("traceparent")
                .contains("\"source\":\"https://hold.example/%C3%A9\"");
    }

    @Test
    void subjectIsOnePathWhateverTheIdsHold() {
        assertThat(CloudEvent.subject(new JobId("a/b c+ü"), new ActionId("x?y")))
                .isEqualTo("jobs/a%2Fb%20c%2B%C3%BC/actions/x%3Fy");
    }

    @Test
    void idIsTheSameForTheSameAndAnotherForAllElse() {
        EventId first = new EventId(7, 1);
        List<String> ids = List.of(CloudEvent.id(JOB, first, "job.created"),
                CloudEvent.id(JOB, new EventId(7, 2), "job.created"), CloudEvent.id(JOB, first, "job.paused"),
                CloudEvent.id(Space.TENANTLESS.job(new JobId("conv-43")), first, "job.created"),
                CloudEvent.id(new Space(new TenantId("acme")).job(new JobId("conv-42")), first, "job.created"));

        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("evt_[0-9a-f]{32}"));
        assertThat(CloudEvent.id(JOB, first, "job.created")).isEqualTo(ids.getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "http://[", "%"})
    void sourceThatIsNoReferenceStopsTheStart(String source) {
        assertThatThrownBy(() -> CloudEvents.of(() -> source)).isInstanceOf(IllegalStateException.class)
                .hasMessage("holdpoint.cloudevents.source must be a URI reference such as /holdpoint.");
    }
}
