package dev.holdpoint.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.holdpoint.archive.memory.MemoryAuditTrail;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A chain is inspected as it stood when one began, whatever becomes of it meanwhile. */
class InspectionTest {
    private static final Space SPACE = Space.TENANTLESS;
    private static final int KEPT = 1_200;

    private final BusyTrail trail = new BusyTrail(
            new MemoryAuditTrail(InstantSource.fixed(Records.START), KEPT, Long.MAX_VALUE), new AtomicInteger(), 1);
    private final Inspection inspection = new Inspection(trail, Records.KEY, Records.KEY.publicKeys());

    /** Full, and before each answer it gets some more records, so that it lets go of its oldest. */
    private record BusyTrail(AuditTrail trail, AtomicInteger next, int more) implements AuditTrail {
        private <T extends @Nullable Object> Uni<T> busy(Uni<T> answer) {
            int from = next.getAndAdd(more);
            return trail.append(SPACE, Records.records(SPACE, from, from + more)).chain(() -> answer);
        }

        @Override
        public Uni<Slice> read(Space space, long afterSeq, int limit) {
            return busy(trail.read(space, afterSeq, limit));
        }

        @Override
        public Uni<Extent> head(Space space) { return busy(trail.head(space)); }

        @Override
        public Uni<Void> append(Space space, List<AuditRecord> records) { return trail.append(space, records); }

        @Override
        public Uni<Void> seal(Space space, Function<Head, AuditRecord> made) { return trail.seal(space, made); }

        @Override
        public Uni<@Nullable ChainedRecord> find(Space space, String recordId) { return trail.find(space, recordId); }

        @Override
        public Uni<Page<ChainedRecord>> search(Space space, AuditQuery query, @Nullable String cursor, int limit) {
            return trail.search(space, query, cursor, limit);
        }

        @Override
        public Uni<Long> erase(Space space, UserId user) { return trail.erase(space, user); }

        @Override
        public Uni<List<Space>> spaces() { return trail.spaces(); }
    }

    private void fill() {
        int records = KEPT + 100;
        trail.append(SPACE, Records.records(SPACE, trail.next().getAndAdd(records), records)).await().indefinitely();
    }

    @Test
    void chainThatLetsGoOfItsOldestIsSound() {
        fill();

        Verdict verdict = inspection.verify(SPACE).await().indefinitely();

        assertThat(verdict).isInstanceOf(Verdict.Sound.class);
        assertThat(verdict.checked()).isEqualTo(KEPT);
    }

    @Test
    void readerWhoIsOvertakenIsNotToldThatRecordsWereRemoved() {
        fill();
        Inspection overtaken = new Inspection(new BusyTrail(trail.trail(), trail.next(), 200), null, PublicKeys.NONE);

        assertThatThrownBy(() -> overtaken.verify(SPACE).await().indefinitely()).isInstanceOf(StoreTrouble.class)
                .hasMessageContaining("let go");
    }

    @Test
    void exportOfAChainThatLetsGoOfItsOldestIsSignedAndVerifies() throws IOException {
        fill();
        Extent extent = trail.trail().head(SPACE).await().indefinitely();

        List<Json> lines = inspection.export(SPACE).await().indefinitely().collect().asList().await().indefinitely();

        String export = lines.stream().map(line -> line.text() + "\n").collect(Collectors.joining());
        assertThat(lines).hasSize(KEPT + 1);
        assertThat(lines.getLast().text()).contains("\"signature\"");
        Head after = after(lines.getFirst());
        assertThat(after.seq()).isEqualTo(extent.start().seq() + 1);
        assertThat(Export.verify(new ByteArrayInputStream(export.getBytes(StandardCharsets.UTF_8)), after,
                Records.KEY.publicKeys())).isInstanceOf(Verdict.Sound.class);
    }

    private static Head after(Json line) throws IOException {
        try {
            return new Head(Link.whole(Canonical.object(line.text()), "seq") - 1,
                    Link.text(Canonical.object(line.text()).get("prevHash"), "prevHash"));
        } catch (Canonical.Unreadable unreadable) {
            throw new IOException(unreadable.getMessage());
        }
    }

    @Test
    void chainWithoutRecordsIsSound() {
        MemoryAuditTrail empty = new MemoryAuditTrail(InstantSource.fixed(Records.START), 1, 1);

        Verdict verdict = new Inspection(empty, null, PublicKeys.NONE).verify(SPACE).await().indefinitely();

        assertThat(verdict).isEqualTo(new Verdict.Sound(0, Head.GENESIS, Head.GENESIS, 0));
    }
}
