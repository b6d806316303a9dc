package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.Timing;
import dev.holdpoint.job.Transition;
import dev.holdpoint.machine.Until;
import dev.holdpoint.redis.RedisServer;
import dev.holdpoint.redis.RedisWire;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.Heard;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.store.redis.RedisBench.Shared;
import dev.holdpoint.store.redis.RedisBench.SharedCluster;
import dev.holdpoint.store.redis.wire.Commands.Kindness;
import dev.holdpoint.store.redis.wire.Wire;
import io.vertx.redis.client.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one replica writes another one hears, whole and in order, or reads again. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsAcrossReplicasTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int JOBS = 5;
    private static final int APPENDS = 100;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final String prefix = RedisBench.prefix();
    private final TestClock clock = new TestClock();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) one.close();
    }

    enum Redis {
        ONE, CLUSTER;

        Wire wire() {
            return this == ONE ? RedisBench.wire(Shared.SERVER.url()) : RedisBench.clusterWire(SharedCluster.CLUSTER);
        }
    }

    private <T extends AutoCloseable> T with(T one) {
        open.add(one);
        return one;
    }

    private RedisStore replica(Wire wire) {
        return with(RedisBench.store(wire,
                RedisBench.settings(prefix, RedisBench.BUCKETS, clock, TIMING, Bounds.WIDE, "async")));
    }

    private static Bench bench(RedisStore store) {
        return new Bench((clock, timing, bounds) -> new Ports(store.jobs(), store.log(), store.outbox(), store.rules(),
                job -> {}));
    }

    /** Reads on another replica what follows, woken by nothing but its watch. */
    private static final class Follower implements AutoCloseable {
        private final RedisStore on;
        private final Job job;
        private final Heard<EventId> wakes;
        private final List<LoggedEvent> events = new ArrayList<>();

        Follower(RedisStore on, Job job) {
            this.on = on;
            this.job = job;
            this.wakes = new Heard<>(on.log().watch(job.key()));
        }

        List<Long> until(long seq) {
            for (read(); last() < seq; read()) wakes.next();
            return events.stream().map(event -> event.id().seq()).toList();
        }

        private void read() {
            Slice slice = Bench.heard(on.log(), job, last(), 1_000);
            assertThat(slice.kept()).isTrue();
            events.addAll(slice.events());
        }

        private long last() { return events.isEmpty() ? 0 : events.getLast().id().seq(); }

        @Override
        public void close() { wakes.close(); }
    }

    private static List<Long> upTo(long seq) { return LongStream.rangeClosed(1, seq).boxed().toList(); }

    @ParameterizedTest
    @EnumSource
    void followerOnAnotherReplicaReadsEachEventOnceAndInOrder(Redis redis) {
        Bench here = bench(replica(with(redis.wire())));
        RedisStore there = replica(with(redis.wire()));
        List<Job> jobs = IntStream.range(0, JOBS).mapToObj(number -> here.create("job" + number)).toList();
        List<Follower> followers = jobs.stream().map(job -> with(new Follower(there, job))).toList();

        List<List<Long>> read = Race.of(2 * JOBS, racer -> {
            if (racer >= JOBS) return followers.get(racer - JOBS).until(APPENDS + 1);
            for (int at = 0; at < APPENDS; at++) here.append(jobs.get(racer), "token");
            return upTo(APPENDS + 1);
        });

        assertThat(read).containsOnly(upTo(APPENDS + 1));
        assertThat(followers).allSatisfy(one -> assertThat(one.events).isEqualTo(here.log(one.job)));
    }

    @ParameterizedTest
    @EnumSource
    void changesAreToldOnAnotherReplicaOnceAndInOrder(Redis redis) {
        Bench here = bench(replica(with(redis.wire())));
        Heard<Change> changes = with(new Heard<>(replica(with(redis.wire())).log().changes()));

        List<Job> done = Race.of(JOBS, number -> here.complete(
                here.claim(here.resolve(here.append(here.paused("job" + number, "a1"), "token"), "a1"), "a1", "w1")));

        List<Change> told = changes.next(5 * JOBS);
        assertThat(changes.rest()).isEmpty();
        for (Job job : done) {
            assertThat(told.stream().filter(change -> change.job().key().equals(job.key())).map(Change::event))
                    .containsExactlyElementsOf(here.log(job).stream().filter(event -> event.id().seq() != 3).toList());
        }
    }

    /** A server tells what is published in one database to whoever listens in any. */
    @Test
    void whatOneDatabaseOfAServerIsToldIsNotHeardInAnother() {
        Bench here = bench(replica(with(RedisBench.wire(Shared.SERVER.url() + "/1"))));
        Heard<Change> same =
                with(new Heard<>(replica(with(RedisBench.wire(Shared.SERVER.url() + "/1"))).log().changes()));
        Bench there = bench(replica(with(Redis.ONE.wire())));
        Heard<Change> other = with(new Heard<>(replica(with(Redis.ONE.wire())).log().changes()));

        Job job = here.create("here");
        assertThat(same.next().job().key()).isEqualTo(job.key());
        Job first = there.create("there");

        assertThat(other.next().job().key()).isEqualTo(first.key());
    }

    @ParameterizedTest
    @EnumSource
    void noticeThatNeverCameIsNoticedByProbing(Redis redis) {
        Wire wire = with(redis.wire());
        Bench here = bench(replica(wire));
        RedisStore there = replica(with(redis.wire()));
        Job job = here.create("job");
        got(there.probe());
        Heard<EventId> wakes = with(new Heard<>(there.log().watch(job.key())));
        Keys keys = new Keys(prefix, RedisBench.BUCKETS);
        int bucket = keys.bucket(job.key());
        got(wire.commands().send(bucket, Kindness.ONCE,
                Command.HINCRBY, keys.tide(bucket), "told", "1"));

        got(there.probe());

        assertThat(wakes.next()).isEqualTo(new EventId(0, 0));
        got(there.probe());
        assertThat(wakes.rest()).isEmpty();
    }

    /** In time that goes by itself: where it stands still, every bucket is looked at each time. */
    @Test
    void whatFallsDueIsKnownOnAnotherReplicaWithoutALookIntoEveryBucket() {
        RedisSettings settings = RedisBench.settings(prefix, RedisBench.BUCKETS, null, TIMING, Bounds.WIDE, "async");
        RedisStore there = unclocked(settings);
        Bench here = bench(unclocked(settings));
        Heard<Change> changes = with(new Heard<>(there.log().changes()));
        assertThat(got(there.jobs().due(10)).nextIn()).isNull();

        here.paused("job", "a1");
        changes.next(2);

        assertThat(got(there.jobs().due(10)).nextIn()).isNotNull().isLessThanOrEqualTo(TIMING.runningTtl());
    }

    @Test
    void whatIsOwedIsKnownOnAnotherReplicaWithoutALookIntoEveryBucket() {
        RedisSettings settings = RedisBench.settings(prefix, RedisBench.BUCKETS, null, TIMING, Bounds.WIDE, "async");
        RedisStore there = unclocked(settings);
        Bench here = bench(unclocked(settings));
        Heard<Change> changes = with(new Heard<>(there.log().changes()));
        assertThat(got(there.outbox().owed(10))).isEmpty();

        here.resolved("job", "a1");
        changes.next(3);

        assertThat(got(there.outbox().owed(10))).hasSize(1);
    }

    @Test
    void whatIsOwedIsFoundAgainWhenWhoeverLookedForItHangsUp() {
        RedisStore there = unclocked(
                RedisBench.settings(prefix, RedisBench.BUCKETS, null, TIMING, Bounds.WIDE, "async"));
        assertThat(got(there.outbox().owed(10))).isEmpty();
        bench(there).resolved("job", "a1");

        there.outbox().owed(10).subscribe().with(owed -> {}).cancel();

        assertThat(got(there.outbox().owed(10))).hasSize(1);
    }

    @Test
    void logThatHeldFarMoreThanIsKeptNowIsLetGoOfMoveByMove() {
        Wire wire = with(Redis.ONE.wire());
        Bench before = bench(replica(wire));
        Job job = before.create("job");
        for (int at = 0; at < 500; at++) before.append(job, "token");
        RedisSettings settings = RedisBench.settings(prefix, RedisBench.BUCKETS, clock, TIMING,
                new Bounds(100_000, 100_000, 10, 100), "async");
        Bench after = bench(with(RedisBench.store(wire, settings)));

        for (int at = 0; at < 10; at++) after.append(job, "token");

        Keys keys = new Keys(prefix, RedisBench.BUCKETS);
        int bucket = keys.bucket(job.key());
        assertThat(got(wire.commands().send(bucket, Kindness.READS, Command.XLEN,
                keys.log(bucket) + Keys.name(job.key()))).toInteger()).isEqualTo(10);
        Slice slice = got(after.log.read(job.key(), job.generation(), 501, 100));
        assertThat(slice.kept()).isTrue();
        assertThat(slice.events()).hasSize(10);
    }

    @Test
    void clusterIsReachedWhileTheAddressThatIsAskedFirstIsDead() {
        Wire wire = with(RedisBench.clusterWireBesideADeadAddress(SharedCluster.CLUSTER));

        assertThat(bench(replica(wire)).create("job").lastSeq()).isEqualTo(1);
    }

    @Test
    void whatIsToBeCheckedIsKnownOnAnotherReplicaWithoutALookIntoEveryBucket() {
        Timing lapsing = new Timing(TIMING.runningTtl(), TIMING.pauseBackstop(), Duration.ofMillis(1),
                TIMING.terminalRetention());
        RedisSettings settings = RedisBench.settings(prefix, RedisBench.BUCKETS, null, lapsing, Bounds.WIDE, "async");
        RedisStore there = unclocked(settings, clock);
        Bench here = bench(unclocked(settings, clock));
        got(there.checkLists());

        Job job = here.claimed("job", "a1", "w1");
        checkedOn(there, job);
        Until.holds("the lease lapses", PATIENCE,
                () -> got(here.store.reopen(job.key(), job.generation())) instanceof Transition.Won);
        checkedOn(there, job);
    }

    /**
     * What was just moved is to be checked two seconds later; the server's time, which nobody moves, is helped along.
     */
    private void checkedOn(RedisStore store, Job moved) {
        Wire wire = with(Redis.ONE.wire());
        Keys keys = new Keys(prefix, RedisBench.BUCKETS);
        int bucket = keys.bucket(moved.key());
        got(store.probe()); // by then all is heard that was said before
        got(wire.commands().send(bucket, Kindness.ONCE, Command.ZADD, keys.checks(bucket), "0",
                Keys.name(moved.key())));
        assertThat(got(store.checkLists())).isZero();
        clock.advance(RedisSettings.CHECK_AFTER);

        Until.holds("the move is heard of and checked", PATIENCE, () -> got(store.checkLists()) == 1);
        assertThat(got(store.checkLists())).isZero();
    }

    @Test
    void whatAMoveOwesIsKnownToItsMoverWhoHearsNothing() {
        RedisStore deaf = unclocked(
                RedisBench.settings(prefix, RedisBench.BUCKETS, null, TIMING, Bounds.WIDE, "async"));
        assertThat(got(deaf.outbox().owed(10))).isEmpty();
        deaf.close();

        bench(deaf).resolved("job", "a1");

        assertThat(got(deaf.outbox().owed(10))).hasSize(1);
    }

    private RedisStore unclocked(RedisSettings settings) {
        return unclocked(settings, InstantSource.system());
    }

    private RedisStore unclocked(RedisSettings settings, InstantSource estimate) {
        RedisStore store = with(new RedisStore(with(Redis.ONE.wire()), settings, estimate));
        got(store.ready());
        return store;
    }

    @Test
    void followerMissesNothingWhenItsReplicaIsCutOff() {
        Bench here = bench(replica(with(RedisBench.wire(Shared.SERVER.url()))));
        RedisStore there = replica(with(RedisBench.wire(Shared.SERVER.url())));
        Job job = here.create("job");
        Follower follower = with(new Follower(there, job));

        for (int at = 1; at <= 10; at++) {
            Shared.SERVER.command("CLIENT", "KILL", "TYPE", "pubsub");
            here.append(job, "token", "token");
            assertThat(follower.until(1 + 2L * at)).isEqualTo(upTo(1 + 2L * at));
        }
    }

    @Test
    void followerGoesOnAfterTheServerCameBack() {
        RedisServer server = with(RedisServer.standalone("appendonly yes", "appendfsync always"));
        Bench here = bench(replica(with(RedisBench.wire(server.url()))));
        RedisStore there = replica(with(RedisBench.wire(server.url())));
        Job job = here.create("job");
        Follower follower = with(new Follower(there, job));
        follower.until(1);
        server.restart();

        here.append(job, "token");

        assertThat(follower.until(2)).isEqualTo(upTo(2));
    }

    @Test
    void watchersThatHearNothingCostRedisNothing() {
        RedisServer server = with(RedisServer.standalone());
        RedisStore store = replica(with(RedisBench.wire(server.url())));
        Job job = bench(store).create("job");
        try (RedisWire wire = server.connect()) {
            List<Heard<EventId>> watchers =
                    IntStream.range(0, 1_000).mapToObj(number -> with(new Heard<>(store.log().watch(job.key()))))
                            .toList();
            wire.send("CONFIG", "RESETSTAT");
            // A few beats of the connections go by, and nothing else.
            Until.holds("two beats went by", PATIENCE, () -> calls(wire).contains("cmdstat_ping:calls=2"));

            assertThat(calls(wire).lines().filter(line -> line.startsWith("cmdstat_"))
                    .map(line -> line.substring(8, line.indexOf(':'))))
                    .containsOnly("ping", "info", "config|resetstat");
            assertThat(watchers).allSatisfy(one -> assertThat(one.rest()).isEmpty());
        }
    }

    private static String calls(RedisWire wire) { return wire.send("INFO", "commandstats").toString(); }
}
