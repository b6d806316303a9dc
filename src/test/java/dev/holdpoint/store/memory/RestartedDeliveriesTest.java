package dev.holdpoint.store.memory;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.disk.Restarting;
import dev.holdpoint.store.DeliveriesContract;
import dev.holdpoint.webhook.Deliveries;
import org.junit.jupiter.api.AfterEach;

/** Queues of webhooks hold over restarts: here there is one before each call. */
class RestartedDeliveriesTest extends DeliveriesContract {
    private final List<Restarting<Deliveries>> open = new ArrayList<>();

    @Override
    protected Deliveries emptyDeliveries(InstantSource clock) {
        Restarting<Deliveries> restarting = new Restarting<>(disk -> new MemoryDeliveries(clock, disk));
        open.add(restarting);
        return restarting.port(Deliveries.class, one -> one);
    }

    @AfterEach
    void close() {
        open.forEach(Restarting::close);
    }
}
