package dev.holdpoint.measure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Outbox;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** An outbox that tells how full it is, as of the last time that anybody asked; somebody does every few seconds. */
public final class MeasuredOutbox implements Outbox {
    private final Outbox outbox;
    private final InstantSource clock;
    private volatile @Nullable Backlog last;

    public MeasuredOutbox(Outbox outbox, MeterRegistry meters, InstantSource clock) {
        this.outbox = outbox;
        this.clock = clock;
        Gauge.builder("holdpoint.outbox.owed", this, MeasuredOutbox::entries)
                .description("Entries that the archive is owed, over all replicas").register(meters);
        Gauge.builder("holdpoint.outbox.age", this, MeasuredOutbox::age).baseUnit("seconds")
                .description("Age of the oldest of them; 0 when there is none").register(meters);
    }

    private double entries() {
        Backlog known = last;
        return known == null ? Double.NaN : known.entries();
    }

    private double age() {
        Backlog known = last;
        return known == null ? Double.NaN : secondsSince(known.since(), clock);
    }

    /** 0 when there is no such instant; never negative, whatever the clocks say. */
    static double secondsSince(@Nullable Instant since, InstantSource clock) {
        return since == null ? 0 : Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1000.0);
    }

    @Override
    public Uni<List<Owed>> owed(int limit) { return outbox.owed(limit); }

    @Override
    public Uni<Void> paid(List<Owed> entries) { return outbox.paid(entries); }

    /** Who isn't answered knows nothing, and says so: an old number would look like a good one. */
    @Override
    public Uni<Backlog> backlog() {
        return outbox.backlog().onItemOrFailure().invoke((found, failure) -> last = found);
    }

    @Override
    public Uni<Void> owe(Debt.Note note) { return outbox.owe(note); }
}
