package dev.holdpoint.api;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Duties;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.door.sse.ApprovalFeeds;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.PendingQuery;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What waits for a person, as a list and as a feed. */
@Path("/v1/approvals")
public class ApprovalsResource {
    private final JobStore store;
    private final ApprovalFeeds feeds;
    private final CloudEventFrames cloudEvents;
    private final Duties duties;
    private final CurrentCall call;
    private final Calls calls;

    ApprovalsResource(JobStore store, ApprovalFeeds feeds, CloudEventFrames cloudEvents, Duties duties,
            CurrentCall call, Calls calls) {
        this.store = store;
        this.feeds = feeds;
        this.cloudEvents = cloudEvents;
        this.duties = duties;
        this.call = call;
        this.calls = calls;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> list(@RestQuery @Nullable String status, @RestQuery @Nullable String tool,
            @RestQuery @Nullable String userId, @RestQuery("q") @Nullable String text, @RestQuery @Nullable String sort,
            @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor, HttpServerRequest request) {
        return calls.answer(request, () -> {
            if (status != null && !status.equals("pending")) throw Inputs.invalid("Only status=pending can be listed.");
            Caller caller = call.caller();
            if (!Rights.mayDecideSome(caller))
                throw Refusals.forbidden("The caller may not decide anything.").refused();
            PendingQuery query = new PendingQuery(owner(caller, userId), duties.leftToOthers(caller), tool, text,
                    order(sort));
            return store.pending(caller.space(), query, cursor, Inputs.pageSize(limit))
                    .map(page -> Answer.ok(json -> items(json, page)));
        });
    }

    private static void items(Members json, Page<Job> page) {
        json.objects("items", page.items(),
                (one, job) -> Shapes.approval(one, job, job.livePrompt(page.at()).orElseThrow()))
                .text("nextCursor", page.next());
    }

    /** Whoever may decide only for himself sees only what is his, whatever he asks for. */
    private static @Nullable UserId owner(Caller caller, @Nullable String named) {
        if (Rights.mayDecideForAll(caller)) return named == null ? null : new UserId(named);
        if (named != null && !named.equals(caller.subject()))
            throw Refusals.forbidden("Only reviewers and admins see what waits for others.").refused();
        return new UserId(caller.subject());
    }

    private static PendingQuery.Order order(@Nullable String word) {
        return switch (word) {
            case null -> PendingQuery.Order.DEADLINE;
            case "deadline" -> PendingQuery.Order.DEADLINE;
            case "newest" -> PendingQuery.Order.NEWEST;
            case "oldest" -> PendingQuery.Order.OLDEST;
            default -> throw Inputs.invalid("sort must be deadline, newest or oldest.");
        };
    }

    @GET
    @Path("/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<RestResponse<byte[]>> follow(@RestQuery @Nullable String format, RoutingContext context) {
        Caller caller = call.caller();
        if (!Rights.mayDecideSome(caller)) throw Refusals.forbidden("The caller may not decide anything.").refused();
        return CloudEventFrames.areWanted(format)
                ? feeds.open(context, caller, cloudEvents::approval)
                : feeds.open(context, caller);
    }
}
