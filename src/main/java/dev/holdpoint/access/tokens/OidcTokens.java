package dev.holdpoint.access.tokens;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.access.Caller;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.runtime.Startup;
import io.quarkus.security.AuthenticationFailedException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Access tokens of the OpenID Connect provider that {@code quarkus.oidc} names, verified by the framework. */
@Startup
@Singleton
class OidcTokens {
    /** What a header may call the token; an access token of RFC 9068 is {@code at+jwt}. */
    private static final Set<String> HEADER_TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");
    /** Only ID tokens have these. They say who somebody is to a client, and admit nobody here. */
    private static final List<String> ONLY_IN_ID_TOKENS = List.of("at_hash", "c_hash");

    private final boolean configured;
    /** Whom only ID tokens are issued for; empty when access tokens are, too. */
    private final Optional<String> idTokensOnly;
    private final Instance<TenantIdentityProvider> provider;
    private final Claims claims;

    OidcTokens(@ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean configured,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> url,
            @ConfigProperty(name = "quarkus.oidc.token.audience") Optional<List<String>> audience,
            @ConfigProperty(name = "quarkus.oidc.token.issuer") Optional<String> issuer,
            @ConfigProperty(name = "quarkus.oidc.discovery-enabled", defaultValue = "true") boolean discovery,
            @ConfigProperty(name = "quarkus.oidc.client-id") Optional<String> client,
            Instance<TenantIdentityProvider> provider, Claims claims) {
        this.configured = configured;
        this.provider = provider;
        this.claims = claims;
        this.idTokensOnly =
                client.filter(id -> audience.orElse(List.of()).stream().anyMatch(other -> !other.equals(id)));
        if (!configured) return;
        if (audience.isEmpty() || audience.get().contains("any"))
            throw new IllegalStateException(
                    "quarkus.oidc.token.audience must name what tokens for Holdpoint are issued for, "
                            + "or every token of the provider would be let in.");
        boolean told = url.isPresent() && discovery;
        if (issuer.filter("any"::equals).isPresent() || !told && issuer.isEmpty())
            throw new IllegalStateException("quarkus.oidc.token.issuer must name the one issuer of the tokens.");
    }

    boolean areAccepted() { return configured; }

    /** Fails with {@link IssuerTrouble} when the provider can't be asked for its keys. */
    Uni<Optional<Caller>> read(Jws jws) {
        if (!configured || !isAccessToken(jws)) return Uni.createFrom().item(Optional.empty());
        return provider.get().authenticate(new AccessTokenCredential(jws.token()))
                .map(verified -> claims.caller(jws.claims()))
                .onFailure(AuthenticationFailedException.class).recoverWithItem(Optional.empty())
                .onFailure().transform(IssuerTrouble::new);
    }

    /** @param idToken verified already */
    Optional<Caller> signedIn(Jws idToken) {
        return claims.caller(idToken.claims());
    }

    private boolean isAccessToken(Jws jws) {
        // An issuer that isn't named is compared with nothing where the provider doesn't tell its own.
        return jws.claims().has("iss")
                && idTokensOnly.filter(client -> isOnlyFor(client, jws.claims().path("aud"))).isEmpty()
                && (!jws.header().has("typ")
                        || HEADER_TYPES.contains(jws.header().path("typ").asText().toLowerCase(Locale.ROOT)))
                && (!jws.claims().has("typ") || jws.claims().path("typ").asText().equalsIgnoreCase("Bearer"))
                && ONLY_IN_ID_TOKENS.stream().noneMatch(jws.claims()::has);
    }

    private static boolean isOnlyFor(String client, JsonNode audience) {
        if (audience.isTextual()) return audience.asText().equals(client);
        for (JsonNode one : audience) if (!one.asText().equals(client)) return false;
        return true;
    }
}
