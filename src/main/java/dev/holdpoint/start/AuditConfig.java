package dev.holdpoint.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dev.holdpoint.audit.Checkpoints;
import dev.holdpoint.audit.PublicKeys;
import dev.holdpoint.audit.SigningKey;
import dev.holdpoint.audit.UnusableKey;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much of the proof is asked for. */
@ConfigMapping(prefix = "holdpoint.audit")
public interface AuditConfig {
    /** {@code true} acknowledges a decision only once its record is in the archive ([audit.md](audit.md)). */
    @WithDefault("false")
    boolean required();

    /** PEM file with the Ed25519 key (PKCS 8) that signs checkpoints and exports. Without it nothing is signed. */
    Optional<Path> signingKeyFile();

    /** PEM file with public keys of earlier signing keys. */
    Optional<Path> publicKeysFile();

    /** Records after which a chain is signed. */
    @WithDefault("1000")
    int checkpointRecords();

    /** Time after which a chain with new records is signed. */
    @WithDefault("PT1H")
    Duration checkpointEvery();

    default Optional<SigningKey> signingKey() {
        return signingKeyFile().map(file -> read("signing-key-file", file, SigningKey::fromPem));
    }

    /** Everything that a checkpoint may be signed with. */
    default PublicKeys publicKeys() {
        PublicKeys own = signingKey().map(SigningKey::publicKeys).orElse(PublicKeys.NONE);
        return publicKeysFile().map(file -> own.and(read("public-keys-file", file, PublicKeys::fromPem))).orElse(own);
    }

    default Checkpoints checkpoints(SigningKey key) {
        return new Checkpoints(key, checkpointRecords(), checkpointEvery());
    }

    private static <T> T read(String name, Path file, Reader<T> reader) {
        try {
            return reader.read(Files.readString(file));
        } catch (IOException unreadable) {
            throw new IllegalStateException("holdpoint.audit." + name + " names " + file + ", which can't be read.");
        } catch (UnusableKey unusable) {
            throw new IllegalStateException("holdpoint.audit." + name + ": " + unusable.getMessage() + ".");
        }
    }

    /** Makes keys of a PEM file's text. */
    interface Reader<T> {
        T read(String pem) throws UnusableKey;
    }
}
