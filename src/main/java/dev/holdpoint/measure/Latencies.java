package dev.holdpoint.measure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Timers of a store's answers by what it was asked and how it answered, made when they are first needed. */
final class Latencies {
    private final MeterRegistry meters;
    private final Map<Operation, Map<Answered, Timer>> timers = new ConcurrentHashMap<>();

    Latencies(MeterRegistry meters) {
        this.meters = meters;
        for (Operation operation : Operation.values()) timer(operation, Answered.OK);
    }

    void record(Operation operation, Answered how, long nanos) {
        timer(operation, how).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Operation operation, Answered how) {
        return timers.computeIfAbsent(operation, none -> new ConcurrentHashMap<>()).computeIfAbsent(how,
                first -> Buckets
                        .ofMachines("holdpoint.store", "How long the job store took to answer this process")
                        .tag("operation", operation.word()).tag("outcome", first.word()).register(meters));
    }
}
