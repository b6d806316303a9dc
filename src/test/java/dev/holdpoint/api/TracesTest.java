package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;

import dev.holdpoint.job.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.junit.jupiter.api.Test;

/** A worker's trace goes on over the time that a person takes, and leads to the one of whoever decided. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(SettingsOfMany.class)
class TracesTest {
    private static final Random CHANCE = new Random(7);

    @Inject InMemorySpanExporter spans;

    /** Takes the place of the exporter that would send them away. */
    static final class Exporters {
        @Produces
        @Singleton
        InMemorySpanExporter spans() { return InMemorySpanExporter.create(); }
    }

    /** A place in a new trace. */
    private static TraceParent place() {
        return new TraceParent("00-%016x%016x-%016x-01".formatted(CHANCE.nextLong(), CHANCE.nextLong(),
                CHANCE.nextLong()));
    }

    private static Api at(Api caller, TraceParent place) { return caller.with("traceparent", place.value()); }

    /** What this service recorded for the request that came from there. */
    private SpanData span(TraceParent from) {
        Wire.await(() -> !recorded(from).isEmpty());
        return recorded(from).getFirst();
    }

    private List<SpanData> recorded(TraceParent from) {
        return spans.getFinishedSpanItems().stream().filter(span -> span.getTraceId().equals(from.traceId()))
                .filter(span -> span.getParentSpanId().equals(from.spanId())).toList();
    }

    private static List<String> links(SpanData span) {
        return span.getLinks().stream().map(link -> link.getSpanContext().getTraceId()).toList();
    }

    private static String attribute(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }

    @Test
    void claimGoesOnInTheWorkersTraceAndIsLinkedToTheDecision() {
        TraceParent worker = place();
        TraceParent person = place();
        TraceParent next = place();
        AJob job = Api.agent().creates("u1");

        at(Api.agent().with("Holdpoint-Fence", job.fence()), worker)
                .post(job.path() + "/pause", "{'action':{'actionId':'a1','payload':" + AJob.oneCall() + "}}").is(200);
        at(Api.as("u1"), person).approves(job.id(), "a1").is(200);
        Reply claim = at(Api.agent(), next).claims(job.id(), "a1", "w1").is(200);

        assertThat(claim.text("/traceparent")).isEqualTo(worker.value());
        assertThat(links(span(person))).containsExactly(worker.traceId());
        assertThat(links(span(next))).containsExactly(worker.traceId(), person.traceId());
        for (TraceParent from : List.of(worker, person, next)) {
            assertThat(attribute(span(from), "holdpoint.job.id")).isEqualTo(job.id());
            assertThat(attribute(span(from), "holdpoint.action.id")).isEqualTo("a1");
        }
    }

    @Test
    void workerWithoutATraceGoesOnInThatOfItsOwnRequest() {
        AJob job = Api.agent().creates("u1").paused("a1");
        Api.as("u1").approves(job.id(), "a1").is(200);

        TraceParent next = place();
        String handed = at(Api.agent(), next).claims(job.id(), "a1", "w1").is(200).text("/traceparent");

        TraceParent paused = TraceParent.parse(handed).orElseThrow();
        assertThat(links(span(next))).hasSize(2).first().isEqualTo(paused.traceId());
        assertThat(spans.getFinishedSpanItems()).anyMatch(span -> span.getSpanId().equals(paused.spanId())
                && "a1".equals(attribute(span, "holdpoint.action.id")));
    }

    @Test
    void spansTellNothingOfWhatWasAskedSaidOrShown() {
        TraceParent from = place();
        Api user = at(Api.as("u1"), from);

        user.get("/v1/approvals?q=canary-query").is(200);

        assertThat(span(from).toString()).doesNotContain("canary", "key-u1").contains("/v1/approvals");
    }
}
