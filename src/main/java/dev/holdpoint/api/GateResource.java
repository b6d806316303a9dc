package dev.holdpoint.api;

import dev.holdpoint.approval.Gate;
import dev.holdpoint.approval.Gate.Gated;
import dev.holdpoint.approval.Gate.IfAsked;
import dev.holdpoint.approval.RequestedPrompt;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Calls.Repeat;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.Traces;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Fence;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.policy.Grounds;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Tells a worker which of its tool calls may run, and pauses its job for the rest. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class GateResource {
    private final Gate gate;
    private final JobAccess access;
    private final Calls calls;
    private final Ids ids;

    GateResource(Gate gate, JobAccess access, Calls calls, Ids ids) {
        this.gate = gate;
        this.access = access;
        this.calls = calls;
        this.ids = ids;
    }

    @POST
    @Path("/{id}/gate")
    public Uni<RestResponse<byte[]>> pass(@RestPath String id, @RestHeader("Holdpoint-Fence") @Nullable String fence,
            Requests.Gate body, HttpServerRequest request) {
        return calls.once(request, Repeat.harmlessIf(body.actionId() != null), () -> {
            Traces trace = Traces.of(request);
            JobKey job = access.driver().space().job(new JobId(id));
            Fence shown = Inputs.fence(fence);
            RequestedPrompt.Approval asked = Pauses.calls(body.toolCalls(), body.reviewConfigs());
            IfAsked ifAsked = Pauses.read(body, ids, trace.place());
            trace.concern(job, ifAsked.action());
            return gate.pass(job, shown, asked, ifAsked).map(GateResource::answer);
        });
    }

    private static Answer answer(Gated gated) {
        return switch (gated) {
            case Gated.Answered answered -> Answer.ok(json -> answered(json, answered));
            case Gated.Unfit unfit -> throw new Problem(ProblemType.INVALID_INTERRUPT, unfit.why() + ".").refused();
            case Gated.Lost lost -> throw Refusals.of(lost.why()).refused();
        };
    }

    private static void answered(Members json, Gated.Answered answered) {
        json.texts("allowed", answered.allowed().stream().map(ruling -> ruling.call().id()).toList())
                .objects("denied", answered.denied(), (one, denied) -> one.text("id", denied.ruling().call().id())
                        .text("reason", denied.reason()).json("rule", Grounds.json(denied.ruling().ground())))
                .object("pendingAction", answered.waiting(), (one, waiting) -> Shapes.pendingAction(one,
                        answered.job().key(), answered.job().generation(), waiting));
    }
}
