package dev.holdpoint.store.memory;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.holdpoint.job.ExpiringStore.Put;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.TestClock;
import org.junit.jupiter.api.Test;

class MemoryExpiringStoreTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private final MemoryExpiringStore store = new MemoryExpiringStore(clock, 2_000);

    @Test
    void firstValueStays() {
        assertThat(put("key", "one")).isEqualTo(new Put.Stored());
        assertThat(put("key", "two")).isEqualTo(new Put.Present("one"));
        assertThat(put("key", "one")).as("asked again").isEqualTo(new Put.Stored());
        assertThat(got(store.take("key"))).isEqualTo("one");
    }

    @Test
    void valueIsTakenOnce() {
        put("key", "one");

        assertThat(got(store.take("key"))).isEqualTo("one");
        assertThat(got(store.take("key"))).isNull();
        assertThat(put("key", "two")).isEqualTo(new Put.Stored());
    }

    @Test
    void valueLivesUntilItsTimeIsOver() {
        put("key", "one");

        clock.advance(MINUTE.minusMillis(1));
        assertThat(put("key", "two")).isEqualTo(new Put.Present("one"));

        clock.advance(Duration.ofMillis(1));
        assertThat(got(store.take("key"))).isNull();
    }

    @Test
    void laterValueReplacesAndLivesItsOwnTime() {
        put("key", "one");
        clock.advance(MINUTE.minusMillis(1));

        got(store.put("key", "two", MINUTE));

        clock.advance(MINUTE.minusMillis(1));
        assertThat(got(store.take("key"))).isEqualTo("two");
    }

    @Test
    void fullStoreEvictsNothingAndFillsAgainWhenValuesExpire() {
        int stored = 0;
        while (put("key-" + stored, "x".repeat(100)) instanceof Put.Stored) stored++;

        assertThat(stored).isBetween(2, 20);
        assertThat(put("another", "x".repeat(100))).isEqualTo(new Put.Full());
        assertThat(put("key-0", "y")).isInstanceOf(Put.Present.class);
        got(store.take("key-0"));
        assertThat(put("another", "x".repeat(100))).isEqualTo(new Put.Stored());

        clock.advance(MINUTE);
        for (int number = 0; number < stored; number++) {
            assertThat(put("new-" + number, "x".repeat(100))).isEqualTo(new Put.Stored());
        }
    }

    @Test
    void laterValueTakesNoMoreRoomThanThereIs() {
        put("key", "one");

        assertThat(got(store.put("key", "x".repeat(2_000), MINUTE))).isEqualTo(new Put.Full());
        assertThat(got(store.get("key"))).isEqualTo("one");
        assertThat(got(store.put("new", "x".repeat(2_000), MINUTE))).isEqualTo(new Put.Full());

        for (int times = 0; times < 3; times++)
            assertThat(got(store.put("key", "x".repeat(1_500), MINUTE))).isEqualTo(new Put.Stored());
    }

    @Test
    void ofManyCallersOneTakesAndOneStores() {
        List<Put> puts = Race.of(50, runner -> put("key", "value-" + runner));
        List<String> taken = Race.of(50, runner -> got(store.take("key")));

        assertThat(puts.stream().filter(Put.Stored.class::isInstance)).hasSize(1);
        assertThat(taken.stream().filter(Objects::nonNull)).hasSize(1);
    }

    private Put put(String key, String value) { return got(store.putIfAbsent(key, value, MINUTE)); }
}
