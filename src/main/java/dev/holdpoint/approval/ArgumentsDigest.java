package dev.holdpoint.approval;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

import dev.holdpoint.job.Json;
import org.erdtman.jcs.JsonCanonicalizer;

/** Digest that people and workers can compare: lower-case hex SHA-256 of the canonical (RFC 8785) form. */
final class ArgumentsDigest {
    private ArgumentsDigest() {}

    /** Empty when the value has no canonical form, for example because a number is beyond what RFC 8785 can write. */
    static Optional<String> of(Json arguments) {
        try {
            String canonical = new JsonCanonicalizer(arguments.text()).getEncodedString();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
            return Optional.of(HexFormat.of().formatHex(digest));
        } catch (IOException notCanonical) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
