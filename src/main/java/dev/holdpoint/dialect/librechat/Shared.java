package dev.holdpoint.dialect.librechat;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;

/** Work that is done once for all who ask for the same while it goes on. */
final class Shared<K, V> {
    private final ConcurrentMap<K, Uni<V>> underWay = new ConcurrentHashMap<>();

    Uni<V> of(K key, Supplier<Uni<V>> work) {
        return Uni.createFrom().deferred(() -> underWay.computeIfAbsent(key,
                place -> Uni.createFrom().deferred(work::get).onTermination().invoke(() -> underWay.remove(place))
                        .memoize()
                        .indefinitely()));
    }
}
