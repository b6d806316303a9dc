package dev.holdpoint.continuation;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.action;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.won;
import static dev.holdpoint.store.Bench.worker;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.holdpoint.job.ClosedAction.Outcome;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.poll.LongPolls;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.memory.MemoryBench;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;

/** Claims that wait. Nobody sleeps here: the only waits that run out are a millisecond long. */
class ClaimsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration BLINK = Duration.ofMillis(1);
    private static final Duration SHORT = Duration.ofMinutes(1);

    private final Bench bench = MemoryBench.bench();
    private final Claims claims = new Claims(bench.store, bench.log, new LongPolls(Multi.createFrom().nothing()));

    @Test
    void decisionThatIsThereIsClaimedAtOnce() {
        Job resolved = bench.resolved("job", "a1");

        assertThat(won(got(claims.claim(resolved.key(), action("a1"), worker("w"), Duration.ZERO))).execution())
                .isEqualTo(2);
    }

    @Test
    void waiterIsWokenByTheDecision() {
        Job paused = bench.paused("job", "a1");
        CompletableFuture<Transition> waiter = waiter(paused);
        assertThat(waiter).isNotDone();

        bench.append(paused, "flushed");
        assertThat(waiter).isNotDone();
        bench.resolve(paused, "a1");

        assertThat(won(waiter.join()).fence()).isEqualTo(bench.find(paused.key()).fence());
    }

    @Test
    void waiterIsWokenByExpiry() {
        Job paused = bench.pause(bench.create("job"), prompt("a1", SHORT));
        CompletableFuture<Transition> waiter = waiter(paused);

        bench.advance(SHORT);
        bench.expire(paused, "a1");

        assertThat(waiter.join()).isEqualTo(new Transition.ActionClosed(Outcome.EXPIRED));
    }

    @Test
    void waiterIsWokenByAbort() {
        Job paused = bench.paused("job", "a1");
        CompletableFuture<Transition> waiter = waiter(paused);

        bench.abort(paused);

        assertThat(waiter.join()).isEqualTo(new Transition.ActionClosed(Outcome.ABORTED));
    }

    @Test
    void waiterIsWokenByReplacement() {
        Job paused = bench.paused("job", "a1");
        CompletableFuture<Transition> waiter = waiter(paused);

        bench.create("job");

        assertThat(waiter.join()).isEqualTo(new Transition.ActionClosed(Outcome.REPLACED));
    }

    @Test
    void claimOnADeadPromptBuriesIt() {
        Job paused = bench.pause(bench.create("job"), prompt("a1", SHORT));
        bench.advance(SHORT);

        assertThat(got(claims.claim(paused.key(), action("a1"), worker("w"), LONG)))
                .isEqualTo(new Transition.ActionClosed(Outcome.EXPIRED));
        assertThat(bench.find(paused.key()).status()).isEqualTo(JobStatus.ABORTED);
    }

    @Test
    void waitThatRunsOutIsStillUndecided() {
        Job paused = bench.paused("job", "a1");

        assertThat(got(claims.claim(paused.key(), action("a1"), worker("w"), BLINK)))
                .isEqualTo(new Transition.StillUndecided());
        assertThat(got(claims.claimOldest(Space.TENANTLESS, Set.of(), worker("w"), BLINK)))
                .isEqualTo(new Transition.StillUndecided());
    }

    @Test
    void whoeverStoppedWaitingClaimsNothing() {
        Job paused = bench.paused("job", "a1");
        var one = claims.claim(paused.key(), action("a1"), worker("w1"), LONG).subscribe().with(outcome -> {});
        var any = oldest("w2").subscribe().with(outcome -> {});

        one.cancel();
        any.cancel();
        Job resolved = bench.resolve(paused, "a1");

        assertThat(bench.find(paused.key())).isEqualTo(resolved);
        assertThat(resolved.continuation().orElseThrow().isOpen()).isTrue();
    }

    @Test
    void ofManyWaitersOneClaimsAndTheOthersLearnIt() {
        Job paused = bench.paused("job", "a1");
        List<CompletableFuture<Transition>> waiters = Stream.iterate(0, at -> at < 20, at -> at + 1)
                .map(at -> claims.claim(paused.key(), action("a1"), worker("w" + at), LONG).subscribe()
                        .asCompletionStage())
                .toList();

        bench.resolve(paused, "a1");

        List<Transition> outcomes = waiters.stream().map(CompletableFuture::join).toList();
        assertThat(outcomes.stream().filter(Transition.Won.class::isInstance)).hasSize(1);
        assertThat(outcomes.stream().filter(Transition.AlreadyClaimed.class::isInstance)).hasSize(19);
    }

    @Test
    void oldestIsHandedToAWaiterWhenItIsDecided() {
        Job paused = bench.paused("job", "a1");
        CompletableFuture<Transition> waiter = oldest("w").subscribe().asCompletionStage();
        assertThat(waiter).isNotDone();

        bench.resolve(paused, "a1");

        assertThat(won(waiter.join()).key()).isEqualTo(paused.key());
    }

    @Test
    void oldestIsHandedToAWaiterWhenALeaseLapses() {
        Job claimed = bench.claimed("job", "a1", "w1");
        CompletableFuture<Transition> waiter = oldest("w2").subscribe().asCompletionStage();

        bench.advance(TIMING.lease());
        won(got(bench.store.reopen(claimed.key(), claimed.generation())));

        assertThat(won(waiter.join()).execution()).isEqualTo(3);
    }

    @Test
    void waiterOfOneSpaceIsLeftAloneByAnother() {
        JobKey elsewhere = new Space(new TenantId("acme")).job(new JobId("job"));
        CompletableFuture<Transition> waiter = oldest("w").subscribe().asCompletionStage();

        bench.resolve(bench.pause(bench.create(elsewhere, "ann"), "a1"), "a1");
        assertThat(waiter).isNotDone();

        bench.resolved("job", "a1");
        assertThat(won(waiter.join()).key().space()).isEqualTo(Space.TENANTLESS);
    }

    @Test
    void noWakeIsLostBetweenManyDecisionsAndManyWorkers() {
        int jobs = 400;
        for (int number = 0; number < jobs; number++) bench.paused("job-" + number, "a1");
        Map<JobKey, String> workers = new ConcurrentHashMap<>();
        Callable<Integer> decide = () -> {
            for (int number = 0; number < jobs; number++) {
                bench.tryResolve(bench.find(Bench.key("job-" + number)), "a1", "ann");
            }
            return 0;
        };
        List<Callable<Integer>> runners = Stream.concat(Stream.of(decide, decide),
                Stream.iterate(0, at -> at < 8, at -> at + 1).map(at -> (Callable<Integer>) () -> {
                    for (int round = 0; round < jobs / 8; round++) {
                        Job job = won(got(oldest("w" + at)));
                        assertThat(workers.put(job.key(), "w" + at)).isNull();
                    }
                    return 1;
                })).toList();

        assertThat(Race.of(runners)).hasSize(10);

        assertThat(workers).hasSize(jobs);
    }

    @Test
    void noWakeIsLostBetweenADecisionAndItsWaiter() {
        for (int round = 0; round < 300; round++) {
            Job paused = bench.paused("job-" + round, "a1");
            List<Transition> outcomes = Race.of(List.of(
                    () -> bench.tryResolve(paused, "a1", "ann"),
                    () -> got(claims.claim(paused.key(), action("a1"), worker("w"), LONG))));

            assertThat(won(outcomes.get(1)).execution()).isEqualTo(2);
        }
    }

    private CompletableFuture<Transition> waiter(Job job) {
        return claims.claim(job.key(), action("a1"), worker("w"), LONG).subscribe().asCompletionStage();
    }

    private Uni<Transition> oldest(String worker) {
        return claims.claimOldest(Space.TENANTLESS, Set.of(), worker(worker), LONG);
    }
}
