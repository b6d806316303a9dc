package dev.holdpoint.api;

import dev.holdpoint.access.Rights;
import dev.holdpoint.access.admission.Tickets;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Calls.Repeat;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Refusals;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/** Hands out tickets for event streams. */
@Path("/v1/tickets")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class TicketsResource {
    private final Tickets tickets;
    private final CurrentCall call;
    private final Calls calls;

    TicketsResource(Tickets tickets, CurrentCall call, Calls calls) {
        this.tickets = tickets;
        this.call = call;
        this.calls = calls;
    }

    @POST
    public Uni<RestResponse<byte[]>> issue(Requests.Nothing body, HttpServerRequest request) {
        return calls.once(request, Repeat.HARMLESS, () -> {
            if (!Rights.mayFollow(call.caller()))
                throw Refusals.forbidden("The caller may not follow anything.").refused();
            return tickets.issue(call.caller())
                    .map(ticket -> ticket.map(TicketsResource::answer)
                            .orElseThrow(() -> Refusals.storeFull().refused()));
        });
    }

    private static Answer answer(Tickets.Ticket ticket) {
        return Answer.of(201, json -> json.text("ticket", ticket.secret()).instant("expiresAt", ticket.expiresAt()));
    }
}
