package dev.holdpoint.sweep;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.archive.memory.MemoryArchive;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt.ClosedPrompt;
import dev.holdpoint.job.Debt.JudgedCalls;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.memory.MemoryBench;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;

class ArchivingTest {
    private final Bench bench = MemoryBench.bench();
    private final FlakyArchive archive = new FlakyArchive();
    private final Archiving archiving = new Archiving(bench.outbox, archive);

    /** Keeps what comes until it has kept as much as it may. */
    private static final class FlakyArchive implements Archive {
        final List<Job> kept = new ArrayList<>();
        int room = Integer.MAX_VALUE;

        @Override
        public Uni<Void> keep(Job ended) {
            return Uni.createFrom().item(() -> {
                if (kept.size() >= room) throw new IllegalStateException("the archive is away");
                kept.add(ended);
                return null;
            });
        }

        @Override
        public Uni<Void> keep(ClosedPrompt closed) { throw new UnsupportedOperationException(); }

        @Override
        public Uni<Long> erase(Space space, UserId user) { throw new UnsupportedOperationException(); }

        @Override
        public Uni<Void> keep(JudgedCalls judged) { throw new UnsupportedOperationException(); }

        @Override
        public Uni<List<JudgedCalls>> latestCalls(Space space, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Page<Job>> turns(Space space, ConversationId conversation, String cursor, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Page<Job>> history(Space space, HistoryQuery query, String cursor, int limit) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void nothingOwedIsNothingKept() {
        got(archiving.run());

        assertThat(archive.kept).isEmpty();
    }

    @Test
    void endedJobsLeaveInOrderAndOnce() {
        List<Job> ended = new ArrayList<>();
        for (int number = 0; number < 250; number++) ended.add(bench.complete(bench.create("job-" + number)));

        got(archiving.run());
        got(archiving.run());

        assertThat(archive.kept).isEqualTo(ended);
        assertThat(bench.owed()).isEmpty();
    }

    @Test
    void failingArchiveKeepsEntriesOwed() {
        List<Job> ended = new ArrayList<>();
        for (int number = 0; number < 5; number++) ended.add(bench.complete(bench.create("job-" + number)));
        archive.room = 3;

        assertThatThrownBy(() -> got(archiving.run())).isInstanceOf(IllegalStateException.class);

        assertThat(bench.owed()).containsAll(ended.subList(3, 5));
        bench.advance(TIMING.terminalRetention());
        assertThat(bench.tryReclaim(ended.get(4))).isEqualTo(new Transition.NotDue());

        archive.room = Integer.MAX_VALUE;
        got(archiving.run());
        assertThat(archive.kept).containsAll(ended);
        assertThat(bench.owed()).isEmpty();
    }

    @Test
    void entryThatArrivesTwiceIsKeptOnce() {
        Archive memory = new MemoryArchive(bench.clock, 100, Long.MAX_VALUE);
        bench.complete(bench.create("job"));
        List<Job> owed = bench.owed();

        got(new Archiving(bench.outbox, memory).run());
        owed.forEach(job -> got(memory.keep(job)));

        assertThat(got(memory.turns(Space.TENANTLESS, new ConversationId("talk"), null, 10)).items()).isEqualTo(owed);
    }

    @Test
    void longQueueIsCarriedAwayInOneRun() {
        for (int turn = 0; turn < 50_000; turn++) bench.create("job");

        got(archiving.run());

        assertThat(archive.kept).hasSize(49_999);
        assertThat(bench.owed()).isEmpty();
    }

    @Test
    void twoRunsAtOnceLoseNothing() {
        Archive memory = new MemoryArchive(bench.clock, 10_000, Long.MAX_VALUE);
        for (int turn = 0; turn < 1_001; turn++) bench.create("job");

        Race.of(2, runner -> {
            got(new Archiving(bench.outbox, memory).run());
            return runner;
        });

        assertThat(bench.owed()).isEmpty();
        assertThat(got(memory.turns(Space.TENANTLESS, new ConversationId("talk"), null, 5_000)).items())
                .hasSize(1_000);
    }
}
