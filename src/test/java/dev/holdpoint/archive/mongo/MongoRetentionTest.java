package dev.holdpoint.archive.mongo;

import static dev.holdpoint.audit.Records.KEY;
import static dev.holdpoint.audit.Records.records;
import static dev.holdpoint.job.Space.TENANTLESS;
import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;

import com.mongodb.reactivestreams.client.MongoDatabase;
import dev.holdpoint.audit.AuditTrail.Slice;
import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Extent;
import dev.holdpoint.audit.Head;
import dev.holdpoint.audit.Inspection;
import dev.holdpoint.audit.Verdict;
import dev.holdpoint.job.Debt.ClosedPrompt;
import dev.holdpoint.job.Debt.JudgedCalls;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.mongo.MongoDatabases;
import dev.holdpoint.mongo.MongoServer;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.memory.MemoryBench;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MongoRetentionTest {
    private static final MongoDatabases DATABASES = MongoDatabases.at(MongoServer.sharedUrl());
    private static final Space ACME = new Space(new TenantId("acme"));
    private static final Duration AGE = Duration.ofDays(30);

    private final Bench bench = MemoryBench.bench();
    private final MongoDatabase database = DATABASES.empty();
    private final MongoHandle mongo = new MongoHandle(database);
    private final MongoArchive archive = new MongoArchive(mongo, bench.clock);
    private final MongoAuditTrail trail = new MongoAuditTrail(mongo, bench.clock);
    private final MongoRetention retention = new MongoRetention(mongo, AGE, bench.clock);

    @BeforeEach
    void index() {
        got(mongo.index());
    }

    @AfterAll
    static void dropAll() { DATABASES.close(); }

    @Test
    void jobsAndCallsGoAtTheirAgeAndNotBefore() {
        Job old = bench.complete(bench.create("old"));
        JudgedCalls oldCalls = judged(old);
        bench.advance(Duration.ofMillis(1));
        Job young = bench.complete(bench.create("young"));
        JudgedCalls youngCalls = judged(young);
        got(archive.keep(old));
        got(archive.keep(young));
        got(archive.keep(oldCalls));
        got(archive.keep(youngCalls));

        bench.advance(AGE.minusMillis(1));
        got(retention.run());
        assertThat(history()).containsExactly(young, old);
        assertThat(got(archive.latestCalls(TENANTLESS, 10))).containsExactly(oldCalls, youngCalls);

        bench.advance(Duration.ofMillis(1));
        got(retention.run());
        assertThat(history()).containsExactly(young);
        assertThat(got(archive.latestCalls(TENANTLESS, 10))).containsExactly(youngCalls);
    }

    @Test
    void whatAJobAskedForGoesEvenIfItsEndNeverArrives() {
        bench.abort(bench.paused("job", "a1"));
        bench.owed(ClosedPrompt.class).forEach(closed -> got(archive.keep(closed)));

        bench.advance(AGE.plusMillis(1));
        got(retention.run());

        assertThat(MongoDatabases.all(mongo.collection(JobDocument.COLLECTION).countDocuments())).containsExactly(0L);
    }

    @Test
    void chainStartsLaterAndIsSoundFromThere() {
        got(trail.append(ACME, records(ACME, 0, 10)));
        got(trail.append(TENANTLESS, records(TENANTLESS, 0, 3)));
        bench.advance(AGE.dividedBy(2));
        got(trail.append(ACME, records(ACME, 10, 15)));
        List<ChainedRecord> all = got(trail.read(ACME, 0, 100)).records();

        bench.advance(AGE.dividedBy(2).plusMillis(1));
        runUntilGone();

        Head start = all.get(9).head();
        assertThat(got(trail.head(ACME))).isEqualTo(new Extent(start, all.get(14).head()));
        assertThat(got(trail.read(ACME, start.seq(), 100)).records()).isEqualTo(all.subList(10, 15));
        assertThat(got(inspection().verify(ACME))).isEqualTo(new Verdict.Sound(5, start, all.get(14).head(), 0));

        // The newest record of a chain stays, however old it is: the next one follows it.
        assertThat(got(trail.head(TENANTLESS)).start().seq()).isEqualTo(2);
        got(trail.append(TENANTLESS, records(TENANTLESS, 3, 6)));
        assertThat(got(inspection().verify(TENANTLESS))).isInstanceOfSatisfying(Verdict.Sound.class,
                sound -> assertThat(sound.checked()).isEqualTo(4));
    }

    @Test
    void recordsThatAreGoneAreReallyGone() {
        got(trail.append(ACME, records(ACME, 0, 10)));

        bench.advance(AGE.plusMillis(1));
        runUntilGone();

        assertThat(MongoDatabases.all(mongo.collection(AuditDocument.COLLECTION).countDocuments()))
                .containsExactly(1L);
        assertThat(got(trail.find(ACME, "r-3"))).isNull();
    }

    @Test
    void whoeverIsReadingWhenTheStartMovesFindsNoGap() {
        got(trail.append(ACME, records(ACME, 0, 10)));
        bench.advance(AGE.plusMillis(1));
        got(trail.append(ACME, records(ACME, 10, 15)));
        Slice before = got(trail.read(ACME, 0, 5));

        got(retention.run());
        got(retention.run());

        assertThat(got(trail.head(ACME)).start().seq()).isEqualTo(10);
        assertThat(got(trail.read(ACME, before.records().getLast().seq(), 100)).records())
                .extracting(ChainedRecord::seq).startsWith(6L).hasSize(10);
    }

    @Test
    void passThatDiedBetweenTwoRemovalsLeavesASoundChain() {
        got(trail.append(ACME, records(ACME, 0, 10)));
        bench.advance(AGE.plusMillis(1));
        got(trail.append(ACME, records(ACME, 10, 15)));
        got(retention.run());
        bench.advance(AGE.plusMillis(1));
        got(trail.append(ACME, records(ACME, 15, 20)));
        got(retention.run());

        // What lies before the former start is removed in any order, and was removed only in part.
        MongoDatabases.all(database.getCollection(AuditDocument.COLLECTION)
                .insertOne(new Document("_id", new Document("tenant", "acme").append("seq", 4L))));

        assertThat(got(inspection().verify(ACME))).isInstanceOf(Verdict.Sound.class);
        assertThat(got(trail.read(ACME, 0, 100)).records()).extracting(ChainedRecord::seq)
                .containsExactly(16L, 17L, 18L, 19L, 20L);
    }

    @Test
    void replicasThatRemoveAtOnceWhileOthersAppendLeaveASoundChain() {
        for (int month = 0; month < 4; month++) {
            int from = month * 40;
            got(trail.append(ACME, records(ACME, from, from + 20)));
            bench.advance(AGE.plusMillis(1));
            Race.of(4, runner -> {
                if (runner < 2) got(retention.run());
                else got(trail.append(ACME, records(ACME, from + runner * 10, from + runner * 10 + 10)));
                return runner;
            });

            assertThat(got(inspection().verify(ACME))).isInstanceOf(Verdict.Sound.class);
        }

        assertThat(got(trail.head(ACME)).start().seq()).isGreaterThan(80);
    }

    @Test
    void emptyArchiveIsNoTrouble() {
        got(retention.run());

        assertThat(got(trail.spaces())).isEmpty();
    }

    @Test
    void ageOfLessThanADayIsRefused() {
        assertThatThrownBy(() -> new MongoRetention(mongo, Duration.ofHours(23), bench.clock))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("PT24H");
    }

    /** What a pass lets go, a later one removes. */
    private void runUntilGone() {
        for (int pass = 0; pass < 3; pass++) {
            got(retention.run());
            bench.advance(MongoRetention.GRACE);
        }
    }

    private Inspection inspection() { return new Inspection(trail, null, KEY.publicKeys()); }

    private List<Job> history() {
        return got(archive.history(TENANTLESS, HistoryQuery.ALL, null, 10)).items();
    }

    private JudgedCalls judged(Job job) {
        return new JudgedCalls(job.key(), job.generation(), bench.now(), job.details().owner(),
                job.details().conversation(), List.of());
    }
}
