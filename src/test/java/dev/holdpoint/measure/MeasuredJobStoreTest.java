package dev.holdpoint.measure;

import static dev.holdpoint.store.Bench.action;
import static dev.holdpoint.store.Bench.decision;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.reports;
import static dev.holdpoint.store.Bench.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.holdpoint.job.Fence;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.memory.MemoryJobStore;
import dev.holdpoint.store.memory.MemoryLimits;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;

class MeasuredJobStoreTest {
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Times times = new Times(meters);
    private final Bench bench = new Bench((clock, timing, bounds) -> {
        MemoryJobStore store = new MemoryJobStore(timing,
                new MemoryLimits(1_000, 1_000_000, 2, 100, 1_000_000, 0, 100), clock);
        return new Bench.Ports(new MeasuredJobStore(store, meters, times, new LimitHits(meters)), store, store,
                store.rules(), job -> {
                });
    });

    private double moves(String kind, String outcome) {
        Counter counter = meters.find("holdpoint.transitions").tags("kind", kind, "outcome", outcome).counter();
        return counter == null ? 0 : counter.count();
    }

    private double hits(Limit limit) {
        return meters.get("holdpoint.limits").tag("limit", limit.word()).counter().count();
    }

    private Timer decisions(String outcome) {
        return meters.get("holdpoint.decision").tag("outcome", outcome).timer();
    }

    @Test
    void movesAreCountedByWhatBecameOfThem() {
        Job job = bench.claimed("conv-1", "a1", "w1");

        got(bench.store.claim(job.key(), action("a1"), worker("w2")));
        got(bench.store.resolve(job.key(), decision(job, "a1", "bob")));
        got(bench.store.heartbeat(job.key(), new Fence(job.generation(), 1)));
        got(bench.store.claimOldest(Space.TENANTLESS, Set.of(), worker("w2")));

        assertThat(moves("create", "won")).isOne();
        assertThat(moves("pause", "won")).isOne();
        assertThat(moves("resolve", "won")).isOne();
        assertThat(moves("resolve", "already-decided")).isOne();
        assertThat(moves("claim", "won")).isOne();
        assertThat(moves("claim", "already-claimed")).isOne();
        assertThat(moves("claim", "still-undecided")).isOne();
        assertThat(moves("heartbeat", "execution-replaced")).isOne();
    }

    @Test
    void expiriesAreCountedEachAndTimedTogether() {
        Job first = bench.pause(bench.create("first"), prompt("a1", Duration.ofMinutes(1)));
        Job second = bench.pause(bench.create("second"), prompt("a1", Duration.ofMinutes(2)));
        bench.advance(Duration.ofMinutes(1));

        got(bench.store.expireDead(
                List.of(new Sighting(first, bench.now()), new Sighting(second, bench.now()))).collect().asList());

        assertThat(moves("expire", "won")).isOne();
        assertThat(moves("expire", "not-due")).isOne();
        assertThat(meters.get("holdpoint.store").tags("operation", "expire-dead", "outcome", "ok").timer().count())
                .isOne();
    }

    @Test
    void decisionIsTimedFromThePause() {
        Job job = bench.paused("conv-1", "a1");

        bench.advance(Duration.ofMinutes(3));
        bench.resolve(job, "a1");
        bench.tryResolve(job, "a1", "bob");

        assertThat(decisions("decided").count()).isOne();
        assertThat(decisions("decided").totalTime(TimeUnit.SECONDS)).isEqualTo(180);
    }

    @Test
    void eventsAreCountedOnceTheyAreInTheLog() {
        Job job = bench.append(bench.create("conv-1"), "one", "two");

        got(bench.store.append(job.key(), job.fence(), OptionalLong.of(1), reports("late")));

        assertThat(meters.get("holdpoint.events").counter().count()).isEqualTo(2);
    }

    @Test
    void limitsOfTheStoreAreCounted() {
        bench.create("conv-1");
        Job second = bench.create("conv-2");

        got(bench.store.create(Bench.wanted(key("conv-3"), Bench.details("ann"))));
        got(bench.store.append(second.key(), second.fence(), OptionalLong.empty(),
                reports(Arrays.stream(new String[101]).map(none -> "many").toArray(String[]::new))));

        assertThat(hits(Limit.ACTIVE_JOBS_PER_USER)).isOne();
        assertThat(hits(Limit.EVENTS_PER_JOB)).isOne();
        assertThat(hits(Limit.STORE)).isZero();
    }

    @Test
    void answersAreTimedByHowTheyCame() {
        JobStore broken = new MeasuredJobStore(Broken.store(), meters, times, new LimitHits(meters));

        assertThatThrownBy(() -> got(broken.resolve(key("conv-1"), decision(bench.create("conv-1"), "a1", "ann"))))
                .isInstanceOf(StoreTrouble.class);
        bench.find(key("conv-1"));

        assertThat(meters.get("holdpoint.store").tags("operation", "resolve", "outcome", "outcome-unknown").timer()
                .count()).isOne();
        assertThat(meters.get("holdpoint.store").tags("operation", "find", "outcome", "ok").timer().count()).isOne();
        assertThat(moves("resolve", "won")).isZero();
    }

    @Test
    void expiryIsTimedFromItsDeadline() {
        Job job = bench.pause(bench.create("conv-1"), prompt("a1", Duration.ofMinutes(1)));

        times.expired(job.prompt().orElseThrow(), bench.now().plusSeconds(62));

        assertThat(decisions("expired").totalTime(TimeUnit.SECONDS)).isEqualTo(62);
        assertThat(meters.get("holdpoint.expiry.lateness").timer().totalTime(TimeUnit.SECONDS)).isEqualTo(2);
    }

    @Test
    void looksAtTheWholeStoreTellHowManyWaitAndForHowLong() {
        Glances glances = new Glances(bench.store, () -> Uni.createFrom().item(Map.of("clockSkew", "PT-1.5S")),
                meters, bench.clock);
        assertThat(gauge("holdpoint.pending")).isNaN();

        bench.paused("conv-1", "a1");
        bench.advance(Duration.ofSeconds(40));
        bench.paused("conv-2", "a2");
        got(glances.look());

        assertThat(gauge("holdpoint.pending")).isEqualTo(2);
        assertThat(gauge("holdpoint.pending.oldest.age")).isEqualTo(40);
        assertThat(gauge("holdpoint.clock.skew")).isEqualTo(-1.5);
    }

    @Test
    void lookThatIsNotAnsweredTellsNoNumber() {
        bench.paused("conv-1", "a1");
        boolean[] away = {false};
        Glances glances = new Glances(bench.store, () -> away[0]
                ? Uni.createFrom().failure(new StoreTrouble(StoreTrouble.Kind.UNAVAILABLE, "away", null))
                : Uni.createFrom().item(Map.of()), meters, bench.clock);
        got(glances.look());
        assertThat(gauge("holdpoint.clock.skew")).isZero();

        away[0] = true;
        got(glances.look());

        assertThat(gauge("holdpoint.clock.skew")).isNaN();
        assertThat(gauge("holdpoint.pending")).isOne();
    }

    @Test
    void outboxTellsWhatIsOwedAndSinceWhen() {
        MeasuredOutbox outbox = new MeasuredOutbox(bench.outbox, meters, bench.clock);
        Job job = bench.complete(bench.create("conv-1"));
        bench.advance(Duration.ofSeconds(7));

        got(outbox.backlog());
        assertThat(gauge("holdpoint.outbox.owed")).isOne();
        assertThat(gauge("holdpoint.outbox.age")).isEqualTo(7);

        bench.pay(job);
        got(outbox.backlog());
        assertThat(gauge("holdpoint.outbox.owed")).isZero();
        assertThat(gauge("holdpoint.outbox.age")).isZero();
    }

    private double gauge(String name) { return meters.get(name).gauge().value(); }

    @Test
    void everyMoveIsOneThatTheStoreOffers() {
        List<String> asked = Arrays.stream(Operation.values()).filter(Operation::isMove).map(Operation::word).toList();

        assertThat(asked).containsExactly("create", "append", "heartbeat", "pause", "pass", "complete", "fail",
                "resolve", "abort", "expire", "claim", "reap", "reopen", "reclaim");
    }
}
