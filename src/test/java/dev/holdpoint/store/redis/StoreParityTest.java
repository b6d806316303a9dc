package dev.holdpoint.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.store.memory.MemoryBench;
import dev.holdpoint.store.redis.RedisBench.Shared;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the embedded store answers, the Redis store answers too. A failure names the seed that brings it back. */
class StoreParityTest {
    private static final int COMMANDS = 3_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void bothStoresAnswerTheSame(long seed) {
        Twins twins = twins(seed, false, Bounds.WIDE, RedisBench.BUCKETS);

        twins.run(COMMANDS);

        assertThat(twins.outcomes()).as("kinds of answers").containsKeys("Won", "NoSuchJob", "AlreadyDecided",
                "ActionClosed", "StaleAction", "PromptDead", "NotClaimed", "ExecutionReplaced", "GenerationReplaced",
                "AlreadyClaimed", "StillUndecided", "ActionIdReused", "DeadlinePassed", "NotDue", "SequenceMismatch",
                "OwnedByAnother", "JobActive", "GenerationMismatch", "AlreadyPaused", "NotWaiting", "AlreadySettled");
    }

    @ParameterizedTest
    @ValueSource(longs = 11)
    void bothStoresAnswerTheSameWhereLogsAreTrimmed(long seed) {
        twins(seed, false, new Bounds(100, 100_000, 5, 3, true), RedisBench.BUCKETS).run(COMMANDS);
    }

    @ParameterizedTest
    @ValueSource(longs = 21)
    void bothStoresAnswerTheSameWhereEverythingIsShort(long seed) {
        Twins twins = twins(seed, false, new Bounds(1, 8, 0, 2), RedisBench.BUCKETS);

        twins.run(COMMANDS);

        assertThat(twins.outcomes()).as("kinds of answers").containsKeys("TooManyActiveJobs", "LogFull");
    }

    /** Generations that are gone leave a floor in each bucket; the embedded store knows one for all. */
    @ParameterizedTest
    @ValueSource(longs = 31)
    void bothStoresAnswerTheSameWhenTheClockStepsBack(long seed) {
        twins(seed, true, Bounds.WIDE, 1).run(COMMANDS);
    }

    private static Twins twins(long seed, boolean clockMayStepBack, Bounds bounds, int buckets) {
        TestClock clock = new TestClock();
        return new Twins(seed, clockMayStepBack, clock, MemoryBench.emptyStore(clock, Bench.TIMING, bounds),
                RedisBench.emptyStore(buckets == 1 ? Shared.WIRE_OF_ONE_BUCKET : Shared.WIRE, RedisBench
                        .settings(RedisBench.prefix(), buckets, clock, Bench.TIMING, bounds,
                                "memory")));
    }
}
