package dev.holdpoint.door;

import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.ExpiringStore.Replaced;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.job.TenantId;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import org.jspecify.annotations.Nullable;

/**
 * Buckets that all replicas of a store draw on. They lie among the short-lived values and change by compare and set,
 * each from what this process saw last: one trip to the store where no other replica came between, two where one did.
 * Who comes while a trip is under way shares the next.
 */
final class SharedBuckets {
    /** Buckets in sight. To lose sight of one costs a trip to the store. */
    private static final int IN_SIGHT = 5_000;
    /** Longer than any bucket takes to fill up again. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    private final Map<Owned, Shared> inSight = new LinkedHashMap<>(16, 0.75f, true);
    private final OnwardTime clock;
    private final AsyncProxyManager<Place> places;

    /** @param subject null for an allowance of the whole tenant */
    private record Owned(Allowance allowance, @Nullable TenantId tenant, @Nullable String subject) {
        /** A changed allowance is another bucket: the state of one says how large it is. */
        String name() {
            return "rate:" + allowance.name() + ":" + allowance.most() + ":"
                    + Sha256.of((tenant == null ? "" : tenant.value()) + "\n" + (subject == null ? "" : subject));
        }
    }

    SharedBuckets(ExpiringStore values, OnwardTime clock) {
        this.clock = clock;
        this.places = new Places(values, clock).asAsync();
    }

    Bucket of(Allowance allowance, @Nullable TenantId tenant) { return inSight(new Owned(allowance, tenant, null)); }

    Bucket of(Allowance allowance, @Nullable TenantId tenant, String subject) {
        return inSight(new Owned(allowance, tenant, subject));
    }

    private Bucket inSight(Owned owned) {
        synchronized (inSight) {
            Shared known = inSight.get(owned);
            if (known != null) return known;
            Shared bucket = bucket(owned);
            inSight.put(owned, bucket);
            if (inSight.size() > IN_SIGHT) {
                Iterator<Owned> longestUnused = inSight.keySet().iterator();
                longestUnused.next();
                longestUnused.remove();
            }
            return bucket;
        }
    }

    private Shared bucket(Owned owned) {
        BucketConfiguration configuration =
                BucketConfiguration.builder().addLimit(owned.allowance().bandwidth()).build();
        return new Shared(owned.allowance(), clock, places.builder().withOptimization(Optimizations.batching())
                .build(new Place(owned.name()), () -> CompletableFuture.completedFuture(configuration)));
    }

    private static final class Shared extends Bucket {
        private final AsyncBucketProxy bucket;

        Shared(Allowance allowance, OnwardTime clock, AsyncBucketProxy bucket) {
            super(allowance, clock);
            this.bucket = bucket;
        }

        @Override
        CompletableFuture<ConsumptionProbe> consume() { return bucket.tryConsumeAndReturnRemaining(1); }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // whoever is refused needn't wait for it
        void giveBack() { bucket.addTokens(1); }
    }

    /** Where the state of a bucket is kept, and what was there when it was last seen. */
    private static final class Place {
        private final String name;
        private volatile @Nullable String seen;

        Place(String name) { this.name = name; }
    }

    private static final class Places extends AbstractCompareAndSwapBasedProxyManager<Place> {
        private final ExpiringStore values;

        Places(ExpiringStore values, OnwardTime clock) {
            super(ClientSideConfig.getDefault().withClientClock(clock));
            this.values = values;
        }

        @Override
        protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(Place place) {
            return new AsyncCompareAndSwapOperation() {
                // Never too pessimistic: it misses what others took since, and time is added by whoever reads it.
                @Override
                public CompletableFuture<Optional<byte[]>> getStateData(Optional<Long> timeoutNanos) {
                    return CompletableFuture
                            .completedFuture(Optional.ofNullable(place.seen).map(Base64.getDecoder()::decode));
                }

                @Override
                public CompletableFuture<Boolean> compareAndSwap(byte @Nullable [] original, byte[] changed,
                        RemoteBucketState state, Optional<Long> timeoutNanos) {
                    String next = text(changed);
                    return values.replace(place.name, original == null ? null : text(original), next, KEPT)
                            .map(replaced -> switch (replaced) {
                                case Replaced.Done done -> saw(place, next, true);
                                case Replaced.Other other -> saw(place, other.present(), false);
                            }).subscribeAsCompletionStage();
                }
            };
        }

        private static boolean saw(Place place, @Nullable String state, boolean replaced) {
            place.seen = state;
            return replaced;
        }

        private static String text(byte[] state) { return Base64.getEncoder().encodeToString(state); }

        @Override
        protected CompareAndSwapOperation beginCompareAndSwapOperation(Place place) {
            throw new UnsupportedOperationException("nothing here waits");
        }

        @Override
        public void removeProxy(Place place) {
            throw new UnsupportedOperationException("buckets are forgotten by themselves");
        }

        @Override
        protected CompletableFuture<Void> removeAsync(Place place) {
            throw new UnsupportedOperationException("buckets are forgotten by themselves");
        }

        @Override
        public boolean isAsyncModeSupported() { return true; }
    }
}
