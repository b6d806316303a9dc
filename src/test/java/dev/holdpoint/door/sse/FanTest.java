package dev.holdpoint.door.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.Job;
import dev.holdpoint.poll.LongPolls;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.memory.MemoryBench;
import dev.holdpoint.stream.Follower;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FanTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong millis = new AtomicLong();
    private final Context loop = vertx.getOrCreateContext();
    private final Bench bench = MemoryBench.bench();
    private final Job job = bench.append(bench.create("job"), "a");
    private final Fan fan = new Fan(loop, new Follower(bench.log, new LongPolls(Multi.createFrom().nothing())),
            (of, event) -> Buffer.buffer(event.id().toString()), job.key(), this::later, () -> {
            });

    @AfterEach
    void end() { vertx.close().toCompletionStage().toCompletableFuture().join(); }

    /** Takes whatever there is, as a stream does whose socket is always ready. */
    private final class Taker implements Fan.Reader {
        private final Map<EventId, CompletableFuture<Void>> hopes = new HashMap<>();
        private EventId position = new EventId(job.generation(), 0);
        private boolean begun;
        private boolean waiting;
        private @Nullable Passage found;
        private int turns;

        @Override
        public void advance() {
            turns++;
            while (!waiting) {
                Passage next = found != null && !found.isEmpty() ? found : fan.behind(position, this, !begun);
                found = null;
                begun = true;
                waiting = next == null;
                if (next == null) return;
                position = next.upTo();
                if (hopes.containsKey(position)) hopes.get(position).complete(null);
                if (next.isEmpty()) return;
            }
        }

        @Override
        public void found(Passage passage) {
            waiting = false;
            found = passage;
        }

        @Override
        public void lost() { broken(new AssertionError("the log moved past a reader")); }

        @Override
        public void broken(Throwable failure) { hopes.values().forEach(hope -> hope.completeExceptionally(failure)); }

        CompletableFuture<Void> at(EventId hoped) {
            CompletableFuture<Void> hope = hopes.computeIfAbsent(hoped, none -> new CompletableFuture<>());
            if (position.equals(hoped)) hope.complete(null);
            return hope;
        }
    }

    /** So much time goes by between two readers that each has a turn of the event loop for himself. */
    private Instant later() {
        return Instant.ofEpochMilli(millis.addAndGet(2));
    }

    private <T> T onLoop(Supplier<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.runOnContext(now -> done.complete(work.get()));
        return done.join();
    }

    private Taker comes() {
        Taker taker = onLoop(() -> {
            Taker one = new Taker();
            fan.enter(one);
            one.advance();
            return one;
        });
        standsAt(taker, job.lastEventId());
        return taker;
    }

    private void standsAt(Taker taker, EventId position) { onLoop(() -> taker.at(position)).join(); }

    @Test
    void whoeverComesDoesNotHaveAllTheOthersServedAgain() {
        List<Taker> takers = new ArrayList<>();
        for (int come = 0; come < 100; come++) takers.add(comes());

        assertThat(onLoop(() -> takers.stream().mapToInt(taker -> taker.turns).sum())).isLessThan(500);
    }

    @Test
    void allAreServedWhenSomethingIsWritten() {
        List<Taker> takers = List.of(comes(), comes(), comes());

        EventId written = bench.append(job, "b").lastEventId();

        takers.forEach(taker -> standsAt(taker, written));
    }

    @Test
    void whoeverLeavesWhileHeWaitsIsNotServedAnyMore() {
        comes();
        Taker gone = onLoop(() -> {
            Taker one = new Taker();
            fan.enter(one);
            fan.leave(one); // behind what is under way on the event loop, and before the end of the look
            one.advance();
            return one;
        });
        comes();

        assertThat(onLoop(() -> gone.turns)).isEqualTo(1);
    }

    /** As one is who comes to a long log: whenever he has been served, a look finds more for him. */
    private final class CatchingUp implements Fan.Reader {
        @Override
        public void advance() { fan.behind(new EventId(job.generation(), 0), this, true); }

        @Override
        public void found(Passage passage) {}

        @Override
        public void lost() {}

        @Override
        public void broken(Throwable failure) {}
    }

    @Test
    void thoseWhoCatchUpDoNotKeepNewsFromTheOthers() {
        Taker taker = comes();
        onLoop(() -> {
            for (int come = 0; come < 10; come++) {
                CatchingUp one = new CatchingUp();
                fan.enter(one);
                one.advance();
            }
            return 10;
        });

        standsAt(taker, bench.append(job, "b").lastEventId());
    }
}
