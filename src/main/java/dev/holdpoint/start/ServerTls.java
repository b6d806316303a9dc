package dev.holdpoint.start;

import java.util.Locale;
import java.util.Optional;

import dev.holdpoint.access.Loopback;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Asks clients for certificates, which the framework would have to be told while the service is built. */
@Singleton
class ServerTls implements HttpServerOptionsCustomizer {
    private static final Logger LOG = Logger.getLogger("dev.holdpoint");

    private final ClientAuth clientAuth;
    private final Optional<String> insecureRequests;

    ServerTls(TlsConfig config,
            @ConfigProperty(name = "quarkus.http.insecure-requests") Optional<String> insecureRequests) {
        this.clientAuth = switch (config.clientAuth()) {
            case "none" -> ClientAuth.NONE;
            case "request" -> ClientAuth.REQUEST;
            case "required" -> ClientAuth.REQUIRED;
            default -> throw new IllegalStateException(
                    "holdpoint.tls.client-auth must be none, request or required, but is " + config.clientAuth() + ".");
        };
        this.insecureRequests = insecureRequests.map(word -> word.toLowerCase(Locale.ROOT));
    }

    /** Called with or without TLS: without, there is no certificate of the server's own. */
    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        boolean encrypted = options.getKeyCertOptions() != null;
        boolean open = insecureRequests.orElse("enabled").equals("enabled");
        if (clientAuth != ClientAuth.NONE) {
            if (!encrypted)
                throw contradiction("the service has no certificate of its own: name one in quarkus.tls.key-store.");
            if (options.getTrustOptions() == null)
                throw contradiction("nothing says whose certificates to take: name that in quarkus.tls.trust-store.");
            if (clientAuth == ClientAuth.REQUIRED && open)
                throw contradiction("anybody could come without one over plain HTTP: set quarkus.http.insecure-requests"
                        + " to disabled or redirect.");
        }
        options.setClientAuth(clientAuth);
        if ((!encrypted || open) && !Loopback.is(options.getHost()))
            LOG.warnf("Plain HTTP is served on %s: keys and what agents ask can be read on the way, unless a proxy"
                    + " before this service encrypts.", options.getHost());
    }

    private IllegalStateException contradiction(String why) {
        return new IllegalStateException("holdpoint.tls.client-auth is "
                + clientAuth.name().toLowerCase(Locale.ROOT) + ", but " + why);
    }
}
