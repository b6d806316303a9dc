package dev.holdpoint.store.memory;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import dev.holdpoint.disk.Restarting;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.ExpiringStore.Put;
import dev.holdpoint.job.ExpiringStore.Replaced;
import dev.holdpoint.store.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Idempotency keys, tickets and sessions hold over restarts: here there is one before each call. */
class RestartedExpiringStoreTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private final Restarting<ExpiringStore> restarting =
            new Restarting<>(disk -> new MemoryExpiringStore(clock, 2_000, disk, "values"));
    private final ExpiringStore store = restarting.port(ExpiringStore.class, one -> one);

    @AfterEach
    void close() {
        restarting.close();
    }

    @Test
    void firstValueStaysAndIsTakenOnce() {
        assertThat(got(store.putIfAbsent("key", "one value", MINUTE))).isEqualTo(new Put.Stored());
        assertThat(got(store.putIfAbsent("key", "two", MINUTE))).isEqualTo(new Put.Present("one value"));
        assertThat(got(store.take("key"))).isEqualTo("one value");
        assertThat(got(store.take("key"))).isNull();
    }

    @Test
    void valueLivesUntilItsTimeIsOver() {
        got(store.put("key", "one", MINUTE));

        clock.advance(MINUTE.minusMillis(1));
        assertThat(got(store.get("key"))).isEqualTo("one");

        clock.advance(Duration.ofMillis(1));
        assertThat(got(store.get("key"))).isNull();
    }

    @Test
    void removingComparesWithWhatWasThereBefore() {
        got(store.put("key", "one", MINUTE));

        got(store.remove("key", "two"));
        assertThat(got(store.get("key"))).isEqualTo("one");

        got(store.remove("key", "one"));
        assertThat(got(store.get("key"))).isNull();
    }

    @Test
    void replacingComparesWithWhatWasThereBefore() {
        assertThat(got(store.replace("key", null, "one", MINUTE))).isEqualTo(new Replaced.Done());
        assertThat(got(store.replace("key", "none", "two", MINUTE))).isEqualTo(new Replaced.Other("one"));
        assertThat(got(store.replace("key", "one", "two", MINUTE))).isEqualTo(new Replaced.Done());
        assertThat(got(store.get("key"))).isEqualTo("two");
    }

    @Test
    void whatIsThereAgainTakesItsRoom() {
        int stored = 0;
        while (got(store.putIfAbsent("key-" + stored, "x".repeat(100), MINUTE)) instanceof Put.Stored) stored++;

        assertThat(stored).isBetween(2, 20);
        clock.advance(MINUTE);
        assertThat(got(store.putIfAbsent("another", "x".repeat(100), MINUTE))).isEqualTo(new Put.Stored());
    }
}
