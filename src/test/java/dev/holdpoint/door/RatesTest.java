package dev.holdpoint.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.measure.LimitHits;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.store.memory.MemoryExpiringStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

/** A caller and a tenant have one allowance each, however many replicas they ask; a process has one of its own. */
class RatesTest {
    private static final Few NONE = new Few(0, 0, 0, 0);

    private final TestClock clock = new TestClock();
    private final Watched shared = new Watched(new MemoryExpiringStore(clock, 1_000_000));
    private final Caller ann = caller("ann", null, null);
    private final Caller bob = caller("bob", null, null);
    private final Caller annOfT1 = caller("ann", "t1", "t1");
    private final Caller bobOfT1 = caller("bob", "t1", "t1");
    private final Caller annOfT2 = caller("ann", "t2", "t2");

    /** Limits of which 0 is none. */
    private record Few(int perCaller, int perTenant, int perProcess, int decisions) implements Limits {
        private static OptionalInt some(int most) { return most == 0 ? OptionalInt.empty() : OptionalInt.of(most); }

        @Override
        public OptionalInt requestsPerSecond() { return some(perCaller); }

        @Override
        public OptionalInt requestsPerSecondPerTenant() { return some(perTenant); }

        @Override
        public OptionalInt requestsPerSecondPerProcess() { return some(perProcess); }

        @Override
        public OptionalInt decisionsPerMinute() { return some(decisions); }

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

    /** Counts the trips to the store, and lets a test hold them up or break them. */
    private static final class Watched implements ExpiringStore {
        private final MemoryExpiringStore store;
        private final AtomicInteger trips = new AtomicInteger();
        private final Deque<CompletableFuture<Void>> held = new ArrayDeque<>();
        private boolean slow;
        private boolean broken;

        Watched(MemoryExpiringStore store) { this.store = store; }

        int tripsOf(Runnable what) {
            int before = trips.get();
            what.run();
            return trips.get() - before;
        }

        void answerOne() { held.remove().complete(null); }

        @Override
        public Uni<Replaced> replace(String key, String expected, String value, Duration ttl) {
            trips.incrementAndGet();
            if (broken) return Uni.createFrom().failure(new StoreTrouble(StoreTrouble.Kind.UNAVAILABLE, "away", null));
            if (!slow) return store.replace(key, expected, value, ttl);
            CompletableFuture<Void> answered = new CompletableFuture<>();
            held.add(answered);
            return Uni.createFrom().completionStage(answered)
                    .chain(() -> store.replace(key, expected, value, ttl));
        }

        @Override
        public Uni<String> get(String key) { throw new AssertionError("a bucket is never read first"); }

        @Override
        public Uni<Put> putIfAbsent(String key, String value, Duration ttl) { throw new AssertionError(); }

        @Override
        public Uni<Put> put(String key, String value, Duration ttl) { throw new AssertionError(); }

        @Override
        public Uni<String> take(String key) { throw new AssertionError(); }

        @Override
        public Uni<Void> remove(String key, String expected) { throw new AssertionError(); }
    }

    private static Caller caller(String subject, String tenant, String space) {
        return new Caller(subject, Set.of(Role.USER), tenant == null ? null : new TenantId(tenant),
                space == null ? Space.TENANTLESS : new Space(new TenantId(space)), new Credential.Key(subject));
    }

    private final MeterRegistry meters = new SimpleMeterRegistry();

    private Rates replica(Few limits) {
        return new Rates(limits, new ShortLived(shared, shared, shared), clock, new LimitHits(meters));
    }

    private static MultiMap request(Rates rates, Caller caller) {
        MultiMap head = MultiMap.caseInsensitiveMultiMap();
        rates.request(caller, head).await().atMost(Duration.ofSeconds(10));
        return head;
    }

    private static boolean isRefused(Rates rates, Caller caller) {
        return isRefused(rates.request(caller, MultiMap.caseInsensitiveMultiMap()));
    }

    private static boolean isDecisionRefused(Rates rates, Caller caller) {
        return isRefused(rates.decision(caller, MultiMap.caseInsensitiveMultiMap()));
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
        Rates here = replica(new Few(0, 0, 0, 2));
        Rates there = replica(new Few(0, 0, 0, 2));

        assertThat(isDecisionRefused(here, ann)).isFalse();
        assertThat(isDecisionRefused(there, ann)).isFalse();

        assertThat(isDecisionRefused(here, ann)).isTrue();
        assertThat(isDecisionRefused(there, ann)).isTrue();
        assertThat(isDecisionRefused(there, bob)).isFalse();
    }

    @Test
    void allowanceComesBackWithTime() {
        Rates here = replica(new Few(0, 0, 0, 2));
        Rates there = replica(new Few(0, 0, 0, 2));
        for (int taken = 0; taken < 2; taken++) assertThat(isDecisionRefused(here, ann)).isFalse();
        MultiMap head = MultiMap.caseInsensitiveMultiMap();

        assertThatThrownBy(() -> here.decision(ann, head).await().atMost(Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.problem().headers())
                        .containsEntry("Retry-After", "30"));
        assertThat(head.get("RateLimit-Limit")).isEqualTo("2");
        assertThat(head.get("RateLimit-Remaining")).isEqualTo("0");
        assertThat(head.get("RateLimit-Reset")).isEqualTo("60");
        clock.advance(Duration.ofSeconds(30));

        assertThat(isDecisionRefused(there, ann)).isFalse();
        assertThat(isDecisionRefused(there, ann)).isTrue();
        assertThat(isDecisionRefused(here, ann)).isTrue();
    }

    @Test
    void callersAtOnceGetNoMoreThanTheAllowance() {
        Rates here = replica(new Few(4, 0, 0, 0));
        Rates there = replica(new Few(4, 0, 0, 0));

        List<Boolean> refused = Race.of(40, runner -> isRefused(runner % 2 == 0 ? here : there, ann));

        assertThat(refused).filteredOn(one -> !one).hasSize(4);
    }

    @Test
    void callersOfOneTenantShareItsAllowance() {
        Rates here = replica(new Few(0, 3, 0, 0));
        Rates there = replica(new Few(0, 3, 0, 0));

        assertThat(isRefused(here, annOfT1)).isFalse();
        assertThat(isRefused(there, bobOfT1)).isFalse();
        assertThat(isRefused(here, bobOfT1)).isFalse();

        assertThat(isRefused(here, annOfT1)).isTrue();
        assertThat(isRefused(there, bobOfT1)).isTrue();
        assertThat(isRefused(there, annOfT2)).isFalse();
        assertThat(isRefused(there, ann)).isFalse();
    }

    @Test
    void namingAnotherTenantIsNoWayToItsAllowance() {
        Rates here = replica(new Few(2, 2, 0, 0));

        assertThat(isRefused(here, caller("agent", null, "t1"))).isFalse();
        assertThat(isRefused(here, caller("agent", null, "t2"))).isFalse();

        assertThat(isRefused(here, caller("agent", null, "t3"))).isTrue();
        assertThat(isRefused(here, annOfT1)).isFalse();
    }

    @Test
    void processCountsForItselfAndNotInTheStore() {
        Rates here = replica(new Few(0, 0, 2, 0));
        Rates there = replica(new Few(0, 0, 2, 0));

        int trips = shared.tripsOf(() -> {
            assertThat(isRefused(here, ann)).isFalse();
            assertThat(isRefused(here, annOfT1)).isFalse();
            assertThat(isRefused(here, annOfT2)).isTrue();
            assertThat(isRefused(there, ann)).isFalse();
        });

        assertThat(trips).isZero();
        clock.advance(Duration.ofMillis(500));
        assertThat(isRefused(here, ann)).isFalse();
        assertThat(isRefused(here, ann)).isTrue();
    }

    @Test
    void withoutLimitsNobodyIsAskedOrTold() {
        Rates here = replica(NONE);

        int trips = shared.tripsOf(() -> assertThat(request(here, ann)).isEmpty());

        assertThat(trips).isZero();
    }

    @Test
    void emptyBucketIsRefusedWithoutAskingTheStore() {
        Rates here = replica(new Few(0, 2, 0, 0));
        Rates there = replica(new Few(0, 2, 0, 0));
        for (int taken = 0; taken < 2; taken++) assertThat(isRefused(there, annOfT1)).isFalse();
        assertThat(isRefused(here, annOfT1)).isTrue();

        int flood = shared.tripsOf(() -> {
            for (int refused = 0; refused < 100; refused++) assertThat(isRefused(here, bobOfT1)).isTrue();
        });
        clock.advance(Duration.ofMillis(500));

        assertThat(flood).isZero();
        assertThat(isRefused(here, bobOfT1)).isFalse();
    }

    @Test
    void bucketsOfOneRequestTakeOneTripTogether() {
        Rates here = replica(new Few(10, 10, 10, 0));
        request(here, annOfT1);
        shared.slow = true;

        CompletableFuture<Void> taken =
                here.request(annOfT1, MultiMap.caseInsensitiveMultiMap()).subscribeAsCompletionStage();

        assertThat(shared.held).hasSize(2);
        shared.answerOne();
        assertThat(taken).isNotDone();
        shared.answerOne();
        assertThat(taken).isCompleted();
    }

    @Test
    void requestsThatComeMeanwhileShareTheNextTrip() {
        Rates here = replica(new Few(0, 30, 0, 0));
        shared.slow = true;

        List<CompletableFuture<Void>> taken = Stream
                .generate(() -> here.request(annOfT1, MultiMap.caseInsensitiveMultiMap()).subscribeAsCompletionStage())
                .limit(20).toList();
        int trips = shared.tripsOf(() -> {
            while (!shared.held.isEmpty()) shared.answerOne();
        });
        shared.slow = false;

        assertThat(taken).allMatch(CompletableFuture::isDone);
        assertThat(trips).isEqualTo(1);
        assertThat(request(replica(new Few(0, 30, 0, 0)), bobOfT1).get("RateLimit-Remaining")).isEqualTo("9");
    }

    @Test
    void requestThatIsRefusedTakesNothing() {
        Rates here = replica(new Few(1, 10, 10, 0));
        Rates there = replica(new Few(1, 10, 10, 0));
        assertThat(isRefused(there, annOfT1)).isFalse();

        for (int refused = 0; refused < 5; refused++) assertThat(isRefused(here, annOfT1)).isTrue();

        assertThat(request(replica(new Few(0, 10, 0, 0)), bobOfT1).get("RateLimit-Remaining")).isEqualTo("8");
        assertThat(request(replica(new Few(0, 10, 0, 0)), bobOfT1).get("RateLimit-Remaining")).isEqualTo("7");
    }

    @Test
    void answerTellsOfTheTightestBucket() {
        Rates here = replica(new Few(5, 3, 100, 0));

        MultiMap first = request(here, annOfT1);
        MultiMap second = request(here, annOfT2);

        assertThat(first.get("RateLimit-Limit")).isEqualTo("3");
        assertThat(first.get("RateLimit-Remaining")).isEqualTo("2");
        assertThat(first.get("RateLimit-Reset")).isEqualTo("1");
        assertThat(second.get("RateLimit-Remaining")).isEqualTo("2");
    }

    @Test
    void decisionIsToldOfOnlyWhereItIsTighter() {
        Rates roomy = replica(new Few(2, 0, 0, 50));
        Rates tight = replica(new Few(40, 0, 0, 3));

        MultiMap byRequests = request(roomy, ann);
        roomy.decision(ann, byRequests).await().atMost(Duration.ofSeconds(10));
        MultiMap byDecisions = request(tight, bob);
        tight.decision(bob, byDecisions).await().atMost(Duration.ofSeconds(10));

        assertThat(byRequests.get("RateLimit-Limit")).isEqualTo("2");
        assertThat(byDecisions.get("RateLimit-Limit")).isEqualTo("3");
        assertThat(byDecisions.get("RateLimit-Reset")).isEqualTo("20");
    }

    @Test
    void whatCannotBeCountedFailsAsTheStoreDoes() {
        Rates here = replica(new Few(0, 5, 0, 0));
        request(here, annOfT1);
        shared.broken = true;

        assertThatThrownBy(() -> request(here, annOfT1)).isInstanceOf(StoreTrouble.class);
        shared.broken = false;

        assertThat(request(here, annOfT1).get("RateLimit-Remaining")).isEqualTo("3");
    }

    @Test
    void bucketThatTheStoreLostIsFullAgain() {
        Rates here = replica(new Few(0, 5, 0, 0));
        for (int taken = 0; taken < 4; taken++) request(here, annOfT1);

        clock.advance(Duration.ofMinutes(3));

        assertThat(request(here, annOfT1).get("RateLimit-Remaining")).isEqualTo("4");
    }

    @Test
    void clockThatIsSetBackKeepsNobodyOut() {
        Rates here = replica(new Few(0, 2, 2, 0));
        for (int taken = 0; taken < 2; taken++) assertThat(isRefused(here, annOfT1)).isFalse();
        assertThat(isRefused(here, annOfT1)).isTrue();

        clock.advance(Duration.ofHours(-1));
        assertThat(isRefused(here, annOfT1)).isTrue();
        clock.advance(Duration.ofMillis(500));

        assertThat(isRefused(here, annOfT1)).isFalse();
        assertThat(isRefused(here, annOfT1)).isTrue();
    }

    @Test
    void changedLimitHoldsAtOnce() {
        request(replica(new Few(0, 100, 0, 0)), annOfT1);

        assertThat(request(replica(new Few(0, 5, 0, 0)), annOfT1).get("RateLimit-Limit")).isEqualTo("5");
    }

    @Test
    void refusalOfWhoComesTooEarlyIsHeldBackWithinBounds() {
        Rates here = replica(new Few(1, 0, 0, 0));
        assertThat(isRefused(here, ann)).isFalse();
        assertThat(isRefused(here, ann)).isTrue();
        AtomicInteger refused = new AtomicInteger();
        CompletableFuture<Integer> atOnce = new CompletableFuture<>();
        CompletableFuture<Void> all = new CompletableFuture<>();
        Vertx vertx = Vertx.vertx();

        vertx.runOnContext(on -> {
            for (int call = 0; call < Rates.MOST_HELD + 3; call++) {
                here.request(ann, MultiMap.caseInsensitiveMultiMap()).subscribe().with(none -> {
                }, failure -> {
                    if (refused.incrementAndGet() == Rates.MOST_HELD + 3) all.complete(null);
                });
            }
            atOnce.complete(refused.get());
        });

        assertThat(atOnce.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(3);
        all.orTimeout(10, TimeUnit.SECONDS).join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
