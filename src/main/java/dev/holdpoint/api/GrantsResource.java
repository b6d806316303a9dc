package dev.holdpoint.api;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Attempts;
import dev.holdpoint.door.Attempts.Attempt;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.RuleShapes;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.UserId;
import dev.holdpoint.policy.Grant;
import dev.holdpoint.policy.GrantId;
import dev.holdpoint.policy.Policies;
import dev.holdpoint.policy.RuleStore;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Remembered approvals, for whoever they were given to. */
@Path("/v1/grants")
@Produces(MediaType.APPLICATION_JSON)
public class GrantsResource {
    private final RuleStore store;
    private final Policies policies;
    private final Attempts attempts;
    private final CurrentCall call;
    private final Calls calls;

    GrantsResource(RuleStore store, Policies policies, Attempts attempts, CurrentCall call, Calls calls) {
        this.store = store;
        this.policies = policies;
        this.attempts = attempts;
        this.call = call;
        this.calls = calls;
    }

    @GET
    public Uni<RestResponse<byte[]>> list(@RestQuery @Nullable String userId, @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor, HttpServerRequest request) {
        return calls.answer(request, () -> {
            Caller caller = holder();
            return store.list(caller.space(), whose(caller, userId), cursor, Inputs.pageSize(limit))
                    .map(page -> Answer.ok(json -> json.objects("items", page.items(), RuleShapes::grant)
                            .text("nextCursor", page.next())));
        });
    }

    /** Null for everybody's. */
    private static @Nullable UserId whose(Caller caller, @Nullable String named) {
        if (Rights.mayRule(caller)) return named == null ? null : new UserId(named);
        if (named != null && !named.equals(caller.subject()))
            throw Refusals.forbidden("Only admins see the grants of others.").refused();
        return new UserId(caller.subject());
    }

    @DELETE
    @Path("/{id}")
    public Uni<RestResponse<byte[]>> revoke(@RestPath String id, HttpServerRequest request) {
        return calls.answer(request, () -> {
            GrantId grant = new GrantId(id);
            return attempts.watched(call.caller(), Attempt.toRevoke(grant), () -> revoke(holder(), grant));
        });
    }

    private Uni<Answer> revoke(Caller caller, GrantId id) {
        return store.find(caller.space(), id).chain(grant -> revoke(caller, grant));
    }

    private Uni<Answer> revoke(Caller caller, @Nullable Grant grant) {
        if (grant == null) throw noSuchGrant();
        if (!Rights.mayRule(caller) && !grant.user().value().equals(caller.subject()))
            throw Refusals.forbidden("The grant belongs to another user.").refused();
        return policies.revoke(grant, caller.subject()).map(revoked -> {
            if (!revoked) throw noSuchGrant();
            return Answer.noContent();
        });
    }

    private Caller holder() {
        Caller caller = call.caller();
        if (!Rights.hasGrants(caller)) throw Refusals.forbidden("The caller can't have grants.").refused();
        return caller;
    }

    private static RuntimeException noSuchGrant() {
        return new Problem(ProblemType.NO_SUCH_GRANT, "There is no grant of that id that holds.").refused();
    }
}
