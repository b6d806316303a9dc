package dev.holdpoint.api;

import java.util.List;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Calls.Repeat;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.webhook.Announcements;
import dev.holdpoint.webhook.Courier;
import dev.holdpoint.webhook.DeadLetter;
import dev.holdpoint.webhook.DeadLetters;
import dev.holdpoint.webhook.Deliveries;
import dev.holdpoint.webhook.Deliveries.Standing;
import dev.holdpoint.webhook.Endpoint;
import dev.holdpoint.webhook.Endpoints;
import io.smallrye.mutiny.Multi;
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

/** Who outside is told of what happens in the space, and what they did not get. */
@Path("/v1/webhooks")
@Produces(MediaType.APPLICATION_JSON)
public class WebhooksResource {
    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final DeadLetters letters;
    private final Announcements announcements;
    private final Courier courier;
    private final CurrentCall call;
    private final Calls calls;

    WebhooksResource(Endpoints endpoints, Deliveries deliveries, DeadLetters letters, Announcements announcements,
            Courier courier, CurrentCall call, Calls calls) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.letters = letters;
        this.announcements = announcements;
        this.courier = courier;
        this.call = call;
        this.calls = calls;
    }

    private record Seen(Endpoint endpoint, Standing standing) {}

    @GET
    public Uni<RestResponse<byte[]>> list(HttpServerRequest request) {
        return calls.answer(request, () -> Multi.createFrom().iterable(endpoints.of(teller().space()))
                .onItem().transformToUniAndConcatenate(
                        one -> deliveries.standing(one.queue()).map(standing -> new Seen(one, standing)))
                .collect().asList()
                .map(all -> Answer.ok(json -> json.objects("items", all, this::endpoint))));
    }

    private void endpoint(Members json, Seen seen) {
        Endpoint endpoint = seen.endpoint();
        Standing standing = seen.standing();
        json.text("name", endpoint.name()).text("url", endpoint.shownUrl()).texts("events", endpoint.eventNames())
                .text("format", endpoint.format().word()).flag("includeArguments", endpoint.includeArguments())
                .text("state", courier.isGone(endpoint) ? "gone" : "active")
                .number("waiting", standing.waiting()).number("deadLetters", standing.dead())
                .instant("lastDeliveredAt", standing.lastDelivered()).instant("lastFailedAt", standing.lastFailed())
                .text("lastFailure", standing.why());
    }

    @GET
    @Path("/dead-letters")
    public Uni<RestResponse<byte[]>> deadLetters(@RestQuery @Nullable String limit, @RestQuery @Nullable String cursor,
            HttpServerRequest request) {
        return calls.answer(request, () -> {
            int size = Inputs.pageSize(limit);
            return letters.list(teller().space(), cursor, size).map(found -> page(found, size));
        });
    }

    private static Answer page(List<DeadLetter> found, int size) {
        List<DeadLetter> items = found.subList(0, Math.min(size, found.size()));
        return Answer.ok(json -> json.objects("items", items, WebhooksResource::letter)
                .text("nextCursor", found.size() > size ? items.getLast().place() : null));
    }

    private static void letter(Members json, DeadLetter letter) {
        json.text("id", letter.message().id()).text("webhook", letter.endpoint()).text("type", letter.message().type())
                .instant("at", letter.message().at()).instant("diedAt", letter.diedAt())
                .number("attempts", letter.attempts()).text("why", letter.why())
                .json("body", letter.message().body());
    }

    @POST
    @Path("/dead-letters/{id}/replay")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> replay(@RestPath String id, Requests.Nothing body,
            HttpServerRequest request) {
        return calls.once(request, Repeat.HARMFUL, () -> letters.replay(teller().space(), id).map(replayed -> {
            if (!replayed)
                throw new Problem(ProblemType.NO_SUCH_DEAD_LETTER, "There is no dead letter of that id.").refused();
            courier.run();
            return Answer.of(202, json -> json.text("id", id));
        }));
    }

    @POST
    @Path("/{name}/test")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> test(@RestPath String name, Requests.Nothing body,
            HttpServerRequest request) {
        return calls.once(request, Repeat.HARMFUL, () -> {
            Endpoint endpoint = endpoints.named(teller().space(), name)
                    .orElseThrow(() -> new Problem(ProblemType.NO_SUCH_WEBHOOK,
                            "No webhook of that name is configured for the caller's space.").refused());
            return announcements.test(endpoint).map(id -> {
                courier.run();
                return Answer.of(202, json -> json.text("id", id));
            });
        });
    }

    private Caller teller() {
        Caller caller = call.caller();
        if (!Rights.mayTellOutside(caller)) throw Refusals.forbidden("Only admins see webhooks.").refused();
        return caller;
    }
}
