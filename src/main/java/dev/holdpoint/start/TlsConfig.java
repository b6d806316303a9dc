package dev.holdpoint.start;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What of TLS the framework doesn't leave to the run of the service. */
@ConfigMapping(prefix = "holdpoint.tls")
public interface TlsConfig {
    /** Whether clients show a certificate: {@code none}, {@code request} or {@code required}. */
    @WithDefault("none")
    String clientAuth();
}
