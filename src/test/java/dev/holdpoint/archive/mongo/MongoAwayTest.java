package dev.holdpoint.archive.mongo;

import static dev.holdpoint.job.Space.TENANTLESS;
import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Inspection;
import dev.holdpoint.audit.PublicKeys;
import dev.holdpoint.audit.Transcripts;
import dev.holdpoint.audit.Verdict;
import dev.holdpoint.job.ArchiveTrouble;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.mask.Masks;
import dev.holdpoint.mongo.MongoDatabases;
import dev.holdpoint.mongo.MongoServer;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.memory.MemoryBench;
import dev.holdpoint.sweep.Archiving;
import dev.holdpoint.webhook.Nobody;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** While MongoDB is away jobs are decided as ever, what is owed stays owed, and afterwards everything is there once. */
class MongoAwayTest {
    private static final int JOBS = 120;
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration LATER = Duration.ofMillis(200);

    private final Bench bench = MemoryBench.bench();
    private final MongoServer server = MongoServer.started();
    private final MongoDatabases databases = MongoDatabases.at(server.url());
    private final MongoHandle mongo = new MongoHandle(databases.named("away"));
    private final MongoArchive archive = new MongoArchive(mongo, bench.clock);
    private final MongoAuditTrail trail = new MongoAuditTrail(mongo, bench.clock);
    private final Archiving archiving = archiving();
    private final List<Job> ended = new ArrayList<>();

    private Archiving archiving() {
        return new Archiving(bench.outbox, archive, trail, new Transcripts(Masks.NONE, "memory"), Nobody.told());
    }

    @AfterEach
    void close() {
        databases.close();
        server.close();
    }

    @Test
    void whatIsDecidedWhileMongoIsAwayIsThereAfterwards() {
        decide(0, JOBS);
        got(archiving.run());

        server.stop();
        decide(JOBS, 2 * JOBS);
        for (int pass = 0; pass < 2; pass++)
            assertThatThrownBy(() -> got(archiving.run())).isInstanceOf(ArchiveTrouble.class);

        assertThat(archiving.trouble()).isPresent();
        assertThat(bench.owed()).isEqualTo(ended.subList(JOBS, 2 * JOBS));
        assertThatThrownBy(() -> got(trail.read(TENANTLESS, 0, 1))).isInstanceOf(ArchiveTrouble.class);

        server.start();
        got(archiving.run());

        assertThat(archiving.trouble()).isEmpty();
        assertEverythingIsThereOnce();
    }

    @Test
    void whatIsCarriedWhileMongoComesAndGoesIsThereOnce() {
        decide(0, 2 * JOBS);

        Race.of(3, runner -> {
            if (runner > 0) got(atLast(archiving().run()));
            for (int outage = 0; runner == 0 && outage < 8; outage++) {
                server.stop();
                server.start();
                got(atLast(trail.head(TENANTLESS)));
            }
            return runner;
        });

        assertEverythingIsThereOnce();
    }

    /** Again and again, but not faster than a server can come back. */
    static <T> Uni<T> atLast(Uni<T> work) {
        return work.onFailure(ArchiveTrouble.class)
                .invoke(away -> assertThat(away).hasMessageNotContaining("refused"))
                .onFailure(ArchiveTrouble.class).retry().withBackOff(SOON, LATER).atMost(1_000);
    }

    private void decide(int from, int to) {
        for (int number = from; number < to; number++)
            ended.add(bench.complete(bench.claimed("job-" + number, "a" + number, "worker")));
    }

    private void assertEverythingIsThereOnce() {
        assertThat(bench.owed(Debt.class)).isEmpty();
        assertThat(got(archive.history(TENANTLESS, HistoryQuery.ALL, null, 1_000)).items())
                .containsExactlyInAnyOrderElementsOf(ended.stream().map(Job::withoutMemory).toList());
        assertThat(got(trail.read(TENANTLESS, 0, 1_000)).records()).hasSize(ended.size())
                .extracting((ChainedRecord link) -> link.record().id()).doesNotHaveDuplicates();
        assertThat(got(new Inspection(trail, null, PublicKeys.NONE).verify(TENANTLESS)))
                .isInstanceOfSatisfying(Verdict.Sound.class,
                        sound -> assertThat(sound.checked()).isEqualTo(ended.size()));
    }
}
