package dev.holdpoint.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits that end. Nobody sleeps: the only wait that runs out is a millisecond long. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongPollsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration BLINK = Duration.ofMillis(1);

    private final BroadcastProcessor<Object> serving = BroadcastProcessor.create();
    private final BroadcastProcessor<Object> wakes = BroadcastProcessor.create();
    private final LongPolls polls = new LongPolls(serving);
    /** Every try that was begun, for the test to answer. */
    private final List<CompletableFuture<String>> tries = new ArrayList<>();

    private CompletableFuture<String> poll(Duration wait) {
        return polls.poll(wait, wakes, this::attempt, "wanted"::equals).subscribeAsCompletionStage();
    }

    private Uni<String> attempt() {
        CompletableFuture<String> begun = new CompletableFuture<>();
        tries.add(begun);
        return Uni.createFrom().completionStage(begun);
    }

    @Test
    void triesAtOnceAndAgainWhenWoken() {
        CompletableFuture<String> answer = poll(LONG);

        tries.getLast().complete("nothing");
        assertThat(answer).isNotDone();
        wakes.onNext("wake");
        tries.getLast().complete("wanted");

        assertThat(answer.join()).isEqualTo("wanted");
        assertThat(tries).hasSize(2);
    }

    @Test
    void manyWakesDuringOneTryAreOneMoreTry() {
        CompletableFuture<String> answer = poll(LONG);
        for (int wake = 0; wake < 1_000; wake++) wakes.onNext(wake);

        tries.getLast().complete("nothing");
        tries.getLast().complete("wanted");

        assertThat(answer.join()).isEqualTo("wanted");
        assertThat(tries).hasSize(2);
    }

    @Test
    void timeThatIsUpIsAnsweredWithNothing() {
        CompletableFuture<String> answer = poll(BLINK);
        tries.getLast().complete("nothing");

        assertThat(answer.join()).isNull();
    }

    @Test
    void tryUnderWayWhenTimeIsUpIsHeard() {
        CompletableFuture<String> answer = poll(BLINK);
        CompletableFuture<String> after = polls.poll(BLINK, wakes, () -> Uni.createFrom().item("nothing"),
                "wanted"::equals).subscribeAsCompletionStage();
        after.join();

        tries.getLast().complete("wanted");

        assertThat(answer.join()).isEqualTo("wanted");
    }

    @Test
    void everyoneWhoWaitsIsAnsweredWhenTheServiceGoesAway() {
        CompletableFuture<String> waiting = poll(LONG);
        tries.getLast().complete("nothing");
        CompletableFuture<String> trying = poll(LONG);

        serving.onComplete();
        tries.getLast().complete("wanted");

        assertThat(waiting.join()).isNull();
        assertThat(trying.join()).isEqualTo("wanted");
    }

    @Test
    void whoeverComesAfterThatTriesOnce() {
        serving.onComplete();

        CompletableFuture<String> answer = poll(LONG);
        tries.getLast().complete("nothing");

        assertThat(answer.join()).isNull();
        assertThat(tries).hasSize(1);
    }

    @Test
    void tryThatFailsFailsThePoll() {
        CompletableFuture<String> answer = poll(LONG);

        tries.getLast().completeExceptionally(new IllegalStateException("broken"));

        assertThat(answer).isCompletedExceptionally();
        assertThat(catchThrowable(answer::join)).isInstanceOf(CompletionException.class)
                .hasMessageContaining("broken");
    }

    @Test
    void whoeverHangsUpIsForgotten() {
        CompletableFuture<String> answer = poll(LONG);
        tries.getLast().complete("nothing");

        answer.cancel(true);
        wakes.onNext("wake");

        assertThat(tries).hasSize(1);
    }
}
