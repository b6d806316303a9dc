package dev.holdpoint.measure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counters of moves by what they are and what became of them, made when they are first needed. */
final class Moves {
    private final MeterRegistry meters;
    private final Map<Operation, Map<Outcome, Counter>> counters = new ConcurrentHashMap<>();

    Moves(MeterRegistry meters) {
        this.meters = meters;
        for (Operation kind : Operation.values()) {
            // Told before it happens, so that the first of a kind is a rise.
            if (kind.isMove()) counter(kind, Outcome.WON);
        }
    }

    void count(Operation kind, Outcome outcome) { counter(kind, outcome).increment(); }

    private Counter counter(Operation kind, Outcome outcome) {
        return counters.computeIfAbsent(kind, none -> new ConcurrentHashMap<>()).computeIfAbsent(outcome,
                first -> Counter.builder("holdpoint.transitions").tag("kind", kind.word()).tag("outcome", first.word())
                        .description("Moves of jobs that this process asked the store for").register(meters));
    }
}
