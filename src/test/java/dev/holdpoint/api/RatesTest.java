package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.api.problem.Limits;
import dev.holdpoint.api.problem.Refused;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.store.memory.MemoryExpiringStore;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;

/** A caller has one allowance, however many replicas he asks. */
class RatesTest {
    private final TestClock clock = new TestClock();
    private final MemoryExpiringStore shared = new MemoryExpiringStore(clock, 1_000_000);
    private final Rates here = new Rates(new Few(), new ShortLived(shared, shared), clock);
    private final Rates there = new Rates(new Few(), new ShortLived(shared, shared), clock);
    private final Caller ann = new Caller("ann", Set.of(Role.USER), null, new Credential.Key("ann"));
    private final Caller bob = new Caller("bob", Set.of(Role.USER), null, new Credential.Key("bob"));

    private static final class Few implements Limits {
        @Override
        public OptionalInt requestsPerSecond() { return OptionalInt.of(4); }

        @Override
        public OptionalInt decisionsPerMinute() { return OptionalInt.of(2); }

        @Override
        public MemorySize requestBody() { throw new AssertionError("nobody asks"); }

        @Override
        public MemorySize eventsBody() { throw new AssertionError("nobody asks"); }

        @Override
        public MemorySize eventData() { throw new AssertionError("nobody asks"); }

        @Override
        public int nestingDepth() { throw new AssertionError("nobody asks"); }

        @Override
        public int argumentKeys() { throw new AssertionError("nobody asks"); }

        @Override
        public int subscribersPerJob() { throw new AssertionError("nobody asks"); }

        @Override
        public int subscribersPerCaller() { throw new AssertionError("nobody asks"); }
    }

    private static boolean isRefused(Uni<Void> taken) {
        try {
            taken.await().atMost(Duration.ofSeconds(10));
            return false;
        } catch (Refused refused) {
            return true;
        }
    }

    @Test
    void allowanceIsSharedByReplicas() {
        assertThat(isRefused(here.decision(ann))).isFalse();
        assertThat(isRefused(there.decision(ann))).isFalse();

        assertThat(isRefused(here.decision(ann))).isTrue();
        assertThat(isRefused(there.decision(ann))).isTrue();
        assertThat(isRefused(there.decision(bob))).isFalse();
    }

    @Test
    void allowanceComesBackWithTime() {
        for (int taken = 0; taken < 2; taken++) assertThat(isRefused(here.decision(ann))).isFalse();

        assertThatThrownBy(() -> here.decision(ann).await().atMost(Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.problem().headers())
                        .containsEntry("RateLimit-Limit", "2").containsEntry("RateLimit-Remaining", "0")
                        .containsEntry("RateLimit-Reset", "31").containsEntry("Retry-After", "31"));
        clock.advance(Duration.ofSeconds(31));

        assertThat(isRefused(there.decision(ann))).isFalse();
        assertThat(isRefused(there.decision(ann))).isTrue();
    }

    @Test
    void callersAtOnceGetNoMoreThanTheAllowance() {
        List<Boolean> refused = Race.of(40, runner -> isRefused((runner % 2 == 0 ? here : there).request(ann)));

        assertThat(refused).filteredOn(one -> !one).hasSize(4);
    }
}
