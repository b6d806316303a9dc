package dev.holdpoint.access.keys;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.holdpoint.access.AuthConfig;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Loopback;
import dev.holdpoint.access.Role;
import dev.holdpoint.access.tokens.Tokens;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.Sha256;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The API keys in force: those of the keys file, read at start and again when it changes, or else the bootstrap key.
 */
@Startup // a keys file that can't be read must stop the start
@ApplicationScoped
public class KeyRing {
    private static final Logger LOG = Logger.getLogger(KeyRing.class);
    private static final String BOOTSTRAP = "bootstrap";

    private final ApiKeys keys = new ApiKeys();
    private final KeyUse use;
    private final InstantSource clock;
    private final @Nullable KeysFile file;
    private final @Nullable String bootstrapKey;
    private @Nullable String complaint;

    KeyRing(AuthConfig config, Tokens tokens, Ids ids, InstantSource clock, KeyUse use,
            @ConfigProperty(name = "quarkus.http.host") String host) {
        Optional<Path> path = config.auth().keysFile();
        this.clock = clock;
        this.use = use;
        file = path.map(KeysFile::new).orElse(null);
        bootstrapKey = path.isPresent() || tokens.areAccepted() ? null
                : config.bootstrapKey().orElseGet(() -> "hp_" + ids.secret());
        loadOrRefuseToStart();
        if (bootstrapKey != null) {
            requireLoopback(host);
            keys.replace(List.of(new ApiKey(BOOTSTRAP, Sha256.of(bootstrapKey), BOOTSTRAP,
                    EnumSet.allOf(Role.class), null, null)));
        }
    }

    /** Whoever holds this key, when it is in force. */
    public Optional<Caller> find(String secret) {
        Optional<ApiKey> found = keys.find(secret).filter(key -> key.isInForce(clock.instant()));
        found.ifPresent(use::note);
        return found.map(ApiKey::caller);
    }

    /** Whether this key is still in force, and still makes the same of its bearer. */
    public boolean stillMakes(Caller caller, Credential.Key key) {
        return keys.withDigest(key.sha256()).filter(now -> now.isInForce(clock.instant())).map(ApiKey::caller)
                .filter(now -> now.subject().equals(caller.subject()) && now.roles().equals(caller.roles())
                        && Objects.equals(now.tenant(), caller.tenant()))
                .flatMap(now -> now.in(caller.space().tenant())).filter(now -> now.space().equals(caller.space()))
                .isPresent();
    }

    /** The key that is in force while nothing else is configured; empty otherwise. */
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
        use.watch(read);
        complaint = null;
        LOG.infof("API keys in force: %d", keys.size());
    }

    private static void requireLoopback(String host) {
        if (Loopback.is(host)) return;
        throw new IllegalStateException("Holdpoint won't listen on " + host
                + " without authentication: name a keys file in holdpoint.auth.keys-file (HOLDPOINT_AUTH_KEYS_FILE), configure an OpenID Connect"
                + " provider in quarkus.oidc, or bind to 127.0.0.1.");
    }
}
