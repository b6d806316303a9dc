package dev.holdpoint.stream;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.poll.LongPolls;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.memory.MemoryBench;
import dev.holdpoint.stream.Opening.Break;
import io.smallrye.mutiny.Multi;
import org.junit.jupiter.api.Test;

class FollowerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private Bench bench = MemoryBench.bench();

    @Test
    void readerWithoutACursorBeginsAtTheStart() {
        Job job = bench.append(bench.create("job"), "a");

        assertThat(open(new Cursor.Start())).isEqualTo(from(job, 0));
    }

    @Test
    void readerFromNowBeginsBehindTheNewestEvent() {
        Job job = bench.append(bench.create("job"), "a");

        assertThat(open(new Cursor.Now())).isEqualTo(from(job, 2));
    }

    @Test
    void readerGoesOnBehindWhatItHas() {
        Job job = bench.append(bench.create("job"), "a", "b");

        assertThat(open(after(job, 0))).isEqualTo(from(job, 0));
        assertThat(open(after(job, 2))).isEqualTo(from(job, 2));
        assertThat(open(after(job, 3))).isEqualTo(from(job, 3));
    }

    @Test
    void readerOfAnotherGenerationIsToldAndBeginsAtTheStart() {
        Job old = bench.append(bench.create("job"), "a");
        Job job = bench.create("job");

        assertThat(open(after(old, 1))).isEqualTo(broken(job, 0, Break.GENERATION_REPLACED));
        assertThat(open(new Cursor.After(new EventId(job.generation() + 5, 1))))
                .isEqualTo(broken(job, 0, Break.GENERATION_REPLACED));
    }

    @Test
    void readerAheadOfTheLogIsTold() {
        Job job = bench.create("job");

        assertThat(open(after(job, 2))).isEqualTo(broken(job, 0, Break.LOG_TRIMMED));
    }

    @Test
    void readerBehindTheLogIsTold() {
        bench = new Bench(MemoryBench::emptyStore, TIMING, new Bounds(100, 100_000, 3, 100));
        Job job = bench.append(bench.create("job"), "a", "b", "c", "d", "e");

        assertThat(open(after(job, 2))).isEqualTo(broken(job, 3, Break.LOG_TRIMMED));
        assertThat(open(after(job, 3))).isEqualTo(from(job, 3));
        assertThat(open(new Cursor.Start())).isEqualTo(broken(job, 3, Break.LOG_TRIMMED));
    }

    @Test
    void readerThatHasTheTerminalEventIsDone() {
        Job job = bench.complete(bench.create("job"));

        assertThat(open(after(job, 2))).isEqualTo(new Opening.Over(job.lastEventId()));
        assertThat(open(new Cursor.Now())).isEqualTo(new Opening.Over(job.lastEventId()));
        assertThat(open(after(job, 1))).isEqualTo(from(job, 1));
        assertThat(open(new Cursor.Start())).isEqualTo(from(job, 0));
    }

    @Test
    void unknownJobHasNothingToFollow() {
        assertThat(open(new Cursor.Start())).isEqualTo(new Opening.NoSuchJob());
    }

    @Test
    void nextAnswersAtOnceWhenThereIsSomething() {
        Job job = bench.append(bench.create("job"), "a", "b", "c");

        assertThat(next(job, 1, 2, LONG)).extracting(one -> one.id().seq()).containsExactly(2L, 3L);
        assertThat(next(job, 1, 2, Duration.ZERO)).hasSize(2);
        assertThat(next(job, 4, 2, Duration.ZERO)).isEmpty();
    }

    @Test
    void nextWaitsForWhatComes() {
        Job job = bench.create("job");
        CompletableFuture<List<LoggedEvent>> waiter =
                follower().next(job.key(), new EventId(job.generation(), 1), 10, LONG).subscribe().asCompletionStage();
        assertThat(waiter).isNotDone();

        bench.append(job, "a");

        assertThat(waiter.join()).extracting(one -> one.id().seq()).containsExactly(2L);
    }

    @Test
    void nextGivesUpAfterItsWait() {
        Job job = bench.create("job");

        assertThat(next(job, 1, 10, Duration.ofMillis(1))).isEmpty();
    }

    @Test
    void nextDoesNotWaitForWhatTheLogLetGo() {
        Job job = bench.create("job");

        assertThat(next(job, 9, 10, LONG)).isEmpty();
    }

    @Test
    void readerThatReconnectsAllTheTimeSeesEachEventOnceWhileTheyAreWritten() {
        Job job = bench.create("job");
        int batches = 300;

        List<List<Long>> read = Race.of(9, runner -> {
            List<Long> seen = new ArrayList<>();
            if (runner == 0) {
                for (int batch = 0; batch < batches; batch++) bench.append(job, "a", "b");
                bench.complete(job);
                return seen;
            }
            while (seen.size() < 2 * batches + 2) {
                long last = seen.isEmpty() ? 0 : seen.getLast();
                next(job, last, 7, LONG).forEach(event -> seen.add(event.id().seq()));
            }
            return seen;
        });

        assertThat(read.subList(1, 9)).allSatisfy(seen -> assertThat(seen)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 2L * batches + 2).boxed().toList()));
    }

    private Follower follower() { return new Follower(bench.log, new LongPolls(Multi.createFrom().nothing())); }

    private Opening open(Cursor cursor) { return got(follower().open(key("job"), cursor)); }

    private List<LoggedEvent> next(Job job, long after, int limit, Duration wait) {
        return got(follower().next(job.key(), new EventId(job.generation(), after), limit, wait));
    }

    private static Cursor after(Job job, long seq) { return new Cursor.After(new EventId(job.generation(), seq)); }

    private static Opening from(Job job, long seq) {
        return new Opening.From(new EventId(job.generation(), seq), Optional.empty());
    }

    private static Opening broken(Job job, long seq, Break why) {
        return new Opening.From(new EventId(job.generation(), seq), Optional.of(why));
    }
}
