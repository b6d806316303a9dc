package dev.holdpoint.archive.memory;

import static dev.holdpoint.audit.Records.KEY;
import static dev.holdpoint.audit.Records.record;
import static dev.holdpoint.audit.Records.records;
import static dev.holdpoint.job.Space.TENANTLESS;
import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;

import dev.holdpoint.archive.AuditTrailContract;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.AuditTrail.Slice;
import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Extent;
import dev.holdpoint.audit.Head;
import dev.holdpoint.audit.Verdict.Sound;
import dev.holdpoint.audit.Verifier;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.UserId;
import dev.holdpoint.store.TestClock;
import org.junit.jupiter.api.Test;

/** The embedded trail keeps what every trail promises, in bounded memory. */
class MemoryAuditTrailTest extends AuditTrailContract {
    private static final Space ACME = new Space(new TenantId("acme"));

    @Override
    protected AuditTrail emptyTrail(InstantSource clock) {
        return new MemoryAuditTrail(clock, 10_000, Long.MAX_VALUE);
    }

    private static AuditTrail within(int records, long bytes) {
        return new MemoryAuditTrail(new TestClock(), records, bytes);
    }

    @Test
    void chainWhoseOldestRecordsMadeRoomSaysWhereItStartsAndIsSoundFromThere() {
        AuditTrail whole = emptyTrail(new TestClock());
        got(whole.append(ACME, records(ACME, 0, 14)));
        AuditTrail trail = within(10, Long.MAX_VALUE);
        got(trail.append(ACME, records(ACME, 0, 14)));

        Slice kept = got(trail.read(ACME, 0, 100));

        List<ChainedRecord> all = got(whole.read(ACME, 0, 100)).records();
        assertThat(kept.extent()).isEqualTo(new Extent(all.get(3).head(), all.get(13).head()));
        assertThat(kept.extent().isComplete()).isFalse();
        assertThat(kept.records()).isEqualTo(all.subList(4, 14));
        assertThat(got(trail.find(ACME, "r-3"))).isNull();
        Verifier verifier = Verifier.ofTrail(ACME, kept.extent(), KEY.publicKeys());
        kept.records().forEach(verifier::record);
        assertThat(verifier.verdict()).isEqualTo(new Sound(10, all.get(3).head(), all.get(13).head(), 0));
    }

    @Test
    void memoryIsBoundedByBytesToo() {
        AuditTrail trail = within(1_000, 20_000);

        got(trail.append(ACME, records(ACME, 0, 100)));

        assertThat(got(trail.read(ACME, 0, 100)).records()).hasSizeBetween(2, 10);
        assertThat(got(trail.head(ACME)).head().seq()).isEqualTo(100);
    }

    @Test
    void erasedContentTakesNoRoom() {
        AuditTrail erasing = within(1_000, 100_000);
        AuditTrail keeping = within(1_000, 100_000);
        for (int number = 0; number < 60; number++) {
            got(erasing.append(ACME, List.of(record(ACME, number))));
            got(keeping.append(ACME, List.of(record(ACME, number))));
            for (String user : List.of("ann", "bob", "cid")) got(erasing.erase(ACME, new UserId(user)));
        }

        assertThat(got(erasing.read(ACME, 0, 100)).records())
                .hasSizeGreaterThan(got(keeping.read(ACME, 0, 100)).records().size());
    }

    @Test
    void chainThatMadeRoomWholeGoesOnWhereItWas() {
        AuditTrail trail = within(3, Long.MAX_VALUE);
        got(trail.append(ACME, records(ACME, 0, 2)));
        Head before = got(trail.head(ACME)).head();
        got(trail.append(TENANTLESS, records(TENANTLESS, 0, 3)));

        assertThat(got(trail.read(ACME, 0, 100))).isEqualTo(new Slice(new Extent(before, before), List.of()));

        got(trail.append(ACME, records(ACME, 2, 3)));

        assertThat(got(trail.read(ACME, 0, 100)).records()).extracting(ChainedRecord::prevHash)
                .containsExactly(before.hash());
    }
}
