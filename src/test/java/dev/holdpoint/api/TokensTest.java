package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens of an OpenID Connect provider, beside keys: who they let in, and which let in nobody. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@WithTestResource(Provider.class)
class TokensTest {
    private static final RSAKey STRANGER = Provider.newKey("stranger");

    @Inject MovableClock clock;

    private interface Made {
        String token() throws Exception;
    }

    private record Forged(String name, Made made) {
        @Override
        public String toString() { return name; }
    }

    private static Forged claiming(String name, UnaryOperator<JWTClaimsSet.Builder> change) {
        return new Forged(name, () -> Provider.token(change.apply(Provider.claims("maria"))));
    }

    private static Forged headed(String name, UnaryOperator<JWSHeader.Builder> change) {
        return new Forged(name,
                () -> Provider.signed(change.apply(Provider.header()).build(), good().build(), Provider.KEY));
    }

    private static Forged byStranger(String name, UnaryOperator<JWSHeader.Builder> change) {
        return new Forged(name,
                () -> Provider.signed(change.apply(Provider.header()).build(), good().build(), STRANGER));
    }

    private static Forged changed(String name, UnaryOperator<String> change) {
        return new Forged(name, () -> change.apply(Provider.token(good())));
    }

    private static Forged by(String name, String header, Made signature) {
        return new Forged(name, () -> encoded(header) + "." + encoded(good().build().toString()) + "."
                + signature.token());
    }

    private static Forged hmac(String name, JWSAlgorithm algorithm, byte[] secret) {
        return new Forged(name, () -> {
            SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(Provider.KEY.getKeyID()).build(),
                    good().build());
            token.sign(new MACSigner(secret));
            return token.serialize();
        });
    }

    /** Claims of their own spelling, well signed. */
    private static Forged spelled(String name, String claims) {
        return new Forged(name, () -> {
            JWSObject token = new JWSObject(Provider.header().build(), new Payload(claims));
            token.sign(new RSASSASigner(Provider.KEY));
            return token.serialize();
        });
    }

    private static JWTClaimsSet.Builder good() { return Provider.claims("maria"); }

    private static String encoded(String text) {
        return Base64URL.encode(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static Date in(Duration time) { return Date.from(Instant.now().plus(time)); }

    private static byte[] publicKey() {
        try {
            return Provider.KEY.toRSAPublicKey().getEncoded();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] publicPem() {
        return ("-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(publicKey())
                + "\n-----END PUBLIC KEY-----\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String claimsOf(String more) {
        long now = Instant.now().getEpochSecond();
        return "{\"iss\":\"%s\",\"aud\":\"%s\",\"exp\":%d,%s}".formatted(Provider.issuer(), Provider.AUDIENCE,
                now + 300, more);
    }

    static Stream<Forged> forged() {
        List<Forged> tokens = new ArrayList<>();
        for (String none : List.of("none", "None", "NONE", "nOnE")) {
            tokens.add(by("alg " + none, "{\"alg\":\"" + none + "\",\"typ\":\"JWT\"}", () -> ""));
            tokens.add(by("alg " + none + " with a signature", "{\"alg\":\"" + none + "\"}", () -> encoded("signed")));
        }
        tokens.addAll(List.of(
                hmac("HS256 by the public key", JWSAlgorithm.HS256, publicKey()),
                hmac("HS256 by the public key as PEM", JWSAlgorithm.HS256, publicPem()),
                hmac("HS256 by the client secret", JWSAlgorithm.HS256,
                        "a secret that is long enough to encrypt with".getBytes(StandardCharsets.UTF_8)),
                hmac("HS384 by the public key", JWSAlgorithm.HS384, publicKey()),
                hmac("HS512 by the public key", JWSAlgorithm.HS512, publicKey()),
                by("an algorithm that nobody knows", "{\"alg\":\"XX256\"}", () -> encoded("signed")),
                by("an algorithm that is a number", "{\"alg\":256}", () -> encoded("signed")),
                by("no algorithm", "{\"typ\":\"JWT\"}", () -> encoded("signed")),
                byStranger("a stranger's key under our kid", header -> header),
                byStranger("a stranger's key under its own kid", header -> header.keyID("stranger")),
                byStranger("a stranger's key without a kid", header -> header.keyID(null)),
                byStranger("a stranger's key in the header", header -> header.jwk(STRANGER.toPublicJWK())),
                byStranger("a stranger's key set to fetch",
                        header -> header.jwkURL(URI.create("http://127.0.0.1:9/jwks.json"))),
                byStranger("a stranger's certificate to fetch",
                        header -> header.x509CertURL(URI.create("http://127.0.0.1:9/cert.pem"))),
                byStranger("a kid that is a path", header -> header.keyID("../../../../dev/null")),
                byStranger("a kid that is a query", header -> header.keyID("x' UNION SELECT 'secret' --")),
                byStranger("PS256 by a stranger", header -> new JWSHeader.Builder(JWSAlgorithm.PS256)
                        .keyID(Provider.KEY.getKeyID())),
                headed("a critical header that nobody knows",
                        header -> header.criticalParams(Set.of("exp2")).customParam("exp2", 1)),
                headed("a logout token's type", header -> header.type(new JOSEObjectType("logout+jwt"))),
                headed("another kind of type", header -> header.type(new JOSEObjectType("dpop+jwt"))),
                claiming("another issuer", claims -> claims.issuer("https://elsewhere.example")),
                claiming("an issuer that begins like ours", claims -> claims.issuer(Provider.issuer() + "x")),
                claiming("our issuer with a slash", claims -> claims.issuer(Provider.issuer() + "/")),
                claiming("no issuer", claims -> claims.issuer(null)),
                claiming("another audience", claims -> claims.audience("payroll")),
                claiming("an audience that begins like ours", claims -> claims.audience("holdpoint2")),
                claiming("an audience that only ID tokens have", claims -> claims.audience(Provider.CLIENT)),
                claiming("no audience", claims -> claims.audience((String) null)),
                claiming("an empty audience", claims -> claims.audience(List.of())),
                claiming("expired beyond the skew", claims -> claims.issueTime(in(Duration.ofMinutes(-9)))
                        .expirationTime(in(Duration.ofSeconds(-90)))),
                claiming("expired a year ago", claims -> claims.issueTime(in(Duration.ofDays(-366)))
                        .expirationTime(in(Duration.ofDays(-365)))),
                claiming("no expiry", claims -> claims.expirationTime(null)),
                claiming("not valid yet", claims -> claims.notBeforeTime(in(Duration.ofMinutes(5)))),
                claiming("an ID token's hash", claims -> claims.claim("at_hash", "x")),
                claiming("an ID token's type", claims -> claims.claim("typ", "ID")),
                claiming("a refresh token's type", claims -> claims.claim("typ", "Refresh")),
                claiming("no subject", claims -> claims.subject(null)),
                claiming("an empty subject", claims -> claims.subject("")),
                claiming("a subject with a line break", claims -> claims.subject("maria\nadmin")),
                claiming("a subject of 300 characters", claims -> claims.subject("m".repeat(300))),
                claiming("a tenant that is no text", claims -> claims.claim("org", Map.of("tenant", List.of("t1")))),
                claiming("a tenant with a control character",
                        claims -> claims.claim("org", Map.of("tenant", "t1\u0000"))),
                spelled("an expiry beyond all time", "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"maria\",\"exp\":9e18}"
                        .formatted(Provider.issuer(), Provider.AUDIENCE)),
                spelled("a subject that is a number", claimsOf("\"sub\":7")),
                spelled("two subjects", claimsOf("\"sub\":\"maria\",\"sub\":\"admin\"")),
                spelled("claims that are a list", "[1]"),
                spelled("claims that are no JSON", "maria"),
                changed("another subject after signing", token -> {
                    String[] parts = token.split("\\.", -1);
                    return parts[0] + "." + encoded(good().subject("admin").build().toString()) + "." + parts[2];
                }),
                changed("another header after signing", token -> encoded("{\"alg\":\"RS256\",\"kid\":\"x\"}")
                        + token.substring(token.indexOf('.'))),
                changed("no signature", token -> token.substring(0, token.lastIndexOf('.') + 1)),
                changed("half a signature", token -> token.substring(0, token.length() - 100)),
                changed("the signature of another token", token -> token.substring(0, token.lastIndexOf('.') + 1)
                        + Provider.token(Provider.claims("ada")).replaceAll(".*\\.", "")),
                changed("a fourth part", token -> token + ".x"),
                changed("two parts", token -> token.substring(0, token.lastIndexOf('.'))),
                changed("a space inside", token -> token.replaceFirst("\\.", ". ")),
                changed("quotes around", token -> '"' + token + '"'),
                changed("20 KB of claims by nobody", token -> token.replaceFirst("\\..*\\.", "."
                        + encoded("{\"sub\":\"" + "m".repeat(15_000) + "\"}") + ".")),
                new Forged("a signature of zeros (ES256)", () -> encoded("{\"alg\":\"ES256\",\"kid\":\"staff\"}") + "."
                        + encoded(good().build().toString()) + "." + Base64URL.encode(new byte[64])),
                new Forged("ES256 by a stranger", () -> {
                    KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
                    keys.initialize(new ECGenParameterSpec("secp256r1"));
                    KeyPair pair = keys.generateKeyPair();
                    SignedJWT token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("staff")
                            .jwk(new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic()).build()).build(),
                            good().build());
                    token.sign(new ECDSASigner((ECPrivateKey) pair.getPrivate()));
                    return token.serialize();
                }),
                new Forged("encrypted for us", () -> {
                    EncryptedJWT token = new EncryptedJWT(
                            new JWEHeader(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM), good().build());
                    token.encrypt(new RSAEncrypter(Provider.KEY));
                    return token.serialize();
                })));
        return tokens.stream();
    }

    @ParameterizedTest
    @MethodSource("forged")
    void forgedOrBrokenTokenLetsNobodyIn(Forged forged) throws Exception {
        Provider.as(forged.made().token()).get("/v1/info").refused(401, "unauthorized");
    }

    @Test
    void thereAreAtLeastFortyOfThem() {
        assertThat(forged()).hasSizeGreaterThanOrEqualTo(40);
    }

    @Test
    void subjectTenantAndRolesComeFromTheToken() {
        String reviewer = Provider.token(Provider.claims("rob").claim("org", Map.of("tenant", "t1"))
                .claim("realm_access", Map.of("roles", List.of("reviewer", "offline_access"))));

        Provider.as(reviewer).get("/v1/session").is(200).has("/subject", "rob").has("/tenantId", "t1")
                .has("/via", "token").hasJson("/roles", "['reviewer','user']");
        Provider.as(Provider.token("maria")).get("/v1/session").is(200).lacks("/tenantId")
                .hasJson("/roles", "['user']");
        Provider.as(Provider.token(good().issueTime(in(Duration.ofMinutes(-5)))
                .expirationTime(in(Duration.ofSeconds(-20))))).get("/v1/session").is(200);
    }

    @Test
    void tokenDecidesWhatItsRolesAllow() {
        AJob job = Api.as("agent-t1").creates("maria").paused("a1");
        UnaryOperator<JWTClaimsSet.Builder> inT1 = claims -> claims.claim("org", Map.of("tenant", "t1"));

        Provider.as(Provider.token(inT1.apply(Provider.claims("rob")))).approves(job.id(), "a1")
                .refused(403, "forbidden");
        Provider.as(Provider.token("maria")).approves(job.id(), "a1").refused(404, "no-such-job");
        Provider.as(Provider.token(inT1.apply(Provider.claims("maria")))).approves(job.id(), "a1").is(200)
                .has("/resolution/decidedBy/subject", "maria").has("/resolution/decidedBy/via", "api");
    }

    @Test
    void agentsTokenIsNoUsersToken() {
        Api agent = Provider.as(Provider.token("bot", "agent"));
        AJob job = agent.creates("bot").paused("a1");

        agent.approves(job.id(), "a1").refused(403, "forbidden");
    }

    @Test
    void tokenStaysInItsTenant() {
        AJob job = Api.as("agent-t1").creates("maria");
        Api admin = Provider.as(Provider.token("maria", "admin"));

        admin.inTenant("t1").reads(job.id()).refused(403, "forbidden");
        admin.reads(job.id()).refused(404, "no-such-job");
    }

    @Test
    void streamEndsWithItsToken() {
        AJob job = Api.agent().creates("maria");

        try (Sse stream = Provider.as(Provider.token("maria")).follows(job.id())) {
            stream.next("job.created");
            clock.advance(Duration.ofMinutes(6));

            assertThat(stream.next("job.reauthenticate").id()).isEmpty();
            stream.ends();
        }
    }

    @Test
    void keysWorkBesideTokens() {
        Api.as("u1").get("/v1/session").is(200).has("/subject", "u1").has("/via", "key").lacks("/expiresAt");
    }
}
