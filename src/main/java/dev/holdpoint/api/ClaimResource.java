package dev.holdpoint.api;

import dev.holdpoint.continuation.Claims;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** Hands the continuation of one action to the worker that asks for it. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ClaimResource {
    private final Claims claims;
    private final JobAccess access;
    private final ClaimCalls calls;

    ClaimResource(Claims claims, JobAccess access, ClaimCalls calls) {
        this.claims = claims;
        this.access = access;
        this.calls = calls;
    }

    @POST
    @Path("/{id}/actions/{actionId}/claim")
    public Uni<RestResponse<byte[]>> claim(@RestPath String id, @RestPath String actionId, Requests.Claim body,
            HttpServerRequest request,
            RoutingContext context) {
        return calls.claim(request, context, () -> {
            JobKey job = access.driver().space().job(new JobId(id));
            return claims.claim(job, new ActionId(actionId), ClaimCalls.worker(body.workerId()),
                    Inputs.wait(body.longest()));
        });
    }
}
