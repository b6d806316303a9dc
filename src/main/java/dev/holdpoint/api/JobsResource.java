package dev.holdpoint.api;

import java.util.List;
import java.util.OptionalLong;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.approval.Decided;
import dev.holdpoint.approval.Proposal;
import dev.holdpoint.approval.Proposal.ProposedDecision;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Calls.Repeat;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Deciding;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.json.RuleShapes;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What people, and whoever acts for them, read of a job and decide about it. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
public class JobsResource {
    private final JobStore store;
    private final Deciding deciding;
    private final JobAccess access;
    private final CurrentCall call;
    private final Calls calls;

    JobsResource(JobStore store, Deciding deciding, JobAccess access, CurrentCall call, Calls calls) {
        this.store = store;
        this.deciding = deciding;
        this.access = access;
        this.call = call;
        this.calls = calls;
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<byte[]>> get(@RestPath String id, HttpServerRequest request) {
        return calls.answer(request,
                () -> access.readable(id).map(seen -> Answer.ok(json -> Shapes.job(json, seen.job(), seen.at()))));
    }

    @GET
    public Uni<RestResponse<byte[]>> list(@RestQuery @Nullable String active, @RestQuery @Nullable String userId,
            @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor, HttpServerRequest request) {
        return calls.answer(request, () -> {
            if (active != null && !active.equals("true")) throw Inputs.invalid("Only active=true can be listed.");
            return store
                    .activeJobs(call.caller().space(), listed(call.caller(), userId), cursor, Inputs.pageSize(limit))
                    .map(page -> Answer.ok(
                            json -> json.objects("items", page.items(), (one, job) -> Shapes.job(one, job, page.at()))
                                    .text("nextCursor", page.next())));
        });
    }

    private static UserId listed(Caller caller, @Nullable String named) {
        if (named == null || named.equals(caller.subject())) return new UserId(caller.subject());
        if (!Rights.mayListForAll(caller))
            throw Refusals.forbidden("Only reviewers and admins list the jobs of others.").refused();
        return new UserId(named);
    }

    @GET
    @Path("/{id}/state")
    public Uni<RestResponse<byte[]>> state(@RestPath String id, HttpServerRequest request) {
        return calls.answer(request,
                () -> access.readableState(id)
                        .map(state -> Answer.ok(json -> Shapes.resumeState(json, state))));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/{id}/resolve")
    public Uni<RestResponse<byte[]>> resolve(@RestPath String id, Requests.Resolve body, HttpServerRequest request) {
        return calls.once(request, Repeat.HARMLESS, () -> {
            ActionId action = new ActionId(Inputs.present(body.actionId(), "actionId"));
            Proposal proposal = proposal(body);
            return deciding.decide(id, generation(body.generation()), action, proposal, request)
                    .map(JobsResource::decided);
        });
    }

    private static Answer decided(Decided outcome) {
        return switch (outcome) {
            case Decided.Accepted accepted ->
                    Answer.ok(json -> {
                        json.object("resolution", accepted.resolution(), Shapes::resolution)
                                .object("job", job -> Shapes.job(job, accepted.job(), accepted.at()));
                        if (!accepted.remembered().isEmpty()) RuleShapes.remembered(json, accepted.remembered());
                    });
            case Decided.Refused refused -> throw Refusals.of(refused).refused();
        };
    }

    private static Proposal proposal(Requests.Resolve body) {
        int kinds =
                (body.decisions() == null ? 0 : 1) + (body.answer() == null ? 0 : 1) + (body.answers() == null ? 0 : 1);
        if (kinds > 1) throw Inputs.invalid("Send decisions, answer or answers: one of them.");
        List<Requests.ProposedDecision> decisions = body.decisions();
        return new Proposal(decisions == null ? null : decisions.stream().map(JobsResource::decision).toList(),
                body.answer(), body.answers());
    }

    private static ProposedDecision decision(Requests.@Nullable ProposedDecision sent) {
        Requests.ProposedDecision decision = Inputs.present(sent, "a list entry");
        String kind = Inputs.present(decision.decision(), "decision");
        return new ProposedDecision(new ToolCallId(Inputs.present(decision.toolCallId(), "tool_call_id")),
                DecisionKind.parse(kind)
                        .orElseThrow(() -> Inputs.invalid("decision must be approve, reject, edit or respond.")),
                Inputs.scope(decision.scope()), decision.reason(), decision.editedArguments(), decision.responseText(),
                decision.argumentsDigest());
    }

    private static OptionalLong generation(@Nullable Long sent) {
        return sent == null ? OptionalLong.empty() : OptionalLong.of(sent);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/{id}/abort")
    public Uni<RestResponse<byte[]>> abort(@RestPath String id, Requests.Abort body, HttpServerRequest request) {
        OptionalLong generation = generation(body.generation());
        // Without its generation it would end the next one.
        return calls.once(request, Repeat.harmlessIf(generation.isPresent()),
                () -> deciding.abort(id, generation).map(Refusals::won).map(WorkerResource::job));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/{id}/expire")
    public Uni<RestResponse<byte[]>> expire(@RestPath String id, Requests.Expire body, HttpServerRequest request) {
        return calls.once(request, Repeat.harmlessIf(body.actionId() != null), () -> {
            ActionId named = body.actionId() == null ? null : new ActionId(body.actionId());
            return store.expireByHand(access.driver().space().job(new JobId(id)), named).map(Refusals::won)
                    .map(WorkerResource::job);
        });
    }
}
