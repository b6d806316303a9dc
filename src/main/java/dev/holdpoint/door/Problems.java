package dev.holdpoint.door;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;

/** Answers with problems, and counts them by type. */
@Startup
@ApplicationScoped
class Problems {
    private final Map<ProblemType, Counter> counters = new EnumMap<>(ProblemType.class);

    Problems(MeterRegistry meters) {
        for (ProblemType type : ProblemType.values()) {
            counters.put(type, Counter.builder("holdpoint.problems").tag("type", type.slug())
                    .description("Requests that were answered with a problem").register(meters));
        }
    }

    /** @param instance path of the request */
    Answer answer(Problem problem, String instance) {
        return said(problem, counted -> Answer.of(counted, instance));
    }

    /** @param words how it is said */
    Answer said(Problem problem, Function<Problem, Answer> words) {
        Counter counter = counters.get(problem.type());
        if (counter != null) counter.increment();
        return words.apply(problem);
    }
}
