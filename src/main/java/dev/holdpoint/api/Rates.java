package dev.holdpoint.api;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

import dev.holdpoint.access.Caller;
import dev.holdpoint.api.problem.Limits;
import dev.holdpoint.api.problem.Problem;
import dev.holdpoint.api.problem.ProblemType;
import dev.holdpoint.job.TenantId;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** How often a caller may come, and a person decide. The buckets are as many as the keys in force have subjects. */
@ApplicationScoped
class Rates {
    private final Map<Person, Bucket> requests = new ConcurrentHashMap<>();
    private final Map<Person, Bucket> decisions = new ConcurrentHashMap<>();
    private final OptionalInt requestsPerSecond;
    private final OptionalInt decisionsPerMinute;
    private final TimeMeter clock;

    Rates(Limits limits, InstantSource clock) {
        this.requestsPerSecond = limits.requestsPerSecond();
        this.decisionsPerMinute = limits.decisionsPerMinute();
        this.clock = new Millis(clock);
    }

    /** By the tenant of the credential, not of the call: a caller who names many tenants is still one. */
    private record Person(@Nullable TenantId tenant, String subject) {}

    private record Millis(InstantSource source) implements TimeMeter {
        @Override
        public long currentTimeNanos() { return source.millis() * 1_000_000; }

        @Override
        public boolean isWallClockBased() { return true; }
    }

    void request(Caller caller) { take(requests, caller, requestsPerSecond, Duration.ofSeconds(1)); }

    void decision(Caller caller) { take(decisions, caller, decisionsPerMinute, Duration.ofMinutes(1)); }

    private void take(Map<Person, Bucket> buckets, Caller caller, OptionalInt most, Duration span) {
        if (most.isEmpty()) return;
        Bucket bucket = buckets.computeIfAbsent(new Person(caller.tenant(), caller.subject()),
                none -> bucket(most.getAsInt(), span));
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) return;
        Duration wait = Duration.ofMillis(1 + probe.getNanosToWaitForRefill() / 1_000_000);
        throw new Problem(ProblemType.TOO_MANY_REQUESTS, "At most " + most.getAsInt() + " in " + span + ".")
                .retryAfter(wait)
                .with("RateLimit-Limit", String.valueOf(most.getAsInt())).with("RateLimit-Remaining", "0")
                .with("RateLimit-Reset", Problem.seconds(wait)).refused();
    }

    private Bucket bucket(int most, Duration span) {
        return Bucket.builder().withCustomTimePrecision(clock)
                .addLimit(limit -> limit.capacity(most).refillGreedy(most, span)).build();
    }
}
