package dev.holdpoint.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.job.ExpiringStore;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.store.memory.MemoryExpiringStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.junit.jupiter.api.Test;

/** What becomes of work whose client hangs up. */
class CallsTest {
    private final ExpiringStore answers = new MemoryExpiringStore(InstantSource.system(), 100_000);
    private final CompletableFuture<Object> first = new CompletableFuture<>();
    private final AtomicInteger seconds = new AtomicInteger();

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
        return new Calls(new ShortLived(store, store, store), new Numbered(), call,
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
            calls(answers).once(request(key), this::work).subscribe().with(answer -> {
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
        ExpiringStore away = (ExpiringStore) Proxy.newProxyInstance(ExpiringStore.class.getClassLoader(),
                new Class<?>[]{ExpiringStore.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(answers, arguments);
                    return method.getName().equals("putIfAbsent")
                            ? ((Uni<?>) answer).call(() -> Uni.createFrom().completionStage(slow))
                            : answer;
                });
        calls(away).onceWhileThere(request("key"), this::work).subscribe().with(answer -> {
        }).cancel();

        slow.complete("answered");

        first.complete("done");
        assertThat(calls(answers).onceWhileThere(request("key"), this::work).await().indefinitely().getStatus())
                .isEqualTo(204);
    }
}
