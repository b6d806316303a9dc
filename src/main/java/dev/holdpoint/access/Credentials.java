package dev.holdpoint.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

import dev.holdpoint.job.Ids;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Loads the keys in force at start and again when their file changes. */
@ApplicationScoped
public class Credentials {
    private static final Logger LOG = Logger.getLogger(Credentials.class);
    private static final String BOOTSTRAP_SUBJECT = "bootstrap";

    private final ApiKeys keys = new ApiKeys();
    private final Authentication authentication = new Authentication(keys);
    private final @Nullable KeysFile file;
    private final @Nullable String bootstrapKey;
    private @Nullable String complaint;

    public Credentials(AuthConfig config, Ids ids, @ConfigProperty(name = "quarkus.http.host") String host) {
        Optional<Path> path = config.keysFile();
        file = path.map(KeysFile::new).orElse(null);
        bootstrapKey = path.isPresent() ? null : config.bootstrapKey().orElseGet(() -> "hp_" + ids.secret());
        if (bootstrapKey == null) {
            loadOrRefuseToStart();
        } else {
            requireLoopback(host);
            keys.replace(List.of(new ApiKey("bootstrap", ApiKeys.sha256(bootstrapKey), BOOTSTRAP_SUBJECT,
                    EnumSet.allOf(Role.class), null)));
        }
    }

    /** See {@link Authentication#authenticate}. */
    public Authentication.Outcome authenticate(@Nullable String authorization, @Nullable String tenant) {
        return authentication.authenticate(authorization, tenant);
    }

    /** The key that was made up at start; empty when a keys file is in force. */
    public Optional<String> bootstrapKey() {
        return Optional.ofNullable(bootstrapKey);
    }

    /** A file that became unusable leaves the keys as they were: a half-written file must not lock everybody out. */
    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void reload() {
        if (file == null) return;
        try {
            file.changed().ifPresent(this::replace);
        } catch (KeysFile.Unusable unusable) {
            String said = String.valueOf(unusable.getMessage());
            if (!said.equals(complaint)) LOG.warnf("%s The keys read before stay in force.", said);
            complaint = said;
        }
    }

    private void loadOrRefuseToStart() {
        try {
            if (file != null) file.changed().ifPresent(this::replace);
        } catch (KeysFile.Unusable unusable) {
            throw new IllegalStateException(unusable.getMessage());
        }
    }

    private void replace(List<ApiKey> read) {
        keys.replace(read);
        complaint = null;
        LOG.infof("API keys in force: %d", keys.size());
    }

    private static void requireLoopback(String host) {
        if (isLoopback(host)) return;
        throw new IllegalStateException("Holdpoint won't listen on " + host
                + " without authentication: name a keys file in holdpoint.auth.keys-file (HOLDPOINT_AUTH_KEYS_FILE), or bind to 127.0.0.1.");
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
