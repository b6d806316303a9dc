package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.detailsOf;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.store.redis.RedisBench.Shared;
import org.junit.jupiter.api.Test;

/**
 * Lists are made after the move: whoever dies in between, and whoever loses a list, is made up for by the next check.
 */
class CrashPointsTest {
    private static final Duration NOT_FOR_LONG = RedisSettings.CHECK_AFTER;

    private final String prefix = RedisBench.prefix();
    private final List<RedisStore> stores = new ArrayList<>();
    private final Bench bench = new Bench((clock, timing, bounds) -> {
        RedisStore made = RedisBench.store(Shared.WIRE,
                RedisBench.settings(prefix, RedisBench.BUCKETS, clock, timing, bounds, "async"));
        stores.add(made);
        return new Ports(made.jobs(), made.log(), made.outbox(), made.rules(), job -> {});
    }, TIMING, Bounds.WIDE);

    @Test
    void checkMakesUpForListsThatWereNotWritten() {
        Job running = bench.create("running");
        Job paused = bench.paused("paused", "a1");
        Job resolved =
                bench.resolve(bench.pause(bench.create(wanted(key("resolved"), detailsOf("ann", "mail"))), "a1"), "a1");
        loseLists();
        assertThat(bench.active("ann")).isEmpty();
        assertThat(bench.pending()).isEmpty();

        bench.advance(NOT_FOR_LONG);
        check();

        assertThat(bench.active("ann")).containsExactlyInAnyOrder(running, paused, resolved);
        assertThat(bench.pending()).containsExactly(paused);
        assertThat(got(bench.store.claimOldest(Space.TENANTLESS, Set.of(new AgentId("mail")), new WorkerId("w1"))))
                .isInstanceOf(Transition.Won.class);
    }

    @Test
    void checkTakesOutWhatShouldHaveLeft() {
        Job paused = bench.paused("job", "a1");
        List<Saved> before = saved();
        Job done = bench.complete(bench.claim(bench.resolve(paused, "a1"), "a1", "w1"));
        before.forEach(one -> Shared.SERVER.command("ZADD", one.list(), "1", one.name()));

        bench.advance(NOT_FOR_LONG);
        check();

        assertThat(bench.find(done.key())).isEqualTo(done);
        assertThat(saved()).isEmpty();
    }

    private record Saved(String list, String name) {}

    private List<Saved> saved() {
        return lists().flatMap(list -> ((List<?>) Shared.SERVER.command("ZRANGE", list, "0", "-1")).stream()
                .map(name -> new Saved(list, name.toString()))).toList();
    }

    @Test
    void listsThatAreLostLaterComeBackWhileThereIsTime() {
        Job paused = bench.paused("job", "a1");
        Job running = bench.create("running");
        bench.advance(NOT_FOR_LONG);
        check();
        loseLists();

        bench.advance(TIMING.runningTtl().dividedBy(2));
        check();
        assertThat(bench.active("ann")).contains(running);

        bench.advance(TIMING.pauseBackstop().dividedBy(4));
        check();
        assertThat(bench.pending()).containsExactly(paused);
        assertThat(bench.active("ann")).containsExactlyInAnyOrder(paused, running);
    }

    @Test
    void promptThatWaitsForLongIsNotCheckedAllTheTime() {
        bench.paused("job", "a1");
        bench.advance(NOT_FOR_LONG);
        check();

        bench.advance(TIMING.pauseBackstop().dividedBy(8));

        assertThat(got(stores.getFirst().checkLists())).isZero();
    }

    @Test
    void endedJobIsNotCheckedForEver() {
        bench.complete(bench.create("job"));
        bench.advance(NOT_FOR_LONG);
        check();

        bench.advance(RedisSettings.CHECK_AGAIN_LATEST);

        assertThat(got(stores.getFirst().checkLists())).isZero();
    }

    @Test
    void placeThatNobodyFilledIsGivenUpWhenItIsNeeded() {
        TestClock clock = bench.clock;
        RedisStore narrow = RedisBench.store(Shared.WIRE, RedisBench.settings(prefix, RedisBench.BUCKETS, clock, TIMING,
                new Bounds(1, 100, 0, 10), "async"));
        Shared.SERVER.command("ZADD", keys().active(Space.TENANTLESS, new UserId("ann")).key(),
                clock.millis() + ".5", ":never-made");
        assertThat(got(narrow.jobs().create(wanted(key("job"), Bench.details("ann")))))
                .isInstanceOf(Transition.TooManyActiveJobs.class);

        clock.advance(Duration.ofMinutes(1));

        assertThat(got(narrow.jobs().create(wanted(key("job"), Bench.details("ann")))))
                .isInstanceOf(Transition.Won.class);
        narrow.close();
    }

    @Test
    void scriptsThatAreForgottenAllTheTimeAreTaughtAgain() {
        Thread forgetting = Thread.ofVirtual().unstarted(() -> {
            try (var wire = Shared.SERVER.connect()) {
                while (!Thread.currentThread().isInterrupted()) wire.send("SCRIPT", "FLUSH");
            }
        });
        forgetting.start();
        try {
            List<Job> done = Race.of(6, racer -> {
                Job last = bench.create("job" + racer);
                for (int turn = 0; turn < 30; turn++) {
                    last = bench.claim(bench.resolve(bench.paused("job" + racer, "a1"), "a1"), "a1", "w1");
                    last = bench.complete(bench.append(last, "token"));
                }
                return last;
            });

            assertThat(done).allSatisfy(job -> assertThat(job.lastSeq()).isEqualTo(6));
        } finally {
            forgetting.interrupt();
        }
    }

    private void check() {
        while (got(stores.getFirst().checkLists()) > 0) {}
    }

    private void loseLists() { lists().forEach(list -> Shared.SERVER.command("DEL", list)); }

    private Stream<String> lists() {
        return Stream.of("active", "waiting", "paused", "open")
                .flatMap(kind -> ((List<?>) Shared.SERVER.command("KEYS", prefix + ":*:" + kind + ":*")).stream())
                .map(Object::toString);
    }

    private Keys keys() { return new Keys(prefix, RedisBench.BUCKETS); }
}
