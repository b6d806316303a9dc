package dev.holdpoint.api;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.holdpoint.continuation.Claims;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.Space;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/** Hands whatever waits longest for a worker to the worker that asks. */
@Path("/v1/continuations/claim")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ContinuationsResource {
    private final Claims claims;
    private final JobAccess access;
    private final ClaimCalls calls;

    ContinuationsResource(Claims claims, JobAccess access, ClaimCalls calls) {
        this.claims = claims;
        this.access = access;
        this.calls = calls;
    }

    @POST
    public Uni<RestResponse<byte[]>> claim(Requests.ClaimAny body, HttpServerRequest request, RoutingContext context) {
        return calls.claim(request, context, () -> {
            Space space = access.driver().space();
            List<String> named = body.agentIds() == null ? List.of() : body.agentIds();
            if (body.agentIds() != null && named.isEmpty())
                throw Inputs.invalid("agentIds must name an agent; leave it out to claim for any.");
            Set<AgentId> agents = named.stream().map(name -> new AgentId(Inputs.present(name, "agentIds")))
                    .collect(Collectors.toSet());
            return claims.claimOldest(space, agents, ClaimCalls.worker(body.workerId()), Inputs.wait(body.longest()));
        });
    }
}
