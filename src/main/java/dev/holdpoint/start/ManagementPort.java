package dev.holdpoint.start;

import java.time.Duration;
import java.util.List;

import dev.holdpoint.door.Management;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves what is for operators on a port of its own, if one is configured. The framework's own
 * management interface is chosen while the service is built; this one is a second way to the same
 * routes, which tell by the port what they serve.
 */
@Singleton
class ManagementPort {
    private static final Logger LOG = Logger.getLogger("dev.holdpoint");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int HIGHEST = 65_535;

    private final Vertx vertx;
    private final Management config;
    private final String host;
    private final List<Integer> taken;
    private @Nullable HttpServer server;

    ManagementPort(Vertx vertx, Management config, @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.http.port") int port,
            @ConfigProperty(name = "quarkus.http.ssl-port") int sslPort) {
        this.vertx = vertx;
        this.config = config;
        this.host = config.host().orElse(host);
        this.taken = List.of(port, sslPort);
    }

    void open(@Observes StartupEvent start) {
        if (config.port().isEmpty()) return;
        int port = config.port().getAsInt();
        if (port < 1 || port > HIGHEST || taken.contains(port))
            throw new IllegalStateException("holdpoint.management.port must be from 1 to " + HIGHEST
                    + " and another than quarkus.http.port and quarkus.http.ssl-port, but is " + port + ".");
        if (taken.contains(0))
            throw new IllegalStateException("holdpoint.management.port needs quarkus.http.port and"
                    + " quarkus.http.ssl-port to be fixed: metrics name all ports, or none.");
        server = UniHelper
                .toUni(vertx
                        .createHttpServer(
                                new HttpServerOptions().setHttp2ClearTextEnabled(false).setHost(host).setPort(port)
                                        .setIdleTimeout((int) PATIENCE.toSeconds()))
                        .requestHandler(VertxHttpRecorder.getRootHandler()).listen())
                .onFailure().transform(unusable -> new IllegalStateException(
                        "holdpoint.management can't listen on " + host + ":" + port + ": " + unusable.getMessage()
                                + "."))
                .await().atMost(PATIENCE);
        LOG.infof("Health, metrics and the description of the API: http://%s:%d%s.", host, port, Management.PATH);
    }

    @PreDestroy
    void close() {
        if (server != null) server.close();
    }
}
