package dev.holdpoint.store.redis;

import java.util.List;
import java.util.Objects;

import dev.holdpoint.job.StoreTrouble;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;

/** Work that is done bucket by bucket: servers that are away keep nobody from what lies on the others. */
final class Reachable {
    private static final Logger LOG = Logger.getLogger(Reachable.class);

    private Reachable() {}

    /** What the buckets answer that can be reached. Fails when none can. */
    static <T> Uni<List<T>> of(List<Uni<T>> ofBuckets) {
        return Uni.join().all(ofBuckets.stream().map(one -> one
                .onFailure(StoreTrouble.class)
                .invoke(trouble -> LOG.debugf("a bucket is left out: %s", trouble.getMessage()))
                .onFailure(StoreTrouble.class).recoverWithNull()).toList()).andCollectFailures()
                .map(all -> all.stream().filter(Objects::nonNull).toList())
                .onItem().invoke(reached -> {
                    if (reached.isEmpty() && !ofBuckets.isEmpty())
                        throw new StoreTrouble(StoreTrouble.Kind.UNAVAILABLE, "no bucket of Redis can be reached",
                                null);
                });
    }
}
