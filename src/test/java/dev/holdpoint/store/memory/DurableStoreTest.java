package dev.holdpoint.store.memory;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.won;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

import dev.holdpoint.disk.Disks;
import dev.holdpoint.disk.Restarting;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Transition.Won;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.Race;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only restarts show, with one before each call. */
class DurableStoreTest {
    private final DurableBench disks = new DurableBench();
    private final Bench bench = new Bench(disks::restarting);

    @AfterEach
    void close() {
        disks.close();
    }

    @Test
    void decisionSaysThatItIsOnDisk() {
        Job resolved = bench.resolved("job", "a1");

        assertThat(resolved.continuation().orElseThrow().resolution().durability()).isEqualTo("fsync");
        assertThat(bench.find(key("job"))).isEqualTo(resolved);
    }

    @Test
    void generationsNeverRepeatThoughTheirJobIsGoneAndTheClockSteppedBack() {
        Job ended = bench.complete(bench.create("job"));
        bench.payAll();
        bench.advance(TIMING.terminalRetention());
        assertThat(bench.tryReclaim(ended)).isInstanceOf(Won.class);
        bench.advance(Duration.ofDays(-1));

        assertThat(bench.create("job").generation()).isGreaterThan(ended.generation());
    }

    @Test
    void readersOfAReplacedGenerationReadItToItsEndAndNoLonger() {
        Job replaced = bench.append(bench.create("job"), "one", "two");
        Job next = bench.create("job");

        assertThat(bench.log(replaced)).hasSize(4);
        bench.advance(TIMING.terminalRetention());
        assertThat(bench.due()).isEmpty();

        assertThat(got(bench.log.read(replaced.key(), replaced.generation(), 0, 10)).kept()).isFalse();
        assertThat(bench.log(next)).hasSize(1);
    }

    @Test
    void trimmedLogComesBackTrimmed() {
        try (DurableBench others = new DurableBench()) {
            Bench trimming = new Bench(others::restarting, TIMING, new Bounds(100, 100_000, 5, 10));
            Job job = trimming.create("job");
            for (int count = 0; count < 20; count++) job = trimming.append(job, "a", "b");

            assertThat(got(trimming.log.extent(job.key())).firstKept()).isEqualTo(37);
            assertThat(got(trimming.log.read(job.key(), job.generation(), 36, 100)).events())
                    .extracting(LoggedEvent::id).hasSize(5).last().isEqualTo(job.lastEventId());
        }
    }

    @Test
    void promptThatWaitedOverARestartExpiresWhenItsTimeIsOver() {
        Job paused = bench.pause(bench.create("job"), prompt("a1", Duration.ofMinutes(1)));

        assertThat(bench.due()).isEmpty();
        bench.advance(Duration.ofMinutes(1));

        assertThat(bench.due()).containsExactly(paused.key());
        assertThat(bench.expire(paused, "a1").status().isTerminal()).isTrue();
    }

    @Test
    void whatALifeHoldsOnceIsHeldOnceAfterARestartToo() {
        try (Disks.Reopened disk = new Disks.Reopened()) {
            Ports before = MemoryBench.store(bench.clock, TIMING, Bounds.WIDE, disk.disk());
            Bench first = new Bench((clock, timing, bounds) -> before);
            Job job = first.claim(first.resolve(first.pause(first.create("job"), "a1"), "a1"), "a1", "w");
            Json title = new Json("\"a title\"");
            job = won(got(before.store().append(job.key(), job.fence(), OptionalLong.empty(),
                    List.of(new JobEvent.Reported(new EventName("title"), title, true)))));
            first.pause(job, "a2");
            Job done = first.complete(first.create("done"));

            Ports after = MemoryBench.store(bench.clock, TIMING, Bounds.WIDE, disk.again());
            ResumeState state = got(after.store().resumeState(job.key()));
            List<JobEvent> log = got(after.log().read(job.key(), job.generation(), 0, 100)).events().stream()
                    .map(LoggedEvent::event).toList();
            List<JobEvent> doneLog = got(after.log().read(done.key(), done.generation(), 0, 100)).events().stream()
                    .map(LoggedEvent::event).toList();

            assertThat(log).hasSize(6);
            Resolution decided = ((JobEvent.JobResumed) log.get(2)).resolution();
            assertThat(decided.action()).isSameAs(((JobEvent.JobPaused) log.get(1)).action());
            assertThat(state.job().closed().getFirst().resolution()).isSameAs(decided);
            assertThat(state.retained().get(new EventName("title"))).isEqualTo(title)
                    .isSameAs(((JobEvent.Reported) log.get(4)).data());
            assertThat(state.job().prompt().orElseThrow()).isSameAs(((JobEvent.JobPaused) log.get(5)).action());
            assertThat(got(after.store().find(done.key())).job().ended().orElseThrow().how())
                    .isSameAs(((JobEvent.JobEnded) doneLog.getLast()).how());
        }
    }

    @Test
    void manyWhoMoveLookAndRestartAtOnceLoseNothing() {
        try (Restarting<Ports> restarting =
                new Restarting<>(disk -> MemoryBench.store(bench.clock, TIMING, Bounds.WIDE, disk))) {
            Bench racing = new Bench((clock, timing, bounds) -> new Ports(restarting.port(JobStore.class, Ports::store),
                    restarting.port(EventLog.class, Ports::log), restarting.port(Outbox.class, Ports::outbox),
                    restarting.port(RuleStore.class, Ports::rules), job -> {
                    }));
            List<Job> jobs = IntStream.range(0, 8).mapToObj(number -> racing.create("job-" + number)).toList();

            Race.of(64, runner -> {
                Job job = jobs.get(runner % 8);
                for (int count = 0; count < 20; count++) {
                    racing.tryAppend(job, OptionalLong.empty(), "token");
                    racing.find(job.key());
                    racing.pending();
                }
                return runner;
            });

            assertThat(jobs).allSatisfy(job -> {
                assertThat(racing.find(job.key()).lastSeq()).isEqualTo(161);
                assertThat(racing.log(job)).hasSize(161);
            });
        }
    }
}
