package dev.holdpoint.store.memory;

import java.time.InstantSource;

import dev.holdpoint.store.DeliveriesContract;
import dev.holdpoint.webhook.Deliveries;

/** The embedded store keeps what every queue of webhooks promises. */
class MemoryDeliveriesTest extends DeliveriesContract {
    @Override
    protected Deliveries emptyDeliveries(InstantSource clock) {
        return new MemoryDeliveries(clock);
    }
}
