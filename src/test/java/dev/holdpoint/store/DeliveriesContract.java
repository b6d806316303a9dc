package dev.holdpoint.store;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.webhook.DeadLetter;
import dev.holdpoint.webhook.Deliveries;
import dev.holdpoint.webhook.Deliveries.Outcome;
import dev.holdpoint.webhook.Deliveries.Standing;
import dev.holdpoint.webhook.Deliveries.Taken;
import dev.holdpoint.webhook.Message;
import dev.holdpoint.webhook.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every queue of webhooks promises. A store proves itself by extending this
 * and adding only how to make an empty one.
 */
public abstract class DeliveriesContract {
    private static final Queue QUEUE = new Queue(Space.TENANTLESS, "ops");
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Instant HAPPENED = Instant.parse("2026-05-04T09:59:59.123Z");

    private final TestClock clock = new TestClock();
    private Deliveries deliveries;

    protected abstract Deliveries emptyDeliveries(InstantSource clock);

    @BeforeEach
    void setUp() {
        deliveries = emptyDeliveries(clock);
    }

    private static Message message(String id) {
        return new Message("msg_" + id, "approval.requested", HAPPENED,
                new Json("{\"n\":1.0000000000000000001,\"text\":\"Zeile\\n\\\"é\\\" 😀 \u2028\"}"));
    }

    private void add(String... ids) {
        got(deliveries.add(QUEUE, Arrays.stream(ids).map(DeliveriesContract::message).toList()));
    }

    private List<Taken> take() { return got(deliveries.take(QUEUE, 100, LEASE)); }

    private Taken takeOne() {
        List<Taken> taken = got(deliveries.take(QUEUE, 1, LEASE));
        assertThat(taken).hasSize(1);
        return taken.getFirst();
    }

    private void settle(Taken taken, Outcome outcome) { got(deliveries.settle(QUEUE, taken, outcome)); }

    private List<DeadLetter> dead() { return got(deliveries.dead(QUEUE, null, 10_000)); }

    private Standing standing() { return got(deliveries.standing(QUEUE)); }

    private static List<String> ids(List<Taken> taken) {
        return taken.stream().map(one -> one.message().id().substring(4)).toList();
    }

    @Test
    void nothingIsDueWhereNothingWasQueued() {
        assertThat(take()).isEmpty();
        assertThat(dead()).isEmpty();
        assertThat(standing()).isEqualTo(new Standing(0, 0, null, null, null));
    }

    @Test
    void messageComesBackAsItWasQueued() {
        add("a");

        assertThat(take()).containsExactly(new Taken(message("a"), 0));
    }

    @Test
    void messageQueuedTwiceIsQueuedOnce() {
        add("a", "a");
        add("a");

        assertThat(ids(take())).containsExactly("a");
        assertThat(standing().waiting()).isEqualTo(1);
    }

    @Test
    void longestDueComesFirst() {
        add("b");
        clock.advance(Duration.ofMillis(1));
        add("a");

        assertThat(ids(got(deliveries.take(QUEUE, 1, LEASE)))).containsExactly("b");
        assertThat(ids(take())).containsExactly("a");
    }

    @Test
    void whatIsLeasedNobodyElseGetsUntilTheLeaseLapses() {
        add("a");
        take();

        clock.advance(LEASE.minusMillis(1));
        assertThat(take()).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(take()).containsExactly(new Taken(message("a"), 0));
    }

    @Test
    void ofManyWhoTakeEachMessageGoesToOne() {
        for (int number = 0; number < 20; number++) add("m" + number);

        List<List<Taken>> taken = Race.of(10, runner -> {
            List<Taken> mine = new ArrayList<>();
            for (List<Taken> some = take(3); !some.isEmpty(); some = take(3)) mine.addAll(some);
            return mine;
        });

        assertThat(taken.stream().flatMap(List::stream).toList()).hasSize(20).doesNotHaveDuplicates();
    }

    private List<Taken> take(int limit) { return got(deliveries.take(QUEUE, limit, LEASE)); }

    @Test
    void deliveredIsDoneAndKnownForADay() {
        add("a");
        settle(takeOne(), new Outcome.Delivered());
        add("a");

        clock.advance(LEASE);
        assertThat(take()).isEmpty();
        assertThat(standing()).isEqualTo(new Standing(0, 0, clock.instant().minus(LEASE), null, null));

        clock.advance(Deliveries.REMEMBERED.minus(LEASE));
        add("b");
        settle(takeOne(), new Outcome.Delivered());
        add("a");
        assertThat(ids(take())).containsExactly("a");
    }

    @Test
    void failedIsDueAgainWhenItWasSaidAndNotBefore() {
        add("a");
        settle(takeOne(), new Outcome.Again(Duration.ofMinutes(5), "http-500"));

        assertThat(standing()).isEqualTo(new Standing(1, 0, null, clock.instant(), "http-500"));
        clock.advance(Duration.ofMinutes(5).minusMillis(1));
        assertThat(take()).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(take()).containsExactly(new Taken(message("a"), 1));
    }

    @Test
    void attemptWhoseLeaseLapsedChangesNothingOnceAnotherIsSettled() {
        add("a");
        Taken slow = takeOne();
        clock.advance(LEASE);
        Taken quick = takeOne();
        settle(quick, new Outcome.Again(Duration.ofMinutes(5), "http-500"));

        settle(slow, new Outcome.Dead("time-out"));
        settle(slow, new Outcome.Again(Duration.ofDays(1), "time-out"));

        assertThat(dead()).isEmpty();
        clock.advance(Duration.ofMinutes(5));
        assertThat(take()).containsExactly(new Taken(message("a"), 1));
    }

    @Test
    void deliveredIsDeliveredWhoeverSettledSince() {
        add("a");
        Taken slow = takeOne();
        clock.advance(LEASE);
        settle(takeOne(), new Outcome.Again(Duration.ofMinutes(5), "time-out"));

        settle(slow, new Outcome.Delivered());

        clock.advance(Duration.ofMinutes(5));
        assertThat(take()).isEmpty();
        assertThat(standing().waiting()).isZero();
    }

    @Test
    void deadIsListedWithWhatEndedItAndNotQueuedAgain() {
        add("a");
        settle(takeOne(), new Outcome.Again(Duration.ZERO, "http-500"));
        settle(takeOne(), new Outcome.Dead("http-503"));
        add("a");

        assertThat(take()).isEmpty();
        assertThat(dead()).containsExactly(new DeadLetter("ops", message("a"), clock.instant(), 2, "http-503"));
        assertThat(standing()).isEqualTo(new Standing(0, 1, null, clock.instant(), "http-503"));
    }

    @Test
    void deadLettersAreListedNewestFirstInPages() {
        for (String id : List.of("a", "b", "c", "d", "e")) {
            add(id);
            settle(takeOne(), new Outcome.Dead("gone"));
            clock.advance(Duration.ofMillis(1));
        }

        List<DeadLetter> first = got(deliveries.dead(QUEUE, null, 2));
        List<DeadLetter> second = got(deliveries.dead(QUEUE, first.getLast().place(), 2));
        List<DeadLetter> third = got(deliveries.dead(QUEUE, second.getLast().place(), 2));

        assertThat(List.of(first, second, third).stream().flatMap(List::stream).map(one -> one.message().id()))
                .containsExactly("msg_e", "msg_d", "msg_c", "msg_b", "msg_a");
    }

    @Test
    void replayedIsDueAtOnceAsIfItWereNew() {
        add("a");
        settle(takeOne(), new Outcome.Dead("gone"));

        assertThat(got(deliveries.replay(QUEUE, "msg_a"))).isTrue();

        assertThat(dead()).isEmpty();
        assertThat(take()).containsExactly(new Taken(message("a"), 0));
        assertThat(got(deliveries.replay(QUEUE, "msg_a"))).isFalse();
        assertThat(got(deliveries.replay(QUEUE, "msg_none"))).isFalse();
    }

    @Test
    void beyondTheMostThatMayWaitTheOldestDie() {
        List<String> ids = IntStream.range(0, Deliveries.MOST_WAITING + 2).mapToObj(Integer::toString).toList();

        for (int from = 0; from < ids.size(); from += 500)
            add(ids.subList(from, Math.min(from + 500, ids.size())).toArray(String[]::new));

        assertThat(standing().waiting()).isEqualTo(Deliveries.MOST_WAITING);
        assertThat(dead()).extracting(letter -> letter.message().id()).containsExactlyInAnyOrder("msg_0", "msg_1");
        assertThat(dead()).allSatisfy(letter -> {
            assertThat(letter.why()).isEqualTo("queue-full");
            assertThat(letter.attempts()).isZero();
        });
    }

    @Test
    void whatArrivesAfterItDiedOfAFullQueueIsDelivered() {
        add("first");
        Taken underWay = takeOne();
        List<String> ids = IntStream.range(0, Deliveries.MOST_WAITING).mapToObj(Integer::toString).toList();
        for (int from = 0; from < ids.size(); from += 500)
            add(ids.subList(from, Math.min(from + 500, ids.size())).toArray(String[]::new));
        assertThat(dead()).extracting(letter -> letter.message().id()).containsExactly("msg_first");

        settle(underWay, new Outcome.Delivered());

        assertThat(dead()).isEmpty();
        assertThat(standing().lastDelivered()).isEqualTo(clock.instant());
        add("first");
        assertThat(standing().waiting()).as("it is known to have arrived").isEqualTo(Deliveries.MOST_WAITING);
        assertThat(dead()).isEmpty();
    }

    @Test
    void beyondTheMostDeadLettersTheOldestAreForgotten() {
        for (int number = 0; number <= Deliveries.MOST_DEAD; number++) {
            add("m" + number);
            settle(takeOne(), new Outcome.Dead("gone"));
            clock.advance(Duration.ofMillis(1));
        }

        assertThat(dead()).hasSize(Deliveries.MOST_DEAD).extracting(letter -> letter.message().id())
                .doesNotContain("msg_m0").contains("msg_m1");
        assertThat(got(deliveries.replay(QUEUE, "msg_m0"))).isFalse();
    }

    @Test
    void queuesShareNothing() {
        Queue tenant = new Queue(new Space(new TenantId("a:b")), "ops");
        Queue other = new Queue(Space.TENANTLESS, "other");
        add("a");
        got(deliveries.add(tenant, List.of(message("b"))));

        assertThat(ids(got(deliveries.take(tenant, 100, LEASE)))).containsExactly("b");
        assertThat(got(deliveries.take(other, 100, LEASE))).isEmpty();
        assertThat(ids(take())).containsExactly("a");
        assertThat(got(deliveries.replay(tenant, "msg_a"))).isFalse();
    }
}
