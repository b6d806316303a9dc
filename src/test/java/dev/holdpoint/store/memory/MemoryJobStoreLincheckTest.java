package dev.holdpoint.store.memory;

import static dev.holdpoint.store.Bench.approval;
import static dev.holdpoint.store.Bench.by;
import static dev.holdpoint.store.Bench.details;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.reports;
import static dev.holdpoint.store.Bench.wanted;

import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.Fence;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.NewResolution;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.store.Bench;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Whatever threads do to one job at once could have happened one after the other. The operations run against the store
 * and, in every order, against the same store alone; their outcomes must match. Under stress only: the model checker
 * gets lost in what Mutiny loads when it first waits.
 */
@Param(name = "action", gen = IntGen.class, conf = "1:2")
@Param(name = "execution", gen = IntGen.class, conf = "1:2")
@Param(name = "who", gen = IntGen.class, conf = "1:2")
public final class MemoryJobStoreLincheckTest {
    private static final JobKey JOB = Bench.key("job");
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final long GENERATION = NOW.toEpochMilli();

    private final MemoryJobStore store = new MemoryJobStore(Bench.TIMING,
            new MemoryLimits(10, 1_000_000, 10, 1_000, 1_000_000, 0, 10), InstantSource.fixed(NOW));

    public MemoryJobStoreLincheckTest() {
        create();
    }

    @Operation
    public String create() { return told(got(store.create(wanted(JOB, details("ann"))))); }

    @Operation
    public String pause(@Param(name = "execution") int execution, @Param(name = "action") int action) {
        return told(got(store.pause(JOB, fence(execution), prompt("a" + action), null)));
    }

    @Operation
    public String resolve(@Param(name = "action") int action, @Param(name = "who") int who) {
        return told(got(store.resolve(JOB, new NewResolution(new ResolutionId("r" + who), GENERATION,
                new ActionId("a" + action), by("person-" + who), approval(),
                OptionalLong.empty()))));
    }

    @Operation
    public String expire(@Param(name = "action") int action) {
        return told(got(store.expireByHand(JOB, new ActionId("a" + action))));
    }

    @Operation
    public String abort() { return told(got(store.abort(JOB, OptionalLong.of(GENERATION)))); }

    @Operation
    public String claim(@Param(name = "action") int action, @Param(name = "who") int who) {
        return told(got(store.claim(JOB, new ActionId("a" + action), new WorkerId("w" + who))));
    }

    @Operation
    public String append(@Param(name = "execution") int execution, @Param(name = "action") int expectedSeq) {
        return told(got(store.append(JOB, fence(execution), OptionalLong.of(expectedSeq), reports("token"))));
    }

    @Operation
    public String find() {
        return String.valueOf(got(store.find(JOB)).job());
    }

    private static Fence fence(int execution) { return new Fence(GENERATION, execution); }

    /** Outcomes are values, so their text tells them apart completely. */
    private static String told(Transition outcome) {
        return outcome.toString();
    }

    @Test
    void movesUnderStressAreLinearizable() {
        new StressOptions().iterations(30).invocationsPerIteration(1_000).threads(3).actorsPerThread(3)
                .actorsBefore(2).actorsAfter(1).check(MemoryJobStoreLincheckTest.class);
    }
}
