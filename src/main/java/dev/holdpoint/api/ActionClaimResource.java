package dev.holdpoint.api;

import dev.holdpoint.api.json.Requests;
import dev.holdpoint.continuation.Claims;
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

/**
 * Hands the continuation of one action to the worker that asks for it. Its own class with the whole path: a class at {@code /v1} would never be
 * asked, because those at {@code /v1/jobs} match first.
 */
@Path("/v1/jobs/{id}/actions/{actionId}/claim")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ActionClaimResource {
    private final Claims claims;
    private final JobAccess access;
    private final Calls calls;

    ActionClaimResource(Claims claims, JobAccess access, Calls calls) {
        this.claims = claims;
        this.access = access;
        this.calls = calls;
    }

    @POST
    public Uni<RestResponse<byte[]>> claim(@RestPath String id, @RestPath String actionId, Requests.Claim body,
            HttpServerRequest request, RoutingContext context) {
        return ContinuationResource.whileConnected(context, calls.once(request, () -> {
            JobKey job = access.driver().space().job(new JobId(id));
            return claims.claim(job, new ActionId(actionId), ContinuationResource.worker(body.workerId()),
                    Inputs.wait(body.longest())).map(ContinuationResource::answer);
        }));
    }
}
