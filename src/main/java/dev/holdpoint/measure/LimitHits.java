package dev.holdpoint.measure;

import java.util.EnumMap;
import java.util.Map;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** How often somebody ran into a limit. */
public final class LimitHits {
    private final Map<Limit, Counter> hits = new EnumMap<>(Limit.class);

    public LimitHits(MeterRegistry meters) {
        for (Limit limit : Limit.values()) {
            hits.put(limit, Counter.builder("holdpoint.limits").tag("limit", limit.word())
                    .description("Requests that were refused because a limit was reached").register(meters));
        }
    }

    public void hit(Limit limit) {
        Counter known = hits.get(limit);
        if (known != null) known.increment();
    }
}
