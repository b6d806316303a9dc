package dev.holdpoint.door;

import dev.holdpoint.door.problem.Refused;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Failures that nobody takes any more. A refusal is one when its caller has hung up, and no trouble of ours. */
@Singleton
class Unheard {
    private static final Logger LOG = Logger.getLogger(Unheard.class);

    void install(@Observes StartupEvent start) {
        Infrastructure.setDroppedExceptionHandler(Unheard::tell);
    }

    private static void tell(Throwable failure) {
        if (failure instanceof Refused) LOG.debugf("Refused, and nobody is there to be told: %s", failure.getMessage());
        else LOG.error("A failure came when nobody waited for it any more.", failure);
    }
}
