package dev.holdpoint.door;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.admission.Admission;
import dev.holdpoint.access.admission.Admission.Outcome;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls before anything of the request is read. The framework makes filters while the image is built, so
 * everything that belongs to one run of the service sits behind application-scoped beans.
 */
@Singleton
class AccessFilter {
    private final Admission admission;
    private final SignIn signIn;
    private final Rates rates;
    private final CurrentCall call;

    AccessFilter(Admission admission, SignIn signIn, Rates rates, CurrentCall call) {
        this.admission = admission;
        this.signIn = signIn;
        this.rates = rates;
        this.call = call;
    }

    @ServerRequestFilter
    Uni<@Nullable RestResponse<byte[]>> admit(HttpServerRequest request) {
        if (Dialects.isOpen(request.path())) return Uni.createFrom().nullItem();
        return outcome(request).map(this::caller).invoke(known -> call.known(known))
                .call(known -> rates.request(known, request.response().headers())).map(known -> null);
    }

    /** A credential that was sent on purpose counts before one that a browser adds by itself. */
    private Uni<Outcome> outcome(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        String tenant = request.getHeader("Holdpoint-Tenant");
        if (authorization != null) return admission.byBearer(authorization, tenant);
        String apiKey = Dialects.takesApiKey(request.path()) ? request.getHeader("x-api-key") : null;
        if (apiKey != null) return admission.byBearer("Bearer " + apiKey, tenant);
        String ticket = request.getParam("ticket");
        if (ticket != null && isForStream(request)) return admission.byTicket(ticket);
        String session = SessionCookie.of(request);
        if (session == null) return Uni.createFrom().item(new Outcome.Unknown());
        if (!SameOrigin.holds(request))
            throw Refusals.forbidden("A signed-in browser may call only from pages of this service.").refused();
        return admission.bySession(session, tenant);
    }

    /** Only event streams take tickets; elsewhere a credential in the URL is as good as none. */
    private static boolean isForStream(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET) && request.path().endsWith("/events");
    }

    private Caller caller(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Known known -> known.caller();
            case Outcome.Unknown unknown -> throw unauthorized();
            case Outcome.WrongTenant wrong ->
                    throw Refusals.forbidden("The credential is bound to another tenant.").refused();
        };
    }

    private RuntimeException unauthorized() {
        return new Problem(ProblemType.UNAUTHORIZED,
                "Send a key or token that is in force as 'Authorization: Bearer …'.",
                json -> json.text("signIn", signIn.path().orElse(null)))
                .with("WWW-Authenticate", "Bearer").refused();
    }
}
