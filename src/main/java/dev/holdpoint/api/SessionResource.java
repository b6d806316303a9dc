package dev.holdpoint.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.admission.Sessions;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.SessionCookie;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Refusals;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Lets a browser sign in with a credential once, and says who is signed in. */
@Path("/v1/session")
@Produces(MediaType.APPLICATION_JSON)
public class SessionResource {
    private final Sessions sessions;
    private final InstantSource clock;
    private final CurrentCall call;
    private final Calls calls;

    SessionResource(Sessions sessions, InstantSource clock, CurrentCall call, Calls calls) {
        this.sessions = sessions;
        this.clock = clock;
        this.call = call;
        this.calls = calls;
    }

    @GET
    public Uni<RestResponse<byte[]>> who(HttpServerRequest request) {
        return calls.answer(request, () -> Uni.createFrom().item(answer(200, call.caller())));
    }

    /** Not under an idempotency key: the first answer would have to be kept, and with it the secret. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> open(Requests.Nothing body, HttpServerRequest request) {
        return calls.answer(request, () -> call.caller().credential() instanceof Credential.Session
                ? Uni.createFrom().item(answer(200, call.caller()))
                : sessions.open(call.caller()).map(opened -> opened.map(this::opened)
                        .orElseThrow(() -> Refusals.storeFull().refused())));
    }

    private Answer opened(Sessions.Opened session) {
        return answer(201, session.caller()).with("Set-Cookie",
                SessionCookie.keeping(session.secret(), Duration.between(clock.instant(), session.expiresAt())));
    }

    @DELETE
    public Uni<RestResponse<byte[]>> end(HttpServerRequest request) {
        return calls.answer(request, () -> (call.caller().credential() instanceof Credential.Session session
                ? sessions.end(session)
                : Uni.createFrom().voidItem())
                .replaceWith(Answer.noContent().with("Set-Cookie", SessionCookie.gone())));
    }

    private static Answer answer(int status, Caller caller) {
        return Answer.of(status, json -> json.text("subject", caller.subject()).texts("roles", caller.roleWords())
                .text("tenantId", caller.space().tenant()).instant("expiresAt", expiry(caller.credential()))
                .text("via", via(caller.credential())));
    }

    private static @Nullable Instant expiry(Credential credential) {
        return switch (credential) {
            case Credential.Key key -> null;
            case Credential.Token token -> token.expiresAt();
            case Credential.Session session -> session.expiresAt();
        };
    }

    private static String via(Credential credential) {
        return switch (credential) {
            case Credential.Key key -> "key";
            case Credential.Token token -> "token";
            case Credential.Session session -> "session";
        };
    }
}
