package dev.holdpoint.approval;

import java.io.IOException;
import java.util.Optional;

import dev.holdpoint.job.Json;
import dev.holdpoint.job.Sha256;
import org.erdtman.jcs.JsonCanonicalizer;

/** Digest that people and workers can compare: lower-case hex SHA-256 of the canonical (RFC 8785) form. */
final class ArgumentsDigest {
    private ArgumentsDigest() {}

    /** Empty when the value has no canonical form, for example because a number is beyond what RFC 8785 can write. */
    static Optional<String> of(Json arguments) {
        try {
            return Optional.of(Sha256.of(new JsonCanonicalizer(arguments.text()).getEncodedString()));
        } catch (IOException notCanonical) {
            return Optional.empty();
        }
    }
}
