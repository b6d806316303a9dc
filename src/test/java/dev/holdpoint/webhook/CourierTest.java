package dev.holdpoint.webhook;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.store.memory.MemoryDeliveries;
import dev.holdpoint.webhook.Endpoint.Format;
import dev.holdpoint.webhook.Postman.Reception;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;

class CourierTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Reception ACCEPTED = new Reception.Accepted();
    private static final Reception BROKEN = new Reception.Failed("http-500", null);

    private final TestClock clock = new TestClock();
    private final MemoryDeliveries deliveries = new MemoryDeliveries(clock);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Endpoint ops = endpoint("ops");
    private final Endpoint other = endpoint("other");
    private final Errands errands = new Errands();
    private final Courier courier =
            new Courier(new Endpoints(List.of(ops, other)), deliveries, errands, clock, meters);

    private static Endpoint endpoint(String name) {
        return new Endpoint(name, Space.TENANTLESS, new Target(true, name + ".example.com", 443, "/"),
                SigningKeys.of(List.of(SECRET), List.of()), Set.of(EventType.JOB_FAILED), Format.STANDARD, false,
                false);
    }

    private record Errand(Endpoint to, Map<String, String> headers, String body, int attempt, Instant at) {}

    /** Writes down what it is given, and answers as it is told to. */
    private final class Errands implements Postman {
        final List<Errand> all = new ArrayList<>();
        final Map<Endpoint, Uni<Reception>> answers = new HashMap<>();

        @Override
        public Uni<Reception> carry(Endpoint endpoint, Map<String, String> headers, String body, int attempt) {
            all.add(new Errand(endpoint, headers, body, attempt, clock.instant()));
            return answers.getOrDefault(endpoint, Uni.createFrom().item(ACCEPTED));
        }

        void answer(Endpoint endpoint, Reception reception) {
            answers.put(endpoint, Uni.createFrom().item(reception));
        }

        List<Errand> to(Endpoint endpoint) { return all.stream().filter(one -> one.to().equals(endpoint)).toList(); }
    }

    private void queue(Endpoint endpoint, String... ids) {
        got(deliveries.add(endpoint.queue(), Arrays.stream(ids)
                .map(id -> new Message("msg_" + id, "job.failed", clock.instant(), new Json("{\"id\":\"" + id + "\"}")))
                .toList()));
    }

    private void serve(Endpoint endpoint) { got(courier.serve(endpoint)); }

    private double counted(String outcome) {
        return meters.counter("holdpoint.webhook.deliveries", "outcome", outcome).count();
    }

    @Test
    void messageIsSentOnceAndSigned() {
        queue(ops, "a");

        serve(ops);
        serve(ops);

        assertThat(errands.all).singleElement().satisfies(sent -> {
            assertThat(sent.body()).isEqualTo("{\"id\":\"a\"}");
            String seconds = Long.toString(clock.instant().getEpochSecond());
            assertThat(sent.headers()).containsEntry("webhook-id", "msg_a")
                    .containsEntry("webhook-timestamp", seconds)
                    .containsEntry("webhook-signature",
                            ops.keys().sign("msg_a", clock.instant().getEpochSecond(), sent.body()))
                    .containsEntry("Content-Type", "application/json");
        });
        assertThat(counted("delivered")).isEqualTo(1);
    }

    @Test
    void everythingThatIsDueIsSent() {
        queue(ops, IntStream.range(0, 100).mapToObj(Integer::toString).toArray(String[]::new));

        serve(ops);

        assertThat(errands.all).hasSize(100);
        assertThat(got(deliveries.standing(ops.queue())).waiting()).isZero();
    }

    @Test
    void failureIsTriedAgainForThreeDaysAndThenDead() {
        queue(ops, "a");
        errands.answer(ops, BROKEN);

        for (int minute = 0; minute < 6 * 24 * 60; minute++) {
            serve(ops);
            clock.advance(Duration.ofMinutes(1));
        }

        List<Duration> pauses = new ArrayList<>();
        for (int at = 1; at < errands.all.size(); at++)
            pauses.add(Duration.between(errands.all.get(at - 1).at(), errands.all.get(at).at()));
        List<Duration> least = List.of(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofMinutes(30),
                Duration.ofHours(2), Duration.ofHours(5), Duration.ofHours(10), Duration.ofHours(14),
                Duration.ofHours(20), Duration.ofHours(24));
        assertThat(pauses).hasSameSizeAs(least);
        for (int at = 0; at < least.size(); at++) {
            assertThat(pauses.get(at)).isBetween(least.get(at),
                    least.get(at).multipliedBy(6).dividedBy(5).plusMinutes(1));
        }
        assertThat(errands.all).extracting(Errand::attempt).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(got(deliveries.dead(ops.queue(), null, 10))).singleElement().satisfies(letter -> {
            assertThat(letter.attempts()).isEqualTo(10);
            assertThat(letter.why()).isEqualTo("http-500");
        });
        assertThat(counted("failed")).isEqualTo(9);
        assertThat(counted("dead")).isEqualTo(1);
    }

    @Test
    void eachAttemptIsSignedForItsOwnTimeUnderTheSameId() {
        queue(ops, "a");
        errands.answer(ops, BROKEN);
        serve(ops);
        clock.advance(Duration.ofSeconds(6));
        serve(ops);

        assertThat(errands.all).extracting(one -> one.headers().get("webhook-id")).containsExactly("msg_a", "msg_a");
        assertThat(errands.all).extracting(one -> one.headers().get("webhook-timestamp")).doesNotHaveDuplicates();
        assertThat(errands.all).extracting(one -> one.headers().get("webhook-signature")).doesNotHaveDuplicates();
    }

    @Test
    void receiverThatAsksForPatienceGetsIt() {
        queue(ops, "a");
        errands.answer(ops, new Reception.Failed("http-429", Duration.ofMinutes(10)));
        serve(ops);

        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        serve(ops);
        assertThat(errands.all).hasSize(1);
        clock.advance(Duration.ofMinutes(2));
        serve(ops);
        assertThat(errands.all).hasSize(2);
    }

    @Test
    void receiverThatIsGoneGetsNothingMore() {
        queue(ops, "a");
        errands.answer(ops, new Reception.Gone());
        serve(ops);
        queue(ops, "b");
        serve(ops);

        assertThat(errands.all).hasSize(1);
        assertThat(courier.isGone(ops)).isTrue();
        assertThat(courier.isGone(other)).isFalse();
        assertThat(got(deliveries.dead(ops.queue(), null, 10))).extracting(DeadLetter::why)
                .containsExactly("gone", "gone");
    }

    @Test
    void receiverThatHangsHoldsUpNobodyElseAndIsGivenNoMoreThanItsLanes() {
        errands.answers.put(ops, Uni.createFrom().nothing());
        queue(ops, IntStream.range(0, 100).mapToObj(Integer::toString).toArray(String[]::new));
        queue(other, "a", "b");

        courier.run();
        courier.run();

        assertThat(errands.to(ops)).hasSize(4);
        assertThat(errands.to(other)).hasSize(2);
    }

    @Test
    void whoDiesWhileSendingIsFollowedBySomebodyElse() {
        queue(ops, "a");
        errands.answers.put(ops, Uni.createFrom().nothing());
        courier.run();
        Courier replica = new Courier(new Endpoints(List.of(ops)), deliveries, errands, clock, meters);
        errands.answer(ops, ACCEPTED);

        got(replica.serve(ops));
        assertThat(errands.all).hasSize(1);
        clock.advance(Duration.ofMinutes(1));
        got(replica.serve(ops));

        assertThat(errands.all).hasSize(2).extracting(Errand::attempt).containsExactly(0, 0);
        assertThat(got(deliveries.standing(ops.queue())).waiting()).isZero();
    }

    @Test
    void whatWaitsAndWhatIsDeadIsMeasured() {
        queue(ops, "a", "b");
        errands.answer(other, new Reception.Gone());
        queue(other, "c");
        serve(other);

        got(courier.look());

        assertThat(meters.get("holdpoint.webhook.due").gauge().value()).isEqualTo(2);
        assertThat(meters.get("holdpoint.webhook.dead").gauge().value()).isEqualTo(1);
    }
}
