package dev.holdpoint.door;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

import dev.holdpoint.access.admission.Sessions;
import dev.holdpoint.access.admission.Sessions.Opened;
import dev.holdpoint.access.tokens.Tokens;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.job.StoreTrouble;
import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Sends a browser to the OpenID Connect provider and, once it is back, opens a session of our own. The framework runs
 * the code flow; its cookie would hold the provider's tokens for as long as somebody is signed in, so it is dropped.
 */
@ApplicationScoped
class SignIn {
    private static final Logger LOG = Logger.getLogger(SignIn.class);
    static final String PATH = "/login";
    private static final String HOME = "/";
    private static final String COOKIES_OF_THE_FRAMEWORK = "q_session";
    /** The kinds of application that the framework runs the code flow for. */
    private static final List<String> FOR_BROWSERS = List.of("hybrid", "web-app");

    private final boolean offered;
    private final Tokens tokens;
    private final Sessions sessions;
    private final HttpAuthenticator authenticator;
    private final InstantSource clock;
    private final Problems problems;

    SignIn(@ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> url,
            @ConfigProperty(name = "quarkus.oidc.application-type") Optional<String> application, Tokens tokens,
            Sessions sessions, HttpAuthenticator authenticator, InstantSource clock, Problems problems) {
        this.offered = url.isPresent() && application.filter(FOR_BROWSERS::contains).isPresent();
        this.tokens = tokens;
        this.sessions = sessions;
        this.authenticator = authenticator;
        this.clock = clock;
        this.problems = problems;
    }

    /** Where a browser signs in; empty when no provider is configured for that. */
    Optional<String> path() {
        return offered ? Optional.of(PATH) : Optional.empty();
    }

    void install(@Observes Router router) {
        router.get(PATH).handler(context -> {
            if (offered) signIn(context);
            else context.next();
        });
    }

    private void signIn(RoutingContext context) {
        // Left alone, the framework would answer a failure too, without a word.
        context.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, (BiConsumer<RoutingContext, Throwable>) this::refuse);
        QuarkusHttpUser.getSecurityIdentity(context, authenticator.getIdentityProviderManager())
                .chain(identity -> identity.isAnonymous() ? challenge(context) : welcome(context, identity))
                .subscribe().with(done -> context.response().end(), failure -> refuse(context, failure));
    }

    private Uni<Void> challenge(RoutingContext context) {
        return authenticator.getChallenge(context).invoke(challenge -> {
            context.response().setStatusCode(challenge.status);
            challenge.getHeaders().forEach((name, value) -> context.response().putHeader(name, value));
        }).replaceWithVoid();
    }

    private Uni<Void> welcome(RoutingContext context, SecurityIdentity identity) {
        // Somebody with a bearer token has signed in nowhere.
        return Uni.createFrom().item(() -> Optional.ofNullable(identity.getCredential(IdTokenCredential.class))
                .orElseThrow(AuthenticationFailedException::new).getToken())
                .map(idToken -> tokens.signedIn(idToken).orElseThrow(SignIn::unusable))
                .chain(sessions::openSignedIn)
                .invoke(opened -> goHome(context, opened.orElseThrow(() -> Refusals.storeFull().refused())))
                .replaceWithVoid();
    }

    private void goHome(RoutingContext context, Opened session) {
        HttpServerResponse response = context.response();
        List.copyOf(context.request().cookies()).stream().map(Cookie::getName)
                .filter(name -> name.startsWith(COOKIES_OF_THE_FRAMEWORK)).forEach(name -> response
                        .addCookie(Cookie.cookie(name, "").setPath(PATH).setMaxAge(0).setHttpOnly(true)));
        response.headers().add("Set-Cookie",
                SessionCookie.keeping(session.secret(), Duration.between(clock.instant(), session.expiresAt())));
        response.setStatusCode(303).putHeader("Location", HOME);
    }

    private static Refused unusable() {
        return Refusals.forbidden("The provider doesn't say what is needed of who signed in.").refused();
    }

    private void refuse(RoutingContext context, Throwable failure) {
        if (context.response().ended()) return;
        switch (failure) {
            case AuthenticationRedirectException elsewhere -> context.response().setStatusCode(elsewhere.getCode())
                    .putHeader("Location", elsewhere.getRedirectUri()).end();
            case Refused refused -> answer(context, refused.problem());
            case AuthenticationException failed -> answer(context,
                    new Problem(ProblemType.UNAUTHORIZED, "The sign-in failed. Start again at " + HOME + "."));
            case StoreTrouble trouble -> answer(context, Refusals.of(trouble));
            default -> {
                LOG.warnf("a sign-in failed: %s", failure.getMessage());
                answer(context, Refusals.signInUnavailable());
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // there is nobody left to tell
    private void answer(RoutingContext context, Problem problem) {
        problems.answer(problem, context.request().path()).sendTo(context.response());
    }
}
