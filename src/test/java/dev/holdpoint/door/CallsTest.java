package dev.holdpoint.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.door.Calls.Repeat;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.StoreTrouble.Kind;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.store.memory.MemoryExpiringStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.jboss.resteasy.reactive.RestResponse;
import org.junit.jupiter.api.Test;

/** What becomes of work whose client hangs up, and of keys whose work nobody knows the outcome of. */
class CallsTest {
    private final TestClock clock = new TestClock();
    private final ExpiringStore answers = new MemoryExpiringStore(clock, 100_000);
    private final CompletableFuture<Object> first = new CompletableFuture<>();
    private final AtomicInteger seconds = new AtomicInteger();
    private final Ids ids = new Numbered();

    private static final class Numbered implements Ids {
        private final AtomicInteger last = new AtomicInteger();

        @Override
        public String next() { return "id-" + last.incrementAndGet(); }

        @Override
        public String secret() { throw new UnsupportedOperationException(); }
    }

    private Calls calls(ExpiringStore store) {
        CurrentCall call = new CurrentCall();
        call.known(new Caller("ann", Set.of(Role.USER), null, new Credential.Key("k")));
        return new Calls(new ShortLived(store, store, store), ids, clock, call,
                new Problems(new SimpleMeterRegistry()));
    }

    private static HttpServerRequest request(String key) {
        return (HttpServerRequest) Proxy.newProxyInstance(HttpServerRequest.class.getClassLoader(),
                new Class<?>[]{HttpServerRequest.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeader" -> key;
                    case "method" -> HttpMethod.POST;
                    case "path" -> "/v1/jobs";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** A first step that takes a while, and a second. */
    private Uni<Answer> work() {
        return Uni.createFrom().completionStage(first).map(done -> {
            seconds.incrementAndGet();
            return Answer.noContent();
        });
    }

    @Test
    void workThatChangesSomethingIsNotLeftHalfDone() {
        for (String key : new String[]{null, "key"})
            calls(answers).once(request(key), Repeat.HARMFUL, this::work).subscribe().with(answer -> {
            }).cancel();

        first.complete("done");

        assertThat(seconds).hasValue(2);
    }

    @Test
    void workThatWaitsForSomebodyEndsWithItsClient() {
        for (String key : new String[]{null, "key"})
            calls(answers).onceWhileThere(request(key), this::work).subscribe().with(answer -> {
            }).cancel();

        first.complete("done");

        assertThat(seconds).hasValue(0);
    }

    @Test
    void keyIsFreeAgainThoughItsClientHungUpBeforeItWasReserved() {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        ExpiringStore away =
                but("putIfAbsent", stored -> stored.get().call(() -> Uni.createFrom().completionStage(slow)));
        calls(away).onceWhileThere(request("key"), this::work).subscribe().with(answer -> {
        }).cancel();

        slow.complete("answered");

        first.complete("done");
        assertThat(calls(answers).onceWhileThere(request("key"), this::work).await().indefinitely().getStatus())
                .isEqualTo(204);
    }

    @Test
    void whatFindsItselfIsDoneAgainWhenNobodyKnowsWhetherItWas() {
        assertThat(answered(calls(answers).once(request("key"), Repeat.HARMLESS, CallsTest::lost))).isEqualTo(503);

        first.complete("done");
        assertThat(answered(calls(answers).once(request("key"), Repeat.HARMLESS, this::work))).isEqualTo(204);
    }

    @Test
    void whatMustNotBeDoneTwiceIsNotDoneAgainUnderItsKeyWhenNobodyKnowsWhetherItWas() {
        first.complete("done");
        assertThat(answered(calls(answers).once(request("key"), Repeat.HARMFUL, CallsTest::lost))).isEqualTo(503);

        for (Duration wait : List.of(Duration.ZERO, Duration.ofMinutes(3), Duration.ofHours(23))) {
            clock.set(clock.instant().plus(wait));
            assertThat(answered(calls(answers).once(request("key"), Repeat.HARMFUL, this::work))).isEqualTo(503);
        }

        assertThat(seconds).hasValue(0);
    }

    @Test
    void whatItsServiceDiedOverIsUnderWayAndThenUnknown() {
        calls(answers).once(request("key"), Repeat.HARMFUL, this::work).subscribe().with(answer -> {
        });

        assertThat(answered(calls(answers).once(request("key"), Repeat.HARMFUL, this::work))).isEqualTo(409);
        clock.advance(Duration.ofMinutes(2).plusMillis(1));
        assertThat(answered(calls(answers).once(request("key"), Repeat.HARMFUL, this::work))).isEqualTo(503);
    }

    @Test
    void whatFindsItselfNeedsNoRoomForItsKey() {
        first.complete("done");
        ExpiringStore full = new MemoryExpiringStore(clock, 0);
        ExpiringStore outOfMemory = failing("putIfAbsent", Kind.OVERLOADED);

        for (ExpiringStore crowded : List.of(full, outOfMemory))
            assertThat(answered(calls(crowded).once(request("key"), Repeat.HARMLESS, this::work))).isEqualTo(204);
        assertThat(answered(calls(full).once(request("key"), Repeat.HARMFUL, this::work))).isEqualTo(503);
        assertThat(answered(calls(outOfMemory).once(request("key"), Repeat.HARMFUL, this::work))).isEqualTo(503);

        answered(calls(answers).once(request("key"), Repeat.HARMLESS, this::work));
        assertThat(calls(outOfMemory).once(request("key"), Repeat.HARMLESS, this::work).await().indefinitely()
                .getHeaders())
                .as("what was answered while there was room").containsKey("Idempotent-Replayed");
        assertThat(seconds).hasValue(3);
    }

    @Test
    void answerThatCannotBeKeptLeavesWhatFindsItselfFree() {
        Uni<Answer> large = Uni.createFrom().item(new Answer(200, "text/plain", new byte[1_000], Map.of()));
        ExpiringStore small = new MemoryExpiringStore(clock, 1_000);

        for (ExpiringStore crowded : List.of(failing("put", Kind.OVERLOADED), small)) {
            for (int times = 0; times < 2; times++)
                assertThat(answered(calls(crowded).once(request("key"), Repeat.HARMLESS, () -> large))).isEqualTo(200);
        }
    }

    @Test
    void keyIsNotHeldByWhoDoesNotKnowWhetherHeHasIt() {
        first.complete("done");
        ExpiringStore unsure =
                but("putIfAbsent", stored -> stored.get().chain(put -> trouble(Kind.OUTCOME_UNKNOWN)));

        assertThat(answered(calls(unsure).once(request("key"), Repeat.HARMFUL, this::work))).isEqualTo(503);
        assertThat(answered(calls(answers).once(request("key"), Repeat.HARMFUL, this::work))).isEqualTo(204);
    }

    @Test
    void keyOfWhatBrokeHalfWayIsHeldUnlessNothingWasDone() {
        first.complete("done");
        Uni<Answer> broken = Uni.createFrom().failure(new IllegalStateException("for a test"));
        assertThatThrownBy(() -> calls(answers).once(request("key"), Repeat.HARMFUL, () -> broken).await()
                .indefinitely()).isInstanceOf(IllegalStateException.class);
        assertThat(answered(calls(answers).once(request("key"), Repeat.HARMFUL, this::work))).isEqualTo(503);

        assertThat(answered(calls(answers).once(request("other"), Repeat.HARMFUL, () -> trouble(Kind.UNAVAILABLE))))
                .isEqualTo(503);
        assertThat(answered(calls(answers).once(request("other"), Repeat.HARMFUL, this::work))).isEqualTo(204);
    }

    @Test
    void lateCallLeavesTheKeyToTheOneThatHoldsItByNow() {
        CompletableFuture<Object> late = new CompletableFuture<>();
        calls(answers).once(request("key"), Repeat.HARMLESS,
                () -> Uni.createFrom().completionStage(late).chain(CallsTest::lost)).subscribe().with(answer -> {
                }, lost -> {
                });
        clock.advance(Duration.ofSeconds(16));
        calls(answers).once(request("key"), Repeat.HARMLESS, this::work).subscribe().with(answer -> {
        });

        late.complete("now");

        assertThat(answered(calls(answers).once(request("key"), Repeat.HARMLESS, this::work))).isEqualTo(409);
    }

    private static Uni<Answer> lost() { return trouble(Kind.OUTCOME_UNKNOWN); }

    private static <T> Uni<T> trouble(Kind kind) {
        return Uni.createFrom().failure(new StoreTrouble(kind, "for a test", null));
    }

    private ExpiringStore failing(String what, Kind kind) { return but(what, never -> trouble(kind)); }

    /** The store, but for one thing that it does otherwise. */
    private ExpiringStore but(String what, Function<Supplier<Uni<?>>, Uni<?>> otherwise) {
        return (ExpiringStore) Proxy.newProxyInstance(ExpiringStore.class.getClassLoader(),
                new Class<?>[]{ExpiringStore.class}, (proxy, method, arguments) -> {
                    Supplier<Uni<?>> usual = () -> {
                        try {
                            return (Uni<?>) method.invoke(answers, arguments);
                        } catch (ReflectiveOperationException broken) {
                            throw new LinkageError(broken.getMessage(), broken);
                        }
                    };
                    return method.getName().equals(what) ? otherwise.apply(usual) : usual.get();
                });
    }

    /** Its status; trouble is 503, as the service says it. */
    private static int answered(Uni<RestResponse<byte[]>> call) {
        return call.map(RestResponse::getStatus).onFailure(StoreTrouble.class).recoverWithItem(503).await()
                .indefinitely();
    }
}
