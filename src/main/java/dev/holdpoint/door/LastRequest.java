package dev.holdpoint.door;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Until when a service that goes away still takes requests: as long as others may not know yet. After that it only
 * finishes what is under way, and somebody who is slow in it must not keep the service at work.
 */
@Singleton
class LastRequest {
    private final Vertx vertx;
    private final Duration delay;
    private volatile boolean isOver;

    LastRequest(Vertx vertx, @ConfigProperty(name = "quarkus.shutdown.delay") Optional<Duration> delay) {
        this.vertx = vertx;
        this.delay = delay.orElse(Duration.ZERO);
    }

    void leave(@Observes ShutdownDelayInitiatedEvent event) {
        vertx.setTimer(Math.max(1, delay.toMillis()), over -> isOver = true);
    }

    boolean isOver() { return isOver; }
}
