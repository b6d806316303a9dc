package dev.holdpoint.api;

import java.util.Arrays;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.approval.Gate;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Attempts;
import dev.holdpoint.door.Attempts.Attempt;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.json.RuleShapes;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.UserId;
import dev.holdpoint.policy.InForce;
import dev.holdpoint.policy.InvalidPolicy;
import dev.holdpoint.policy.Policies;
import dev.holdpoint.policy.Policy;
import dev.holdpoint.policy.PolicyDocument;
import dev.holdpoint.policy.RuleStore.Change;
import dev.holdpoint.policy.Simulation;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What a space lets its agents do, and what would come of another policy. */
@Path("/v1/policy")
@Produces(MediaType.APPLICATION_JSON)
public class PolicyResource {
    private static final int USUALLY_REPLAYED = 500;
    private static final int MOST_REPLAYED = 5_000;

    private final Policies policies;
    private final Archive archive;
    private final Attempts attempts;
    private final CurrentCall call;
    private final Calls calls;

    PolicyResource(Policies policies, Archive archive, Attempts attempts, CurrentCall call, Calls calls) {
        this.policies = policies;
        this.archive = archive;
        this.attempts = attempts;
        this.call = call;
        this.calls = calls;
    }

    @GET
    public Uni<RestResponse<byte[]>> get(HttpServerRequest request) {
        return calls.answer(request,
                () -> attempts.watched(call.caller(), Attempt.toReadPolicy(), () -> policies.inForce(ruler().space()))
                        .map(rules -> document(rules.policy(), rules.version())));
    }

    private static Answer document(Policy policy, long version) {
        return Answer.json(PolicyDocument.write(policy)).with("ETag", tag(version));
    }

    private static String tag(long version) { return '"' + String.valueOf(version) + '"'; }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> put(@RestHeader("If-Match") @Nullable String ifMatch, Requests.Document body,
            HttpServerRequest request) {
        return calls.answer(request,
                () -> attempts.watched(call.caller(), Attempt.toChangePolicy(), () -> change(ifMatch, body.value())));
    }

    private Uni<Answer> change(@Nullable String ifMatch, Json document) {
        Caller caller = ruler();
        Policy next = policy(document);
        return policies.inForce(caller.space()).chain(before -> {
            checkPrecondition(ifMatch, before);
            return policies.change(caller.space(), before, next, caller.subject());
        }).map(change -> switch (change) {
            case Change.Changed changed -> document(next, changed.version());
            case Change.Stale stale -> throw changedMeanwhile(stale.version());
        });
    }

    private static void checkPrecondition(@Nullable String ifMatch, InForce before) {
        if (ifMatch == null && before.version() > 0)
            throw new Problem(ProblemType.PRECONDITION_REQUIRED, "Send the ETag of the policy as If-Match.").refused();
        if (ifMatch == null || ifMatch.strip().equals("*")) return;
        boolean matches = Arrays.stream(ifMatch.split(",")).anyMatch(one -> one.strip().equals(tag(before.version())));
        if (!matches) throw changedMeanwhile(before.version());
    }

    private static RuntimeException changedMeanwhile(long version) {
        return new Problem(ProblemType.POLICY_CHANGED, "Read the policy again, and change what it is now.",
                json -> json.number("currentVersion", version)).refused();
    }

    private static Policy policy(Json document) {
        try {
            return PolicyDocument.read(document);
        } catch (InvalidPolicy invalid) {
            throw Inputs.invalid(String.valueOf(invalid.getMessage()));
        }
    }

    private Caller ruler() {
        Caller caller = call.caller();
        if (!Rights.mayRule(caller)) throw forbidden().refused();
        return caller;
    }

    private static Problem forbidden() { return Refusals.forbidden("Only admins see and change the policy."); }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/evaluate")
    public Uni<RestResponse<byte[]>> evaluate(Requests.Evaluate body, HttpServerRequest request) {
        return calls.onceWhileThere(request, () -> {
            Caller caller = call.caller();
            if (!Rights.mayEvaluate(caller))
                throw Refusals.forbidden("Only agents, reviewers and admins ask what the policy says.").refused();
            Space space = caller.space();
            UserId user = new UserId(Inputs.present(body.userId(), "userId"));
            ConversationId conversation =
                    body.conversationId() == null ? null : new ConversationId(body.conversationId());
            return Gate.read(Pauses.calls(body.toolCalls(), null)).chain(read -> switch (read) {
                case Gate.Calls.Unfit unfit -> throw Inputs.invalid(unfit.why() + ".");
                case Gate.Calls.Fit fit -> policies.inForce(space)
                        .chain(rules -> policies.judge(rules, space, user, conversation, fit.calls())
                                .map(rulings -> Answer.ok(json -> json
                                        .objects("results", rulings, RuleShapes::ruling)
                                        .number("policyVersion", rules.version()))));
            });
        });
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/simulate")
    public Uni<RestResponse<byte[]>> simulate(Requests.Simulate body, HttpServerRequest request) {
        return calls.onceWhileThere(request, () -> attempts.watched(call.caller(), Attempt.toSimulate(), () -> {
            Caller caller = ruler();
            Policy candidate = policy(Inputs.present(body.policy(), "policy"));
            long last = body.last() == null ? USUALLY_REPLAYED : body.last();
            if (last < 1 || last > MOST_REPLAYED) throw Inputs.invalid("last is 1 to " + MOST_REPLAYED + ".");
            return archive.latestCalls(caller.space(), (int) last)
                    // Thousands of calls under hundreds of rules: done aside, they keep nobody else waiting.
                    .emitOn(Infrastructure.getDefaultExecutor()).map(past -> Simulation.of(candidate, past))
                    .map(simulation -> Answer.ok(json -> RuleShapes.simulation(json, simulation)));
        }));
    }
}
