package dev.holdpoint.measure;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.JobStore.Waiting;
import dev.holdpoint.job.StoreCondition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * What of the whole store is looked at now and then. Every replica tells the same of
 * it, so the greatest counts, not the sum.
 */
public final class Glances {
    private final JobStore jobs;
    private final StoreCondition condition;
    private final InstantSource clock;
    private volatile @Nullable Waiting waiting;
    private volatile double skew = Double.NaN;

    public Glances(JobStore jobs, StoreCondition condition, MeterRegistry meters, InstantSource clock) {
        this.jobs = jobs;
        this.condition = condition;
        this.clock = clock;
        Gauge.builder("holdpoint.pending", this, Glances::prompts)
                .description("Prompts that wait for a decision, over all tenants and replicas").register(meters);
        Gauge.builder("holdpoint.pending.oldest.age", this, Glances::age).baseUnit("seconds")
                .description("How long the oldest of them has waited; 0 when none waits").register(meters);
        Gauge.builder("holdpoint.clock.skew", this, glances -> glances.skew).baseUnit("seconds")
                .description("How far this process's clock is ahead of the store's").register(meters);
    }

    private double prompts() {
        Waiting known = waiting;
        return known == null ? Double.NaN : known.prompts();
    }

    private double age() {
        Waiting known = waiting;
        return known == null ? Double.NaN : MeasuredOutbox.secondsSince(known.since(), clock);
    }

    /** Looks again. Who isn't answered tells no number: an old one would look like a good one. */
    public Uni<Void> look() {
        return jobs.waiting().onFailure().recoverWithNull().invoke(found -> waiting = found)
                .chain(condition::look).onFailure().recoverWithNull().invoke(found -> skew = skew(found))
                .replaceWithVoid();
    }

    /** A store in this process tells none: it goes by the same clock. */
    private static double skew(@Nullable Map<String, String> found) {
        if (found == null) return Double.NaN;
        String told = found.get(StoreCondition.CLOCK_SKEW);
        return told == null ? 0 : Duration.parse(told).toMillis() / 1000.0;
    }
}
