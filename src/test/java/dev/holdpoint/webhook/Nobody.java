package dev.holdpoint.webhook;

import java.util.EnumSet;
import java.util.List;

import dev.holdpoint.cloudevents.CloudEvents;
import dev.holdpoint.job.Space;
import dev.holdpoint.mask.Masks;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.store.memory.MemoryDeliveries;

/** For tests that have no receiver. */
public final class Nobody {
    /** One who is told everything of the tenant-less space. */
    public static final Endpoint ONE = new Endpoint("one", Space.TENANTLESS,
            new Target(true, "hooks.example.com", 443, "/"), SigningKeys.of(List.of(), List.of()),
            EnumSet.allOf(EventType.class), Endpoint.Format.STANDARD, false, false);

    private Nobody() {}

    public static Announcements told() {
        return told(new Endpoints(List.of()), new MemoryDeliveries(new TestClock()));
    }

    /** Only {@link #ONE}, through this queue. */
    public static Announcements butOne(Deliveries queue) {
        return told(new Endpoints(List.of(ONE)), queue);
    }

    private static Announcements told(Endpoints endpoints, Deliveries queue) {
        return new Announcements(endpoints, queue, Masks.NONE, CloudEvents.of(() -> "/holdpoint"), new Numbers(),
                new TestClock());
    }
}
