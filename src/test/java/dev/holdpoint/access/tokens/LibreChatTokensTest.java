package dev.holdpoint.access.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.Set;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.holdpoint.access.AuthConfig;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.store.TestClock;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users of a LibreChat server, by the tokens that it gives them. */
class LibreChatTokensTest {
    private static final String SECRET = "16f8c0ef4a5d391b26034086c628469d3f9f497f08163ab9b40137092f2909ef";

    private final TestClock clock = new TestClock();
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void writeSecret() throws IOException { file = Files.writeString(folder.resolve("secret"), SECRET + "\n"); }

    private LibreChatTokens tokens(String... more) {
        SmallRyeConfigBuilder config = new SmallRyeConfigBuilder().withMapping(AuthConfig.class)
                .withDefaultValue("holdpoint.auth.librechat.secret-file", file.toString());
        for (int at = 0; at < more.length; at += 2)
            config.withDefaultValue("holdpoint.auth.librechat." + more[at], more[at + 1]);
        return new LibreChatTokens(config.build().getConfigMapping(AuthConfig.class), clock);
    }

    /** As LibreChat makes it. */
    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder().claim("id", "6512f1a3c9e77b0012345678").claim("username", "maria")
                .claim("provider", "local").claim("email", "maria@example.org").issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plus(Duration.ofMinutes(15))));
    }

    private static String signed(JWSAlgorithm algorithm, JWTClaimsSet.Builder claims, String secret) {
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims.build());
            token.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
            return token.serialize();
        } catch (JOSEException unsignable) {
            throw new IllegalStateException(unsignable);
        }
    }

    private static String signed(JWTClaimsSet.Builder claims) { return signed(JWSAlgorithm.HS256, claims, SECRET); }

    @Test
    void userIsWhoLibreChatSaysHeIs() {
        Optional<Caller> caller = tokens().read(signed(claims()));

        assertThat(caller).contains(new Caller("6512f1a3c9e77b0012345678", Set.of(Role.USER), null,
                new Credential.Token(clock.instant().plus(Duration.ofMinutes(15)))));
    }

    @Test
    void anotherClaimCanBeTheSubjectAndATenantTheirs() {
        Optional<Caller> caller = tokens("subject-claim", "username", "tenant", "chat").read(signed(claims()));

        assertThat(caller).hasValueSatisfying(known -> {
            assertThat(known.subject()).isEqualTo("maria");
            assertThat(known.tenant()).isEqualTo(new TenantId("chat"));
        });
    }

    @Test
    void tokenThatLibreChatDidNotMakeForThisIsNone() {
        LibreChatTokens tokens = tokens();

        assertThat(tokens.read(signed(JWSAlgorithm.HS256, claims(), SECRET.replace('1', '2')))).isEmpty();
        assertThat(tokens.read(signed(JWSAlgorithm.HS384, claims(), SECRET))).isEmpty();
        assertThat(tokens.read(signed(JWSAlgorithm.HS512, claims(), SECRET))).isEmpty();
        assertThat(tokens.read(new PlainJWT(claims().build()).serialize())).isEmpty();
        assertThat(tokens.read(signed(claims().claim("provider", null)))).as("a second factor's").isEmpty();
        assertThat(tokens.read(signed(claims().claim("id", null)))).isEmpty();
        assertThat(tokens.read(signed(claims().claim("id", 7)))).isEmpty();
        assertThat(tokens.read(signed(claims().claim("id", "a\nb")))).isEmpty();
        assertThat(tokens.read(signed(claims().expirationTime(null)))).isEmpty();
        assertThat(tokens.read(signed(claims().notBeforeTime(Date.from(clock.instant().plusSeconds(61)))))).isEmpty();
        assertThat(tokens.read("x.y.z")).isEmpty();
    }

    @Test
    void tokenEndsAMinuteAfterItsTime() {
        String token = signed(claims());
        clock.advance(Duration.ofMinutes(15).plusSeconds(59));
        assertThat(tokens().read(token)).isPresent();

        clock.advance(Duration.ofSeconds(2));

        assertThat(tokens().read(token)).isEmpty();
    }

    @Test
    void secretThatCouldBeGuessedStopsTheStart() throws IOException {
        Files.writeString(file, "short");

        assertThatThrownBy(this::tokens).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fewer than 32 bytes").hasMessageNotContaining("short");
        Files.delete(file);
        assertThatThrownBy(this::tokens).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("can't be read");
    }
}
