package dev.holdpoint.start;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Switches OpenID Connect off where no provider is named: the framework would refuse to start for want of one. */
public final class OidcWhereNamed implements ConfigSourceFactory {
    private static final int BELOW_EVERYBODY_ELSE = 50;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        boolean named = Stream.of("quarkus.oidc.auth-server-url", "quarkus.oidc.public-key")
                .anyMatch(name -> context.getValue(name).getValue() != null);
        return List.of(new PropertiesConfigSource(Map.of("quarkus.oidc.tenant-enabled", String.valueOf(named)),
                "a provider where one is named", BELOW_EVERYBODY_ELSE));
    }

    @Override
    public OptionalInt getPriority() { return OptionalInt.of(BELOW_EVERYBODY_ELSE); }
}
