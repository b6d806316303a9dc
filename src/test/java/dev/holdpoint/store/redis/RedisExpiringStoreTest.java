package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.ExpiringStore.Put;
import dev.holdpoint.job.ExpiringStore.Replaced;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.TestClock;
import org.junit.jupiter.api.Test;

/** Small values are shared by every replica, and each is had once. */
class RedisExpiringStoreTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String PREFIX = "values";

    private final ExpiringStore here = store();
    private final ExpiringStore there = store();

    private static ExpiringStore store() {
        return RedisBench.store(RedisBench.Shared.WIRE, RedisBench.settings(PREFIX, RedisBench.BUCKETS,
                new TestClock(), Bench.TIMING, Bench.Bounds.WIDE, "async")).values();
    }

    @Test
    void firstOneIsStoredAndTheOthersFindIt() {
        assertThat(got(here.putIfAbsent("first", "one", LONG))).isEqualTo(new Put.Stored());
        assertThat(got(there.putIfAbsent("first", "two", LONG))).isEqualTo(new Put.Present("one"));

        assertThat(got(here.putIfAbsent("first", "one", LONG))).as("asked again").isEqualTo(new Put.Stored());

        got(there.put("first", "three", LONG));
        assertThat(got(here.get("first"))).isEqualTo("three");
    }

    @Test
    void ofManyWhoTakeAValueOneGetsIt() {
        got(here.put("ticket", "secret", LONG));

        List<Boolean> got = Race.of(20, runner -> got((runner % 2 == 0 ? here : there).take("ticket")) != null);

        assertThat(got).filteredOn(one -> one).hasSize(1);
        assertThat(got(here.take("ticket"))).isNull();
    }

    @Test
    void valueIsRemovedOnlyWhileItIsTheExpectedOne() {
        got(here.put("mine", "one", LONG));

        got(there.remove("mine", "two"));
        assertThat(got(here.get("mine"))).isEqualTo("one");

        got(there.remove("mine", "one"));
        assertThat(got(here.get("mine"))).isNull();
        got(there.remove("mine", "one"));
    }

    @Test
    void valueIsReplacedOnlyWhileItIsTheExpectedOne() {
        assertThat(got(here.replace("swap", "one", "two", LONG))).isEqualTo(new Replaced.Other(null));
        assertThat(got(here.replace("swap", null, "one", LONG))).isEqualTo(new Replaced.Done());
        assertThat(got(there.replace("swap", null, "two", LONG))).isEqualTo(new Replaced.Other("one"));
        assertThat(got(there.replace("swap", "one", "two", LONG))).isEqualTo(new Replaced.Done());
        assertThat(got(here.get("swap"))).isEqualTo("two");
    }

    @Test
    void valueIsForgottenInTime() {
        got(here.put("brief", "value", LONG));
        String key = new Keys(PREFIX, RedisBench.BUCKETS).value("brief").key();

        assertThat((long) RedisBench.Shared.SERVER.command("PTTL", key)).isBetween(LONG.toMillis() - 60_000,
                LONG.toMillis());
    }
}
