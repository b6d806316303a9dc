package dev.holdpoint.access.tokens;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

import dev.holdpoint.access.AuthConfig;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.UserId;
import jakarta.inject.Singleton;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a LibreChat server gives its signed-in users: HS256 by its {@code JWT_SECRET}, with
 * {@code id}, {@code username} and {@code provider}. They name neither issuer nor audience, so the
 * secret is all that ties them to one server.
 */
@Singleton
class LibreChatTokens {
    static final String ALGORITHM = "HS256";
    private static final int SKEW_SECONDS = 60;
    /**
     * What LibreChat signs with the same secret for other ends, such as the second
     * factor, doesn't say who signed in where.
     */
    private static final String ONLY_IN_ACCESS_TOKENS = "provider";

    private final @Nullable HmacKey secret;
    private final String subjectClaim;
    private final @Nullable TenantId tenant;
    private final InstantSource clock;

    LibreChatTokens(AuthConfig config, InstantSource clock) {
        AuthConfig.LibreChat librechat = config.auth().libreChat();
        this.secret = librechat.secretFile().map(LibreChatTokens::secret).orElse(null);
        this.subjectClaim = librechat.subjectClaim();
        this.tenant = librechat.tenant().map(TenantId::new).orElse(null);
        this.clock = clock;
    }

    private static HmacKey secret(Path file) {
        try {
            byte[] secret = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
            if (secret.length < 32) throw new IllegalStateException("The LibreChat secret in " + file
                    + " has fewer than 32 bytes, so tokens could be forged by trying.");
            return new HmacKey(secret);
        } catch (IOException unreadable) {
            throw new IllegalStateException("The LibreChat secret file " + file + " can't be read.");
        }
    }

    boolean areAccepted() { return secret != null; }

    Optional<Caller> read(String token) {
        if (secret == null) return Optional.empty();
        try {
            JwtClaims claims = new JwtConsumerBuilder()
                    .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, ALGORITHM))
                    .setVerificationKey(secret).setRequireExpirationTime().setSkipDefaultAudienceValidation()
                    .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                    .setAllowedClockSkewInSeconds(SKEW_SECONDS).build().processToClaims(token);
            String subject = claims.getStringClaimValue(subjectClaim);
            if (subject == null || claims.getStringClaimValue(ONLY_IN_ACCESS_TOKENS) == null) return Optional.empty();
            Instant expiresAt = Instant.ofEpochMilli(claims.getExpirationTime().getValueInMillis());
            return Optional.of(new Caller(new UserId(subject).value(), Set.of(Role.USER), tenant,
                    new Credential.Token(expiresAt)));
        } catch (InvalidJwtException | MalformedClaimException | IllegalArgumentException refused) {
            return Optional.empty();
        }
    }
}
