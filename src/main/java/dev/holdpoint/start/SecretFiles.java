package dev.holdpoint.start;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.smallrye.config.EnvConfigSource;

/**
 * Secrets that the environment names a file for, as if their text stood in the environment itself. Being a source of
 * the environment's kind, nothing of it is written into the service when that is built.
 */
public final class SecretFiles extends EnvConfigSource {
    @Serial private static final long serialVersionUID = 1;

    private static final String SUFFIX = "_FILE";
    /** A closed list: other variables that end in the suffix are options of their own. */
    private static final List<String> SECRETS = List.of("HOLDPOINT_BOOTSTRAP_KEY",
            "QUARKUS_REDIS_PASSWORD", "QUARKUS_REDIS_HOSTS",
            "QUARKUS_MONGODB_CONNECTION_STRING", "QUARKUS_MONGODB_CREDENTIALS_USERNAME",
            "QUARKUS_MONGODB_CREDENTIALS_PASSWORD",
            "QUARKUS_OIDC_CREDENTIALS_SECRET", "QUARKUS_OIDC_AUTHENTICATION_STATE_SECRET",
            "QUARKUS_TLS_KEY_STORE_P12_PASSWORD", "QUARKUS_TLS_KEY_STORE_JKS_PASSWORD",
            "QUARKUS_TLS_TRUST_STORE_P12_PASSWORD", "QUARKUS_TLS_TRUST_STORE_JKS_PASSWORD");

    /** For the service loader. */
    public SecretFiles() { this(System.getenv()); }

    SecretFiles(Map<String, String> environment) { super(read(environment), ORDINAL - 1); }

    private static Map<String, String> read(Map<String, String> environment) {
        Map<String, String> secrets = new HashMap<>();
        for (String name : SECRETS) {
            String file = environment.get(name + SUFFIX);
            if (file == null || file.isEmpty()) continue;
            if (environment.containsKey(name))
                throw new IllegalStateException(
                        name + " and " + name + SUFFIX + " are both set: leave one of them out.");
            secrets.put(name, text(name + SUFFIX, file));
        }
        return secrets;
    }

    private static String text(String variable, String file) {
        try {
            // Editors end a file with a line break that is no part of the secret.
            return Files.readString(Path.of(file)).replaceFirst("\r?\n\\z", "");
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new IllegalStateException(variable + " names " + file + ", which can't be read.");
        }
    }
}
