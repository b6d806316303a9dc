package dev.holdpoint.archive.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;

import dev.holdpoint.archive.ArchiveContract;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.Debt.ClosedPrompt;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.Space;
import dev.holdpoint.mongo.MongoDatabases;
import dev.holdpoint.mongo.MongoServer;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Race;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The MongoDB archive keeps what every archive promises. */
class MongoArchiveTest extends ArchiveContract {
    private static final MongoDatabases DATABASES = MongoDatabases.at(MongoServer.sharedUrl());

    @Override
    protected Archive emptyArchive(InstantSource clock) {
        MongoHandle mongo = new MongoHandle(DATABASES.empty());
        Bench.got(mongo.index());
        return new MongoArchive(mongo, clock);
    }

    @Test
    void toolsThatArriveWhileTheJobEndsAreFoundAsWell() {
        List<Job> ended = IntStream.range(0, 20).mapToObj(number -> bench.abort(bench.pause(
                bench.create("job-" + number), Bench.prompt("a1", new Deadline.Unsaid(), Bench.tools("wipe_disk")))))
                .toList();
        List<ClosedPrompt> closed = bench.owed(ClosedPrompt.class);

        for (int number = 0; number < ended.size(); number++) {
            Job job = ended.get(number);
            ClosedPrompt prompt = closed.get(number);
            Race.of(List.of(() -> Bench.got(archive.keep(job)), () -> Bench.got(archive.keep(prompt)),
                    () -> Bench.got(archive.keep(job)), () -> Bench.got(archive.keep(prompt))));
        }

        assertThat(history(new HistoryQuery(null, null, null, "wipe_disk", null, null, null), null, 50).items())
                .containsExactlyInAnyOrderElementsOf(ended.stream().map(Job::withoutMemory).toList());
    }

    /** More than are removed at once. */
    @Test
    void erasingGoesOnUntilNothingIsLeft() {
        for (int number = 0; number < 1_001; number++) keep(turn("job-" + number, "talk"));

        assertThat(Bench.got(archive.erase(Space.TENANTLESS, Bench.user("ann")))).isEqualTo(1_001);

        assertThat(history(HistoryQuery.ALL, null, 10).items()).isEmpty();
    }

    @AfterAll
    static void dropAll() { DATABASES.close(); }
}
