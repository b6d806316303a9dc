package dev.holdpoint.door.sse;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.stream.Opening.Break;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;

/** What readers of this process get, and what they missed. */
@Startup
@ApplicationScoped
public class StreamMeters {
    private final AtomicInteger ofJobs = new AtomicInteger();
    private final AtomicInteger ofApprovals = new AtomicInteger();
    private final AtomicInteger ofAnswers = new AtomicInteger();
    private final Map<Break, Counter> gaps = new EnumMap<>(Break.class);
    private final Counter events;
    private final Counter resumes;

    /** What is followed. */
    enum Kind {
        JOB, APPROVALS, ANSWERS;

        String word() { return name().toLowerCase(Locale.ROOT); }
    }

    StreamMeters(MeterRegistry meters) {
        for (Kind kind : Kind.values()) {
            Gauge.builder("holdpoint.subscribers", open(kind), AtomicInteger::get).tag("stream", kind.word())
                    .description("Open streams of this process").register(meters);
        }
        for (Break why : Break.values()) {
            gaps.put(why, Counter.builder("holdpoint.stream.gaps").tag("reason", why.word())
                    .description("Readers who were told a snapshot for want of the events behind their cursor")
                    .register(meters));
        }
        events = Counter.builder("holdpoint.stream.events").description("Events written to streams").register(meters);
        resumes = Counter.builder("holdpoint.stream.resumes")
                .description("Streams opened behind an event that the reader had").register(meters);
    }

    private AtomicInteger open(Kind kind) {
        return switch (kind) {
            case JOB -> ofJobs;
            case APPROVALS -> ofApprovals;
            case ANSWERS -> ofAnswers;
        };
    }

    void opened(Kind kind) { open(kind).incrementAndGet(); }

    void closed(Kind kind) { open(kind).decrementAndGet(); }

    void wrote(int count) { events.increment(count); }

    /** Called by whoever reads the cursor. */
    public void resumed() {
        resumes.increment();
    }

    void missed(Break why) {
        Counter known = gaps.get(why);
        if (known != null) known.increment();
    }
}
