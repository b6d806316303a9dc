package dev.holdpoint.start;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Tells everybody who waits that the service is going away. */
@Singleton
class Leaving {
    private final BroadcastProcessor<Object> serving = BroadcastProcessor.create();

    /** Has no items; completes when the service starts to go away. */
    Multi<Object> serving() { return serving; }

    void leave(@Observes ShutdownDelayInitiatedEvent event) { serving.onComplete(); }
}
