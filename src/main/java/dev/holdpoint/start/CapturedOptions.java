package dev.holdpoint.start;

import java.util.Optional;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.vertx.redis.client.RedisOptions;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The options that the framework makes of {@code quarkus.redis}: addresses, credentials, TLS. It shows them nowhere else. */
@Singleton
class CapturedOptions implements RedisOptionsCustomizer {
    private @Nullable RedisOptions options;

    @Override
    public void customize(String clientName, RedisOptions made) { options = new RedisOptions(made); }

    /** Empty until the framework's own client was made. */
    Optional<RedisOptions> options() {
        return Optional.ofNullable(options);
    }
}
