package dev.holdpoint.api;

import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/**
 * An OpenID Connect provider that signs with a key which the tests hold too, so that they can sign what it never would.
 */
public final class Provider implements QuarkusTestResourceLifecycleManager {
    static final String AUDIENCE = "holdpoint";
    static final String CLIENT = "holdpoint-inbox";
    private static final String ISSUER_ID = "staff";
    static final RSAKey KEY = newKey(ISSUER_ID);
    private static MockOAuth2Server server;

    static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public Map<String, String> start() {
        server = new MockOAuth2Server(new OAuth2Config(false, null, null, false,
                new OAuth2TokenProvider(new KeyProvider(List.of(KEY)))));
        server.start();
        return Map.ofEntries(Map.entry("quarkus.oidc.auth-server-url", issuer()),
                Map.entry("quarkus.oidc.application-type", "hybrid"),
                Map.entry("quarkus.oidc.client-id", CLIENT),
                Map.entry("quarkus.oidc.credentials.secret", "a secret that is long enough to encrypt with"),
                Map.entry("quarkus.oidc.token.audience", AUDIENCE + "," + CLIENT),
                Map.entry("holdpoint.auth.oidc.tenant-claim", "org/tenant"),
                Map.entry("holdpoint.auth.oidc.roles-claim", "realm_access/roles"));
    }

    @Override
    public void stop() {
        if (server != null) server.shutdown();
    }

    static String issuer() { return server.issuerUrl(ISSUER_ID).toString(); }

    /** What the next sign-in says of whoever signs in. */
    static void nextToSignIn(String subject, Map<String, Object> claims) {
        server.enqueueCallback(
                new DefaultOAuth2TokenCallback(ISSUER_ID, subject, "JWT", List.of(CLIENT), claims, 3600));
    }

    /** Claims of a good token, to be changed. */
    static JWTClaimsSet.Builder claims(String subject) {
        return claims(issuer(), subject);
    }

    static JWTClaimsSet.Builder claims(String issuer, String subject) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder().issuer(issuer).audience(AUDIENCE).subject(subject)
                .issueTime(Date.from(now)).expirationTime(Date.from(now.plusSeconds(300)));
    }

    static JWSHeader.Builder header() { return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(ISSUER_ID); }

    static String signed(JWSHeader header, JWTClaimsSet claims, RSAKey key) {
        try {
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException unsignable) {
            throw new IllegalStateException(unsignable);
        }
    }

    static String token(JWTClaimsSet.Builder claims) { return signed(header().build(), claims.build(), KEY); }

    static String token(String subject, String... roles) {
        return token(claims(subject).claim("realm_access", Map.of("roles", List.of(roles))));
    }

    static Api as(String token) { return Api.nobody().with("Authorization", "Bearer " + token); }

    static URI uri() { return URI.create(issuer()); }
}
