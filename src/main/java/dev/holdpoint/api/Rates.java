package dev.holdpoint.api;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Sha256;
import dev.holdpoint.api.problem.Limits;
import dev.holdpoint.api.problem.Problem;
import dev.holdpoint.api.problem.ProblemType;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.ShortLived;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** How often a caller may come, and a person decide, over all replicas of a store. */
@ApplicationScoped
class Rates {
    private final OptionalInt requestsPerSecond;
    private final OptionalInt decisionsPerMinute;
    private final AsyncProxyManager<String> buckets;

    Rates(Limits limits, ShortLived values, InstantSource clock) {
        this.requestsPerSecond = limits.requestsPerSecond();
        this.decisionsPerMinute = limits.decisionsPerMinute();
        this.buckets = new StoredBuckets(values.answers(), new Millis(clock)).asAsync();
    }

    private record Millis(InstantSource source) implements TimeMeter {
        @Override
        public long currentTimeNanos() { return source.millis() * 1_000_000; }

        @Override
        public boolean isWallClockBased() { return true; }
    }

    Uni<Void> request(Caller caller) { return take("requests", caller, requestsPerSecond, Duration.ofSeconds(1)); }

    Uni<Void> decision(Caller caller) { return take("decisions", caller, decisionsPerMinute, Duration.ofMinutes(1)); }

    private Uni<Void> take(String what, Caller caller, OptionalInt most, Duration span) {
        if (most.isEmpty()) return Uni.createFrom().voidItem();
        BucketConfiguration configuration = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(most.getAsInt()).refillGreedy(most.getAsInt(), span)).build();
        // By the tenant of the credential, not of the call: a caller who names many tenants is still one.
        String tenant = caller.tenant() == null ? "" : caller.tenant().value();
        String name = "rate:" + what + ":" + Sha256.of(tenant + "\n" + caller.subject());
        return Uni.createFrom()
                .completionStage(() -> buckets.getProxy(name, () -> CompletableFuture.completedFuture(configuration))
                        .tryConsumeAndReturnRemaining(1))
                .invoke(probe -> refuseUnlessConsumed(probe, most.getAsInt(), span)).replaceWithVoid();
    }

    private static void refuseUnlessConsumed(ConsumptionProbe probe, int most, Duration span) {
        if (probe.isConsumed()) return;
        Duration wait = Duration.ofMillis(1 + probe.getNanosToWaitForRefill() / 1_000_000);
        throw new Problem(ProblemType.TOO_MANY_REQUESTS, "At most " + most + " in " + span + ".")
                .retryAfter(wait)
                .with("RateLimit-Limit", String.valueOf(most)).with("RateLimit-Remaining", "0")
                .with("RateLimit-Reset", Problem.seconds(wait)).refused();
    }

    /** Where the library keeps its buckets: among the short-lived values, changed by compare and set. */
    private static final class StoredBuckets extends AbstractCompareAndSwapBasedProxyManager<String> {
        /** Longer than any bucket takes to fill up again. */
        private static final Duration KEPT = Duration.ofMinutes(2);

        private final ExpiringStore values;

        StoredBuckets(ExpiringStore values, TimeMeter clock) {
            super(ClientSideConfig.getDefault().withClientClock(clock));
            this.values = values;
        }

        @Override
        protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(String name) {
            return new AsyncCompareAndSwapOperation() {
                @Override
                public CompletableFuture<Optional<byte[]>> getStateData(Optional<Long> timeoutNanos) {
                    return values.get(name).map(Optional::ofNullable).map(text -> text.map(Base64.getDecoder()::decode))
                            .subscribeAsCompletionStage();
                }

                @Override
                public CompletableFuture<Boolean> compareAndSwap(byte @Nullable [] original, byte[] changed,
                        RemoteBucketState state, Optional<Long> timeoutNanos) {
                    return values.replace(name, original == null ? null : text(original), text(changed), KEPT)
                            .subscribeAsCompletionStage();
                }
            };
        }

        private static String text(byte[] state) { return Base64.getEncoder().encodeToString(state); }

        @Override
        protected CompareAndSwapOperation beginCompareAndSwapOperation(String name) {
            throw new UnsupportedOperationException("nothing here waits");
        }

        @Override
        public void removeProxy(String name) {
            throw new UnsupportedOperationException("buckets are forgotten by themselves");
        }

        @Override
        protected CompletableFuture<Void> removeAsync(String name) {
            throw new UnsupportedOperationException("buckets are forgotten by themselves");
        }

        @Override
        public boolean isAsyncModeSupported() { return true; }
    }
}
