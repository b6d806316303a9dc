package dev.holdpoint.measure;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Resolution;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;

/** How long people take, and how punctual the sweep is. */
public final class Times {
    private final Clock clock;
    private final Timer decided;
    private final Timer expired;
    private final Timer lateness;
    private final Timer sweep;

    public Times(MeterRegistry meters) {
        this.clock = meters.config().clock();
        this.decided = open(meters, "decided");
        this.expired = open(meters, "expired");
        this.lateness = Buckets.ofMachines("holdpoint.expiry.lateness",
                "How long after its deadline the sweep ended a prompt").register(meters);
        this.sweep = Buckets.ofMachines("holdpoint.sweep", "How long a pass of the sweep took").register(meters);
    }

    private static Timer open(MeterRegistry meters, String outcome) {
        return Buckets.ofPeople("holdpoint.decision", "How long a prompt was open before it was decided, or expired")
                .tag("outcome", outcome).register(meters);
    }

    void decided(Resolution made) { decided.record(atLeastNothing(made.waited())); }

    /** @param at when it was ended, by the store's clock */
    public void expired(PendingAction prompt, Instant at) {
        expired.record(atLeastNothing(Duration.between(prompt.createdAt(), at)));
        lateness.record(atLeastNothing(Duration.between(prompt.deadline(), at)));
    }

    public <T> Uni<T> sweep(Uni<T> pass) {
        return Uni.createFrom().deferred(() -> {
            long begun = clock.monotonicTime();
            return pass.onTermination()
                    .invoke(() -> sweep.record(clock.monotonicTime() - begun, TimeUnit.NANOSECONDS));
        });
    }

    /** A store's clock may be set back. */
    private static Duration atLeastNothing(Duration span) {
        return span.isNegative() ? Duration.ZERO : span;
    }
}
