package dev.holdpoint.sweep;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.holdpoint.job.DueJobs;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Sight;
import dev.holdpoint.store.Heard;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.memory.MemoryBench;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import org.junit.jupiter.api.Test;

class SweepTest {
    private static final Expiries IGNORED = (prompt, at) -> {};
    private static final Duration SHORT = Duration.ofMinutes(1);
    private static final int MANY = 10_000;

    private final Bench bench = MemoryBench.bench();
    private final Sweep sweep = new Sweep(bench.store, IGNORED);

    @Test
    void emptyStoreHasNothingToSeeTo() {
        assertThat(run()).isNull();
    }

    @Test
    void promptPastItsDeadlineExpires() {
        bench.pause(bench.create("dead"), prompt("a1", SHORT));
        bench.pause(bench.create("live"), prompt("a1", SHORT.plusSeconds(1)));
        bench.advance(SHORT);

        Duration next = run();

        assertThat(next).isEqualTo(Duration.ofSeconds(1));
        assertThat(bench.find(key("dead")).ended().orElseThrow().how().error()).isEqualTo(JobError.APPROVAL_EXPIRED);
        assertThat(bench.find(key("live")).status()).isEqualTo(JobStatus.REQUIRES_ACTION);
    }

    @Test
    void promptThatCannotBeReadExpires() {
        Job paused = bench.paused("job", "a1");
        bench.losePrompt(paused.key());

        run();

        assertThat(bench.find(paused.key()).ended().orElseThrow().how().error()).isEqualTo(JobError.APPROVAL_EXPIRED);
    }

    @Test
    void jobWhoseWorkerFellSilentIsReaped() {
        bench.create("silent");
        bench.advance(TIMING.runningTtl().minusMillis(1));
        bench.create("busy");
        bench.advance(Duration.ofMillis(1));

        run();

        assertThat(bench.find(key("silent")).ended().orElseThrow().how().error()).isEqualTo(JobError.WORKER_LOST);
        assertThat(bench.find(key("busy")).status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void lapsedLeaseIsOpenedAgain() {
        bench.claimed("job", "a1", "w1");
        bench.advance(TIMING.lease());

        run();

        Job open = bench.find(key("job"));
        assertThat(open.continuation().orElseThrow().isOpen()).isTrue();
        assertThat(Bench.won(bench.tryClaimOldest("w2")).execution()).isEqualTo(3);
    }

    @Test
    void workerThatNeverComesBackIsLostInTheEnd() {
        bench.claimed("job", "a1", "w1");
        bench.advance(TIMING.runningTtl());

        run();

        assertThat(bench.find(key("job")).ended().orElseThrow().how().error()).isEqualTo(JobError.WORKER_LOST);
    }

    @Test
    void endedJobIsReclaimedOnceItsTimeIsOverAndTheArchiveHasIt() {
        bench.complete(bench.create("job"));
        bench.advance(TIMING.terminalRetention());

        run();
        assertThat(bench.exists(key("job"))).isTrue();

        bench.payAll();
        bench.advance(Duration.ofSeconds(1));
        run();
        assertThat(bench.exists(key("job"))).isFalse();
    }

    @Test
    void jobsThatTheArchiveIsOwedDoNotKeepTheSweepFromOthers() {
        for (int number = 0; number < 1_200; number++) bench.complete(bench.create("ended-" + number));
        bench.advance(TIMING.terminalRetention().plus(SHORT));
        bench.pause(bench.create("prompt"), prompt("a1", Duration.ofMillis(1)));
        bench.advance(Duration.ofMillis(1));

        for (int pass = 0; pass < 5; pass++) run();

        assertThat(bench.find(key("prompt")).status()).isEqualTo(JobStatus.ABORTED);
        assertThat(bench.count(JobStatus.COMPLETE)).isEqualTo(1_200);
    }

    @Test
    void secondRunIsHarmless() {
        everyDuty();
        run();
        Sight after = bench.sight(key("prompt"));
        List<Job> owed = bench.owed();

        run();

        assertThat(bench.sight(key("prompt"))).isEqualTo(after);
        assertThat(bench.owed()).isEqualTo(owed);
    }

    @Test
    void tenThousandDueJobsAreSeenToInOneRun() {
        for (int number = 0; number < MANY; number++) {
            bench.pause(bench.create("job-" + number), prompt("a1", SHORT));
        }
        bench.advance(SHORT);

        run();

        assertThat(bench.count(JobStatus.ABORTED)).isEqualTo(MANY);
        assertThat(bench.count(JobStatus.REQUIRES_ACTION)).isZero();
    }

    @Test
    void storeIsAskedForManyAtOnce() {
        Job silent = bench.create("job");
        Sighting due = new Sighting(silent, bench.now());
        List<UniEmitter<? super Object>> asked = new ArrayList<>();
        AtomicInteger looks = new AtomicInteger();

        // A store that answers nobody before the third has asked, as one does that writes what came together in one go.
        JobStore slow = (JobStore) Proxy.newProxyInstance(JobStore.class.getClassLoader(),
                new Class<?>[]{JobStore.class}, (store, method, arguments) -> method.getName().equals("due")
                        ? Uni.createFrom()
                                .item(new DueJobs(looks.getAndIncrement() == 0 ? List.of(due, due, due) : List.of(),
                                        SHORT))
                        : Uni.createFrom().emitter(waiting -> {
                            asked.add(waiting);
                            if (asked.size() < 3) return;
                            asked.forEach(one -> one.complete(new Transition.Won(silent, bench.now())));
                        }));

        assertThat(got(new Sweep(slow, IGNORED).run())).isEqualTo(SHORT);
        assertThat(asked).hasSize(3);
    }

    @Test
    void jobThatCannotBeSeenToDoesNotHoldUpTheOthers() {
        for (int number = 0; number < 200; number++) bench.create("silent-" + number);
        bench.advance(TIMING.runningTtl());
        for (int number = 0; number < 200; number++)
            bench.pause(bench.create("dead-" + number), prompt("a1", SHORT));
        bench.advance(SHORT);

        // Of what falls due, the first of each kind fails.
        JobStore broken = (JobStore) Proxy.newProxyInstance(JobStore.class.getClassLoader(),
                new Class<?>[]{JobStore.class}, (store, method, arguments) -> {
                    if (method.getName().equals("reap") && arguments[0].equals(key("silent-0")))
                        return Uni.createFrom().failure(new IllegalStateException("strange"));
                    if (!method.getName().equals("expireDead")) return method.invoke(bench.store, arguments);
                    List<?> dead = (List<?>) arguments[0];
                    return Multi.createBy().concatenating().streams(
                            (Multi<?>) method.invoke(bench.store, dead.subList(1, dead.size())),
                            Multi.createFrom().failure(new IllegalStateException("strange")));
                });
        assertThat(got(new Sweep(broken, IGNORED).run())).as("to come back at once would find it there again").isNull();

        assertThat(bench.count(JobStatus.RUNNING)).isOne();
        assertThat(bench.count(JobStatus.REQUIRES_ACTION)).isOne();
    }

    @Test
    void isBehindWhileMoreIsDueThanIsSeenToAtOnce() {
        List<Boolean> behind = new ArrayList<>();
        AtomicReference<Sweep> watched = new AtomicReference<>();
        watched.set(new Sweep(bench.store, (prompt, at) -> behind.add(watched.get().isBehind())));

        for (int number = 0; number < 64; number++) bench.pause(bench.create("few-" + number), prompt("a1", SHORT));
        bench.advance(SHORT);
        got(watched.get().run());
        assertThat(behind).hasSize(64).containsOnly(false);

        behind.clear();
        for (int number = 0; number < 65; number++) bench.pause(bench.create("many-" + number), prompt("a1", SHORT));
        bench.advance(SHORT);
        got(watched.get().run());
        assertThat(behind).hasSize(65).containsOnly(true);
        assertThat(watched.get().isBehind()).isFalse();
    }

    @Test
    void endedJobsThatTheArchiveIsOwedDoNotMakeItBehind() {
        for (int number = 0; number < 65; number++) bench.complete(bench.create("ended-" + number));
        bench.advance(TIMING.terminalRetention());
        bench.pause(bench.create("prompt"), prompt("a1", SHORT));
        bench.advance(SHORT);
        List<Boolean> behind = new ArrayList<>();
        AtomicReference<Sweep> watched = new AtomicReference<>();
        watched.set(new Sweep(bench.store, (prompt, at) -> behind.add(watched.get().isBehind())));
        assertThat(bench.due()).hasSize(66);

        got(watched.get().run());

        assertThat(behind).containsExactly(false);
    }

    @Test
    void manyPassesOfOneRunDoNotPileUp() {
        Job silent = bench.create("job");
        AtomicInteger passes = new AtomicInteger(5_000);

        // A store in which something is always due, for a while.
        JobStore busy = (JobStore) Proxy.newProxyInstance(JobStore.class.getClassLoader(),
                new Class<?>[]{JobStore.class}, (store, method, arguments) -> Uni.createFrom()
                        .item(method.getName().equals("due")
                                ? new DueJobs(passes.getAndDecrement() > 0
                                        ? List.of(new Sighting(silent, bench.now())) : List.of(), SHORT)
                                : new Transition.Won(silent, bench.now())));

        assertThat(got(new Sweep(busy, IGNORED).run())).isEqualTo(SHORT);
        assertThat(passes.get()).isEqualTo(-1);
    }

    @Test
    void twoSweepsAtOnceShareTheWork() {
        for (int number = 0; number < 2_000; number++) {
            bench.pause(bench.create("job-" + number), prompt("a1", SHORT));
        }
        everyDuty();
        try (Heard<Change> heard = new Heard<>(bench.log.changes())) {
            Race.of(2, runner -> {
                new Sweep(bench.store, IGNORED).run().await().atMost(Duration.ofSeconds(30));
                return runner;
            });

            List<Change> changes = heard.rest();
            assertThat(changes).hasSize(2_000 + 2);
            assertThat(changes.stream().map(change -> change.job().key())).doesNotHaveDuplicates();
        }
        assertThat(bench.exists(key("ended"))).isFalse();
        assertThat(bench.find(key("leased")).continuation().orElseThrow().isOpen()).isTrue();
    }

    /** One job for each duty, due now. */
    private void everyDuty() {
        bench.complete(bench.create("ended"));
        bench.payAll();
        bench.create("silent");
        bench.advance(TIMING.runningTtl());
        bench.pause(bench.create("prompt"), prompt("a1", TIMING.lease()));
        bench.claimed("leased", "a1", "w1");
        bench.advance(TIMING.lease());
    }

    private Duration run() { return got(sweep.run()); }
}
