package dev.holdpoint.archive.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.archive.ArchiveContract;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import org.junit.jupiter.api.Test;

class MemoryArchiveTest extends ArchiveContract {
    @Override
    protected Archive emptyArchive(InstantSource clock) { return new MemoryArchive(clock, 1_000, Long.MAX_VALUE); }

    @Test
    void oldestArrivalsMakeRoom() {
        archive = new MemoryArchive(bench.clock, 10, Long.MAX_VALUE);
        List<Job> ended = new ArrayList<>();
        for (int number = 0; number < 14; number++) ended.add(turn("job", "talk"));

        ended.forEach(this::keep);

        assertThat(turns("talk", null, 100).items()).isEqualTo(ended.subList(4, 14));
        assertThat(history(HistoryQuery.ALL, null, 100).items()).isEqualTo(ended.subList(4, 14).reversed());
    }
}
