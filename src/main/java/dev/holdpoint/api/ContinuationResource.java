package dev.holdpoint.api;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.holdpoint.api.json.Requests;
import dev.holdpoint.api.json.Shapes;
import dev.holdpoint.api.problem.Refusals;
import dev.holdpoint.continuation.Claims;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.WorkerId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Hands resolved jobs to workers that ask for any, and lets them wait. */
@Path("/v1/continuations/claim")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ContinuationResource {
    private final Claims claims;
    private final JobAccess access;
    private final Calls calls;

    ContinuationResource(Claims claims, JobAccess access, Calls calls) {
        this.claims = claims;
        this.access = access;
        this.calls = calls;
    }

    @POST
    public Uni<RestResponse<byte[]>> claimAny(Requests.ClaimAny body, HttpServerRequest request,
            RoutingContext context) {
        return whileConnected(context, calls.once(request, () -> {
            Space space = access.driver().space();
            List<String> named = body.agentIds() == null ? List.of() : body.agentIds();
            Set<AgentId> agents = named.stream().map(name -> new AgentId(Inputs.present(name, "agentIds")))
                    .collect(Collectors.toSet());
            return claims.claimOldest(space, agents, worker(body.workerId()), Inputs.wait(body.longest()))
                    .map(ContinuationResource::answer);
        }));
    }

    static WorkerId worker(@Nullable String name) { return new WorkerId(Inputs.present(name, "workerId")); }

    static Answer answer(Transition outcome) {
        return switch (outcome) {
            case Transition.Won won -> claimed(won.job());
            case Transition.StillUndecided undecided -> Answer.noContent();
            case Transition.ActionClosed closed -> throw Refusals.actionClosed(closed.outcome()).refused();
            case Transition.Lost lost -> throw Refusals.of(lost).refused();
        };
    }

    private static Answer claimed(Job job) {
        Continuation continuation = job.continuation().orElseThrow();
        return Answer.ok(json -> Shapes.claim(json, job, continuation));
    }

    /** Whoever hangs up while waiting must not be handed a continuation that nobody will ever see. */
    static Uni<RestResponse<byte[]>> whileConnected(RoutingContext context, Uni<RestResponse<byte[]>> waiting) {
        return Uni.createFrom().emitter(emitter -> follow(context, waiting, emitter));
    }

    private static void follow(RoutingContext context, Uni<RestResponse<byte[]>> waiting,
            UniEmitter<? super RestResponse<byte[]>> emitter) {
        Cancellable running = waiting.subscribe().with(emitter::complete, emitter::fail);
        context.addEndHandler(end -> running.cancel());
    }
}
