package dev.holdpoint.start;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What of TLS the framework doesn't leave to the run of the service. */
@ConfigMapping(prefix = "holdpoint.tls")
public interface TlsConfig {
    /**
     * {@code required} lets in only clients whose certificate {@code quarkus.tls.trust-store} vouches
     * for; {@code request} also lets in those that show none. A certificate opens the connection, not the
     * API: a credential is needed all the same.
     */
    @WithDefault("none")
    String clientAuth();
}
