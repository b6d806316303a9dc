package dev.holdpoint.start;

import java.util.Optional;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.RedisOptions;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The options that the framework makes of {@code quarkus.redis}: addresses,
 * credentials, TLS. It shows them nowhere else.
 */
@Singleton
class CapturedOptions implements RedisOptionsCustomizer {
    private final Optional<String> tlsConfiguration;
    private @Nullable RedisOptions options;

    CapturedOptions(
            @ConfigProperty(name = "quarkus.redis.tls-configuration-name") Optional<String> tlsConfiguration) {
        this.tlsConfiguration = tlsConfiguration;
    }

    @Override
    public void customize(String clientName, RedisOptions made) {
        tlsConfiguration.ifPresent(named -> verify(made.getNetClientOptions()));
        options = new RedisOptions(made);
    }

    /**
     * Without a word on it in the named configuration, the framework would take any server's certificate for Redis's.
     */
    private void verify(NetClientOptions net) {
        if (!net.isSsl())
            throw new IllegalStateException("quarkus.redis.tls-configuration-name is set, but quarkus.redis.hosts"
                    + " doesn't begin with rediss://, so nothing would be encrypted.");
        String said = net.getHostnameVerificationAlgorithm();
        if (said == null || said.isEmpty()) net.setHostnameVerificationAlgorithm("HTTPS");
        else if (said.equals("NONE")) net.setHostnameVerificationAlgorithm("");
    }

    /** Empty until the framework's own client was made. */
    Optional<RedisOptions> options() {
        return Optional.ofNullable(options);
    }
}
