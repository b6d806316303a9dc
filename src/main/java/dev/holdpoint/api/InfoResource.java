package dev.holdpoint.api;

import java.util.Map;

import dev.holdpoint.access.Rights;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.StoreFacts;
import dev.holdpoint.job.Timing;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestResponse;

/** What this service is and how it is set. */
@Path("/v1/info")
@Produces(MediaType.APPLICATION_JSON)
public class InfoResource {
    private final JobStore store;
    private final StoreFacts facts;
    private final Limits limits;
    private final Timing timing;
    private final String version;
    private final CurrentCall call;
    private final Calls calls;

    InfoResource(JobStore store, StoreFacts facts, Limits limits, Timing timing,
            @ConfigProperty(name = "quarkus.application.version") String version, CurrentCall call, Calls calls) {
        this.store = store;
        this.facts = facts;
        this.limits = limits;
        this.timing = timing;
        this.version = version;
        this.call = call;
        this.calls = calls;
    }

    @GET
    public Uni<RestResponse<byte[]>> info(HttpServerRequest request) {
        return calls.answer(request, () -> Rights.seesCounts(call.caller())
                ? store.count(call.caller().space()).map(counts -> Answer.ok(json -> {
                    facts(json);
                    json.object("jobs", counts, InfoResource::counts);
                }))
                : Uni.createFrom().item(Answer.ok(this::facts)));
    }

    private void facts(Members json) {
        json.text("version", version).text("store", facts.store()).text("durability", facts.durability())
                .text("archive", facts.archive())
                .object("limits", this::limits);
    }

    private void limits(Members json) {
        json.number("bodyBytes", limits.requestBody().asLongValue())
                .number("eventsBodyBytes", limits.eventsBody().asLongValue())
                .number("eventBytes", limits.eventData().asLongValue()).number("argumentsDepth", limits.nestingDepth())
                .number("argumentsKeys", limits.argumentKeys()).number("subscribersPerJob", limits.subscribersPerJob())
                .number("subscribersPerCaller", limits.subscribersPerCaller());
        limits.requestsPerSecond().ifPresent(most -> json.number("requestsPerSecond", most));
        limits.requestsPerSecondPerTenant().ifPresent(most -> json.number("requestsPerSecondPerTenant", most));
        limits.requestsPerSecondPerProcess().ifPresent(most -> json.number("requestsPerSecondPerProcess", most));
        limits.decisionsPerMinute().ifPresent(most -> json.number("decisionsPerMinute", most));
        facts.limits().forEach(json::number);
        json.text("runningTtl", timing.runningTtl()).text("pauseBackstop", timing.pauseBackstop())
                .text("lease", timing.lease())
                .text("terminalRetention", timing.terminalRetention());
    }

    private static void counts(Members json, Map<JobStatus, Long> counts) {
        for (JobStatus status : JobStatus.values()) json.number(status.word(), counts.getOrDefault(status, 0L));
    }
}
