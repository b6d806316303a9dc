package dev.holdpoint.access.keys;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;

/**
 * When each key was last shown, as a metric: whoever rotates keys sees which are
 * still used, and no log tells who came when.
 */
@Singleton
class KeyUse {
    private final Map<String, AtomicLong> lastUse = new ConcurrentHashMap<>();
    private final MultiGauge gauge;
    private final InstantSource clock;

    KeyUse(MeterRegistry meters, InstantSource clock) {
        this.clock = clock;
        gauge = MultiGauge.builder("holdpoint.keys.last.use").baseUnit("seconds")
                .description("When the key was last shown to this process, in seconds since 1970; 0 is never")
                .register(meters);
    }

    /** @param keys all that there are: what is told of others is forgotten */
    void watch(List<ApiKey> keys) {
        List<String> ids = keys.stream().map(ApiKey::id).toList();
        lastUse.keySet().retainAll(ids);
        gauge.register(ids.stream()
                .map(id -> Row.of(Tags.of("key", id), lastUse.computeIfAbsent(id, never -> new AtomicLong())))
                .toList(), true);
    }

    void note(ApiKey key) {
        AtomicLong last = lastUse.get(key.id());
        if (last != null) last.set(clock.instant().getEpochSecond());
    }
}
