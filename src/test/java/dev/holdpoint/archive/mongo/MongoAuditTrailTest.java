package dev.holdpoint.archive.mongo;

import static dev.holdpoint.audit.Records.records;
import static dev.holdpoint.job.Space.TENANTLESS;
import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;

import com.mongodb.client.model.Filters;
import com.mongodb.reactivestreams.client.MongoDatabase;
import dev.holdpoint.archive.AuditTrailContract;
import dev.holdpoint.audit.AuditQuery;
import dev.holdpoint.audit.AuditRecord;
import dev.holdpoint.audit.AuditRecord.Kind;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Inspection;
import dev.holdpoint.audit.PublicKeys;
import dev.holdpoint.audit.Records;
import dev.holdpoint.audit.Verdict;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.mongo.MongoDatabases;
import dev.holdpoint.mongo.MongoServer;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.TestClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The trail in MongoDB keeps what every trail promises. */
class MongoAuditTrailTest extends AuditTrailContract {
    private static final MongoDatabases DATABASES = MongoDatabases.at(MongoServer.sharedUrl());

    @Override
    protected AuditTrail emptyTrail(InstantSource clock) {
        MongoHandle mongo = new MongoHandle(DATABASES.empty());
        got(mongo.index());
        return new MongoAuditTrail(mongo, clock);
    }

    @Test
    void replicasThatBringTheSameBatchAtOnceLeaveItOnceAndInOrder() {
        MongoDatabase shared = DATABASES.empty();
        got(new MongoHandle(shared).index());

        try (MongoDatabases others = MongoDatabases.at(MongoServer.sharedUrl())) {
            Race.of(2, replica -> {
                MongoDatabase own = replica == 0 ? shared : others.named(shared.getName());
                MongoAuditTrail trail = new MongoAuditTrail(new MongoHandle(own), new TestClock());
                for (int batch = 0; batch < 20; batch++)
                    got(trail.append(TENANTLESS, records(TENANTLESS, batch * 10, batch * 10 + 10)));
                return replica;
            });
        }

        AuditTrail trail = new MongoAuditTrail(new MongoHandle(shared), new TestClock());
        assertThat(got(trail.read(TENANTLESS, 0, 500)).records()).extracting(ChainedRecord::record)
                .isEqualTo(records(TENANTLESS, 0, 200));
        assertThat(got(new Inspection(trail, null, PublicKeys.NONE).verify(TENANTLESS)))
                .isInstanceOf(Verdict.Sound.class);
    }

    /** Records go in one by one: a process that dies in between leaves a beginning of its batch, wherever that ends. */
    @Test
    void batchThatWasCutOffAnywhereIsCompletedByWhoeverComesNext() {
        for (int cut = 0; cut <= 10; cut++) {
            MongoDatabase shared = DATABASES.empty();
            MongoHandle mongo = new MongoHandle(shared);
            got(mongo.index());
            AuditTrail trail = new MongoAuditTrail(mongo, new TestClock());
            got(trail.append(TENANTLESS, records(TENANTLESS, 0, 12)));
            MongoDatabases.all(shared.getCollection("audit").deleteMany(Filters.gt("_id.seq", 2 + cut)));

            got(trail.append(TENANTLESS, records(TENANTLESS, 12, 13)));
            got(trail.append(TENANTLESS, records(TENANTLESS, 2, 12)));

            assertThat(got(trail.read(TENANTLESS, 0, 500)).records()).extracting(link -> link.record().id())
                    .doesNotHaveDuplicates().hasSize(13);
            assertThat(got(new Inspection(trail, null, PublicKeys.NONE).verify(TENANTLESS)))
                    .isInstanceOf(Verdict.Sound.class);
        }
    }

    @Test
    void sliceThatWouldFillTheMemoryIsCutAndTheNextGoesOnBehindIt() {
        AuditTrail trail = emptyTrail(new TestClock());
        String long6 = "\"" + "x".repeat(6 << 20) + "\"";
        for (int number = 0; number < 4; number++)
            got(trail.append(TENANTLESS, List.of(AuditRecord.of(TENANTLESS, "r-" + number, Kind.POLICY,
                    Records.START, Json.EMPTY_OBJECT, new Json(long6)))));

        assertThat(got(trail.read(TENANTLESS, 0, 10)).records()).extracting(ChainedRecord::seq)
                .containsExactly(1L, 2L);
        assertThat(got(trail.read(TENANTLESS, 2, 10)).records()).extracting(ChainedRecord::seq)
                .containsExactly(3L, 4L);
        Page<ChainedRecord> newest = got(trail.search(TENANTLESS, AuditQuery.EVERYTHING, null, 10));
        assertThat(newest.items()).extracting(ChainedRecord::seq).containsExactly(4L, 3L);
        assertThat(got(trail.search(TENANTLESS, AuditQuery.EVERYTHING, newest.next(), 10)).items())
                .extracting(ChainedRecord::seq).containsExactly(2L, 1L);
    }

    @AfterAll
    static void dropAll() { DATABASES.close(); }
}
