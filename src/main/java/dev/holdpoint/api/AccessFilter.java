package dev.holdpoint.api;

import dev.holdpoint.access.Authentication.Outcome;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credentials;
import dev.holdpoint.api.problem.Problem;
import dev.holdpoint.api.problem.ProblemType;
import dev.holdpoint.api.problem.Refusals;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls before anything of the request is read. The framework makes filters while the image is built, so everything that belongs to
 * one run of the service sits behind application-scoped beans.
 */
@Singleton
class AccessFilter {
    private final Credentials credentials;
    private final Tickets tickets;
    private final Rates rates;
    private final CurrentCall call;

    AccessFilter(Credentials credentials, Tickets tickets, Rates rates, CurrentCall call) {
        this.credentials = credentials;
        this.tickets = tickets;
        this.rates = rates;
        this.call = call;
    }

    @ServerRequestFilter
    Uni<@Nullable RestResponse<byte[]>> admit(HttpServerRequest request) {
        String ticket = request.getHeader("Authorization") == null ? request.getParam("ticket") : null;
        return caller(request, ticket).invoke(known -> call.known(known))
                .call(known -> rates.request(known, request.response().headers())).map(known -> null);
    }

    private Uni<Caller> caller(HttpServerRequest request, @Nullable String ticket) {
        if (ticket != null && Tickets.admitTo(request)) {
            return tickets.redeem(ticket).map(found -> found.orElseThrow(AccessFilter::unauthorized));
        }
        return Uni.createFrom().item(switch (credentials.authenticate(request.getHeader("Authorization"),
                request.getHeader("Holdpoint-Tenant"))) {
            case Outcome.Known known -> known.caller();
            case Outcome.Unknown unknown -> throw unauthorized();
            case Outcome.WrongTenant wrong ->
                    throw Refusals.forbidden("The credential is bound to another tenant.").refused();
        });
    }

    private static RuntimeException unauthorized() {
        return new Problem(ProblemType.UNAUTHORIZED, "Send a key that is in force as 'Authorization: Bearer …'.")
                .refused();
    }
}
