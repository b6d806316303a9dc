package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.action;
import static dev.holdpoint.store.Bench.decision;
import static dev.holdpoint.store.Bench.details;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.reports;
import static dev.holdpoint.store.Bench.wanted;
import static dev.holdpoint.store.Bench.won;
import static dev.holdpoint.store.Bench.worker;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.StoreTrouble.Kind;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.AlreadyDecided;
import dev.holdpoint.job.Transition.Won;
import dev.holdpoint.machine.Until;
import dev.holdpoint.redis.RedisCluster;
import dev.holdpoint.redis.RedisServer;
import dev.holdpoint.redis.RedisWire;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.redis.wire.Wire;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every way in which Redis fails ends in an answer or in a trouble with a name; never in
 * another exception, never in a false refusal.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TroublesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A caller waits no longer, whatever Redis does. */
    private static final Duration LONGEST = Duration.ofSeconds(9);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final String prefix = RedisBench.prefix();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) one.close();
    }

    private <T extends AutoCloseable> T with(T one) {
        open.add(one);
        return one;
    }

    private RedisServer server(String... lines) { return with(RedisServer.standalone(lines)); }

    private Bench on(RedisServer server) { return on(with(RedisBench.wire(server.url())), false); }

    private Bench on(Wire wire, boolean confirmed) {
        return new Bench((clock, timing, bounds) -> {
            RedisSettings settings = RedisBench.settings(prefix, RedisBench.BUCKETS, clock, timing, bounds, "async");
            RedisStore store = with(RedisBench.store(wire, confirmed ? RedisBench.confirmed(settings) : settings));
            return new Ports(store.jobs(), store.log(), store.outbox(), store.rules(), job -> {});
        }, TIMING, Bounds.WIDE);
    }

    private static Kind trouble(Supplier<Uni<?>> command) {
        long before = System.nanoTime();
        try {
            Object answer = got(command.get());
            throw new AssertionError("answered " + answer);
        } catch (StoreTrouble trouble) {
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONGEST);
            return trouble.kind();
        }
    }

    /** Until the store serves again. */
    private static void awaitService(Bench bench, JobKey job, Duration patience) {
        Until.holds("service is back", patience, () -> {
            try {
                got(bench.store.find(job));
                return true;
            } catch (StoreTrouble notYet) {
                return false;
            }
        });
    }

    @Test
    void stoppedServerIsUnavailableAndServedWithinTwoSecondsOfItsReturn() {
        RedisServer server = server("appendonly yes", "appendfsync always");
        Bench bench = on(server);
        Job paused = bench.paused("job", "a1");
        server.kill();

        assertThat(trouble(() -> bench.store.find(paused.key()))).isEqualTo(Kind.UNAVAILABLE);
        assertThat(trouble(() -> bench.store.create(wanted(key("other"), details("ann"))))).isEqualTo(Kind.UNAVAILABLE);
        assertThat(trouble(() -> bench.store.resolve(paused.key(), decision(paused, "a1", "ann"))))
                .isEqualTo(Kind.UNAVAILABLE);
        server.restart();

        awaitService(bench, paused.key(), Duration.ofSeconds(2));
        bench.resolve(paused, "a1");
    }

    @Test
    void connectionThatIsKilledMidwayLosesNoAnswerThatCanBeFoundOut() {
        RedisServer server = server();
        Bench bench = on(server);
        List<Job> paused = Race.of(4, racer -> bench.paused("job" + racer, "a1"));
        AtomicInteger answers = new AtomicInteger();
        Thread killing = Thread.ofVirtual().unstarted(() -> {
            try (RedisWire wire = server.connect()) {
                for (int last = -1; !Thread.currentThread().isInterrupted(); last = answers.get()) {
                    int seen = last;
                    Until.holds("somebody is answered", PATIENCE,
                            () -> answers.get() > seen || Thread.currentThread().isInterrupted());
                    wire.send("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                }
            }
        });
        killing.start();
        try {
            Race.of(4, racer -> {
                Job job = paused.get(racer);
                for (int turn = 0; turn < 10; turn++) {
                    assertThat(orTrouble(() -> bench.store.heartbeat(job.key(), job.fence()))).isInstanceOf(Won.class);
                    assertThat(orTrouble(() -> bench.store.pause(job.key(), job.fence(), Bench.prompt("a1"), null)))
                            .isInstanceOf(Won.class);
                    answers.incrementAndGet();
                }
                Transition resolved = orTrouble(() -> bench.store.resolve(job.key(), decision(job, "a1", "ann")));
                if (resolved instanceof AlreadyDecided other)
                    assertThat(other.winner().decidedBy().subject()).isEqualTo("ann");
                else assertThat(resolved).isInstanceOf(Won.class);
                return job;
            });
        } finally {
            killing.interrupt();
        }
        assertThat(paused).allSatisfy(job -> assertThat(bench.find(job.key()).continuation()).isPresent());
    }

    /** The answer, asked for again for as long as there is only trouble. */
    private static Transition orTrouble(Supplier<Uni<Transition>> command) {
        for (int times = 0; times < 50; times++) {
            try {
                return got(command.get());
            } catch (StoreTrouble trouble) {
                assertThat(trouble.kind()).isIn(Kind.UNAVAILABLE, Kind.OUTCOME_UNKNOWN);
            }
        }
        throw new AssertionError("nothing but trouble");
    }

    @Test
    void fullServerTakesNothingNewButLetsEverythingBeDecidedAndEnded() {
        RedisServer server = server();
        Bench bench = on(server);
        Job running = bench.create("running");
        Job decided = bench.paused("decided", "a1");
        Job expired = bench.paused("expired", "a1");
        server.command("CONFIG", "SET", "maxmemory", "1");

        assertThat(trouble(() -> bench.store.create(wanted(key("new"), details("ann"))))).isEqualTo(Kind.OVERLOADED);
        assertThat(trouble(
                () -> bench.store.append(running.key(), running.fence(), OptionalLong.empty(), reports("token"))))
                .isEqualTo(Kind.OVERLOADED);
        bench.heartbeat(running);
        long before = System.nanoTime();
        Job resolved = bench.resolve(decided, "a1");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        assertThat(bench.tryClaimOldest("w1")).isInstanceOf(Won.class);
        bench.complete(bench.claim(resolved, "a1", "w1"));
        won(got(bench.store.expireByHand(expired.key(), action("a1"))));
        bench.abort(running);
        bench.payAll();
    }

    @Test
    void replicaTakesNoWritesUntilItIsPromoted() {
        RedisServer server = server();
        Bench bench = on(server);
        Job paused = bench.paused("job", "a1");
        server.command("REPLICAOF", "127.0.0.1", "1");

        assertThat(trouble(() -> bench.store.resolve(paused.key(), decision(paused, "a1", "ann"))))
                .isEqualTo(Kind.READONLY);
        assertThat(bench.find(paused.key())).isEqualTo(paused);
        server.command("CONFIG", "SET", "replica-serve-stale-data", "no");
        assertThat(trouble(() -> bench.store.find(paused.key()))).isEqualTo(Kind.UNAVAILABLE);

        server.command("REPLICAOF", "NO", "ONE");
        bench.resolve(paused, "a1");
    }

    @Test
    void serverThatHangsLeavesWritesUnknownAndReadsUndone() {
        RedisServer server = server();
        Bench bench = on(server);
        Job paused = bench.paused("job", "a1");
        server.pause();

        List<Kind> kinds = Race.of(List.of(
                () -> trouble(() -> bench.store.resolve(paused.key(), decision(paused, "a1", "ann"))),
                () -> trouble(
                        () -> bench.store.append(paused.key(), paused.fence(), OptionalLong.empty(), reports("token"))),
                () -> trouble(() -> bench.store.find(paused.key()))));
        server.resume();

        assertThat(kinds).containsExactly(Kind.OUTCOME_UNKNOWN, Kind.OUTCOME_UNKNOWN, Kind.UNAVAILABLE);
        awaitService(bench, paused.key(), PATIENCE);
        assertThat(bench.tryResolve(paused, "a1", "ann")).satisfiesAnyOf(
                first -> assertThat(first).isInstanceOf(Won.class),
                again -> assertThat(again).asInstanceOf(type(AlreadyDecided.class))
                        .extracting(other -> other.winner().decidedBy().subject()).isEqualTo("ann"));
    }

    @Test
    void shortHangGoesUnnoticed() {
        RedisServer server = server("enable-debug-command yes");
        Bench bench = on(server);
        try (RedisWire wire = server.connect()) {
            Thread sleeping = Thread.ofVirtual().start(() -> wire.send("DEBUG", "SLEEP", "0.5"));

            bench.resolved("job", "a1");

            assertThat(sleeping.join(PATIENCE)).isTrue();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    @Test
    void serverThatCannotWriteItsSnapshotIsReadOnly() {
        RedisServer server = server("save 3600 1", "enable-protected-configs yes");
        Bench bench = on(server);
        Job paused = bench.paused("job", "a1");
        server.command("CONFIG", "SET", "dir", "/proc");
        try {
            server.command("BGSAVE");
        } catch (RedisWire.Refused cannotFork) {
            // as good
        }
        server.awaitInfo("rdb_last_bgsave_status", "err");

        assertThat(trouble(() -> bench.store.resolve(paused.key(), decision(paused, "a1", "ann"))))
                .isEqualTo(Kind.READONLY);
        assertThat(bench.find(paused.key())).isEqualTo(paused);
    }

    @Test
    void serverThatMissesItsReplicasIsReadOnly() {
        RedisServer server = server();
        Bench bench = on(server);
        Job paused = bench.paused("job", "a1");
        server.command("CONFIG", "SET", "min-replicas-to-write", "1");

        assertThat(trouble(() -> bench.store.resolve(paused.key(), decision(paused, "a1", "ann"))))
                .isEqualTo(Kind.READONLY);
        server.command("CONFIG", "SET", "min-replicas-to-write", "0");
        bench.resolve(paused, "a1");
    }

    @Test
    void serverThatIsStillLoadingIsUnavailable() throws InterruptedException {
        RedisServer server = server("key-load-delay 100000", "loading-process-events-interval-bytes 1024");
        Bench bench = on(server);
        for (int number = 0; number < 8; number++) bench.paused("job" + number, "a1");
        server.command("SAVE");
        server.kill();
        Thread starting = Thread.ofVirtual().start(server::restart);

        Kind kind = trouble(() -> bench.store.find(key("job1")));

        assertThat(kind).isEqualTo(Kind.UNAVAILABLE);
        assertThat(starting.join(PATIENCE)).isTrue();
        awaitService(bench, key("job1"), PATIENCE);
        assertThat(bench.exists(key("job1"))).isTrue();
    }

    @Test
    void serverThatIsBusyWithAScriptIsOverloaded() throws InterruptedException {
        RedisServer server = server("busy-reply-threshold 20");
        Bench bench = on(server);
        Job paused = bench.paused("job", "a1");
        Thread busy = Thread.ofVirtual().start(() -> {
            try (RedisWire wire = server.connect()) {
                wire.send("EVAL", "while true do end", "0");
            } catch (RuntimeException killed) {
                assertThat(killed).hasMessageContaining("script");
            }
        });
        Until.holds("the server is busy", PATIENCE, () -> {
            try {
                server.command("PING");
                return false;
            } catch (RedisWire.Refused refused) {
                return refused.getMessage().startsWith("BUSY");
            }
        });

        assertThat(trouble(() -> bench.store.resolve(paused.key(), decision(paused, "a1", "ann"))))
                .isEqualTo(Kind.OVERLOADED);
        server.command("SCRIPT", "KILL");
        assertThat(busy.join(PATIENCE)).isTrue();
        bench.resolve(paused, "a1");
    }

    @Test
    void decisionThatNoReplicaConfirmsIsUnknownAndIsAnsweredWhenOneDoes() {
        RedisServer server = server();
        RedisServer replica = with(RedisServer.replicaOf(server));
        Bench bench = on(with(RedisBench.confirmedWire(server.url())), true);
        Job paused = bench.paused("job", "a1");
        replica.pause();

        assertThat(trouble(() -> bench.store.resolve(paused.key(), decision(paused, "a1", "ann"))))
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(trouble(() -> bench.store.resolve(paused.key(), decision(paused, "a1", "ann"))))
                .as("its own decision, again").isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(trouble(() -> bench.store.resolve(paused.key(), decision(paused, "a1", "bob"))))
                .as("somebody else's").isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(trouble(() -> bench.store.claim(paused.key(), action("a1"), worker("w1"))))
                .isEqualTo(Kind.OUTCOME_UNKNOWN);
        replica.resume();

        Until.holds("the replica confirms", PATIENCE, () -> isAnswered(bench, paused));
        for (String subject : List.of("ann", "bob")) {
            assertThat(bench.tryResolve(paused, "a1", subject)).asInstanceOf(type(AlreadyDecided.class))
                    .extracting(lost -> lost.winner().decidedBy().subject()).isEqualTo("ann");
        }
        bench.claim(paused, "a1", "w1");
    }

    private static boolean isAnswered(Bench bench, Job paused) {
        try {
            bench.tryResolve(paused, "a1", "bob");
            return true;
        } catch (StoreTrouble unknown) {
            return false;
        }
    }

    @Test
    void slotsOnTheMoveAreFollowedAndALostShardIsUnavailable() {
        RedisCluster cluster = with(RedisCluster.start());
        Wire wire = with(RedisBench.clusterWire(cluster));
        Bench bench = on(wire, false);
        Job first = bench.paused("job", "a1");
        int slot = cluster.slotOf(new Keys(prefix, RedisBench.BUCKETS).ofMove(first.key()).getFirst());
        RedisServer from = cluster.primaryOf(slot);
        RedisServer to = cluster.nodes().subList(0, 3).stream().filter(node -> node.port() != from.port()).findFirst()
                .orElseThrow();

        Race.of(List.of(() -> {
            cluster.move(slot, from, to);
            return first;
        }, () -> {
            Job last = first;
            for (int turn = 0; turn < 40; turn++)
                last = bench.complete(bench.append(bench.claim(
                        bench.resolve(bench.paused("job", "a1"), "a1"), "a1", "w1"), "token"));
            return last;
        }));
        assertThat(cluster.primaryOf(slot)).isEqualTo(to);
        assertThat(bench.count(dev.holdpoint.job.JobStatus.COMPLETE)).isEqualTo(1);

        RedisServer replica = cluster.replicaOf(to);
        replica.kill();
        to.kill();
        assertThat(trouble(() -> bench.store.find(first.key()))).isEqualTo(Kind.UNAVAILABLE);
        to.restart();
        replica.restart();
        cluster.awaitWhole();
        awaitService(bench, first.key(), PATIENCE);
    }

    @Test
    void whatLiesOnALostShardHoldsUpNoClaimOfTheOldestAndComesBeforeWhatIsDecidedAMinuteLater() {
        RedisCluster cluster = with(RedisCluster.start("cluster-require-full-coverage no", "appendonly yes",
                "appendfsync always"));
        Bench bench = on(with(RedisBench.clusterWire(cluster)), false);
        Keys keys = new Keys(prefix, RedisBench.BUCKETS);
        RedisServer ofList = cluster.primaryOf(cluster.slotOf(keys.open(Space.TENANTLESS, null).key()));
        Map<RedisServer, List<String>> ids = IntStream.range(0, 60).mapToObj(number -> "job-" + number)
                .collect(groupingBy(id -> cluster.primaryOf(cluster.slotOf(keys.ofMove(key(id)).getFirst()))));
        RedisServer lost = ids.keySet().stream().filter(server -> server.port() != ofList.port()).findFirst()
                .orElseThrow();
        List<String> reachable = ids.entrySet().stream().filter(one -> one.getKey().port() != lost.port())
                .flatMap(one -> one.getValue().stream()).toList();
        List<JobKey> away = ids.get(lost).subList(0, 5).stream().map(id -> bench.resolved(id, "a1").key()).toList();
        bench.advance(Duration.ofHours(1));
        Job near = bench.resolved(reachable.get(0), "a1");
        Job later = bench.paused(reachable.get(1), "a1");
        RedisServer replica = cluster.replicaOf(lost);
        replica.kill();
        lost.kill();
        Until.holds("the shard is given up", PATIENCE,
                () -> cluster.nodes().stream().filter(RedisServer::isAlive)
                        .allMatch(node -> node.command("CLUSTER", "NODES").toString().lines()
                                .anyMatch(line -> line.contains("master,fail "))));

        for (Object expected : List.of(near.key(), new Transition.StillUndecided())) {
            long before = System.nanoTime();
            Transition outcome = bench.tryClaimOldest("w1");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONGEST);
            assertThat(outcome instanceof Won won ? won.job().key() : outcome).isEqualTo(expected);
        }

        bench.advance(Duration.ofSeconds(61));
        bench.resolve(later, "a1");
        lost.restart();
        replica.restart();
        cluster.awaitWhole();
        awaitService(bench, away.getFirst(), PATIENCE);
        List<JobKey> claimed = IntStream.rangeClosed(0, away.size())
                .mapToObj(at -> won(bench.tryClaimOldest("w2")).key()).toList();
        assertThat(claimed.subList(0, away.size())).containsExactlyInAnyOrderElementsOf(away);
        assertThat(claimed.getLast()).isEqualTo(later.key());
    }
}
