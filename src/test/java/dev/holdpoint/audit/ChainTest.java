package dev.holdpoint.audit;

import static dev.holdpoint.contract.Digest.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.holdpoint.audit.AuditRecord.Kind;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChainTest {
    private static final Space ACME = new Space(new TenantId("acme"));

    /** Spelled out once with nothing but the library, as anybody else would check it. */
    @Test
    void hashIsTheOneThatThePagePromises() throws IOException, GeneralSecurityException {
        AuditRecord record = AuditRecord.of(ACME, "r-1", Kind.POLICY, Instant.parse("2026-05-04T10:00:00.1234567Z"),
                new Json("{\"jobId\":\"j\",\"waitedMs\":1.0}"), new Json("{\"b\":2,\"a\":1}"));

        ChainedRecord first = Chain.next(ACME, Head.GENESIS, record);

        String digest = sha256(new JsonCanonicalizer("{\"a\":1,\"b\":2}").getEncodedString());
        String hashed = "{\"at\":\"2026-05-04T10:00:00.123Z\",\"contentDigest\":\"" + digest
                + "\",\"jobId\":\"j\",\"kind\":\"policy\",\"recordId\":\"r-1\",\"seq\":1,\"tenantId\":\"acme\",\"waitedMs\":1}";
        assertThat(first.hash()).isEqualTo(sha256("0".repeat(64) + hashed));
        assertThat(new JsonCanonicalizer(first.flat().text()).getEncodedString())
                .isEqualTo(new JsonCanonicalizer(hashed.substring(0, hashed.length() - 1)
                        + ",\"content\":{\"a\":1,\"b\":2},\"prevHash\":\"" + "0".repeat(64) + "\",\"hash\":\""
                        + first.hash()
                        + "\"}").getEncodedString());
    }

    @Test
    void recordsFollowEachOther() {
        List<ChainedRecord> chain = Chain.extend(ACME, Head.GENESIS, Records.records(ACME, 0, 3));

        assertThat(chain).extracting(ChainedRecord::seq).containsExactly(1L, 2L, 3L);
        assertThat(chain.get(1).prevHash()).isEqualTo(chain.get(0).hash());
        assertThat(chain.get(2).prevHash()).isEqualTo(chain.get(1).hash());
    }

    @Test
    void erasingKeepsEverythingButTheContent() {
        ChainedRecord full = Chain.next(ACME, Head.GENESIS, Records.record(ACME, 1));

        ChainedRecord erased = full.erase();

        assertThat(erased.erased()).isTrue();
        assertThat(erased.record().content()).isNull();
        assertThat(erased.head()).isEqualTo(full.head());
        assertThat(erased.record().body()).isEqualTo(full.record().body());
        assertThat(erased.erase()).isSameAs(erased);
    }

    @Test
    void recordOfAnotherTenantIsRefused() {
        AuditRecord theirs = Records.record(ACME, 1);
        AuditRecord nobodys = Records.record(Space.TENANTLESS, 1);

        assertThatThrownBy(() -> Chain.next(Space.TENANTLESS, Head.GENESIS, theirs))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Chain.next(ACME, Head.GENESIS, nobodys)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void checkpointThatCameTooLateIsRefused() {
        AuditRecord checkpoint = new Checkpoints(Records.KEY).behind(ACME, Head.GENESIS, Records.START);
        Head moved = Chain.next(ACME, Head.GENESIS, Records.record(ACME, 1)).head();

        assertThatThrownBy(() -> Chain.next(ACME, moved, checkpoint)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void checkpointWithoutSignatureIsRefused() {
        Json says = new Json("{\"upToSeq\":0,\"headHash\":\"" + Head.GENESIS.hash() + "\",\"keyId\":\"k\"}");
        AuditRecord unsigned = AuditRecord.of(ACME, "c", Kind.CHECKPOINT, Records.START, says, null);

        assertThatThrownBy(() -> Chain.next(ACME, Head.GENESIS, unsigned)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatStandsBesideTheBodyMustSayTheSame() {
        AuditRecord record = Records.record(ACME, 1);
        List<AuditRecord> liars = List.of(
                new AuditRecord("other", record.kind(), record.at(), record.body(), record.content()),
                new AuditRecord(record.id(), Kind.GRANT, record.at(), record.body(), record.content()),
                new AuditRecord(record.id(), record.kind(), record.at().plusMillis(1), record.body(), record.content()),
                new AuditRecord(record.id(), record.kind(), record.at(), record.body(), new Json("{}")),
                new AuditRecord(record.id(), record.kind(), record.at(), record.body(), null));

        assertThat(liars).allSatisfy(liar -> assertThatThrownBy(() -> Chain.next(ACME, Head.GENESIS, liar))
                .isInstanceOf(IllegalArgumentException.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seq", "content", "erased", "prevHash", "hash", "recordId", "kind", "tenantId", "at",
        "contentDigest"})
    void membersThatARecordSetsItselfAreRefused(String name) {
        assertThatThrownBy(
                () -> AuditRecord.of(ACME, "r", Kind.GRANT, Records.START, new Json("{\"" + name + "\":1}"), null))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(name);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void kindIsKnownByItsWord(Kind kind) {
        assertThat(Kind.parse(kind.word())).contains(kind);
        assertThat(Kind.parse(kind.name())).isEmpty();
    }

    @Test
    void facetsAreReadFromTheBody() {
        assertThat(Facets.of(Records.record(ACME, 4).body()))
                .isEqualTo(new Facets("job-2", "bob", "cid", List.of("delete_file"), List.of("reject")));
        assertThat(Facets.of(new Json("{\"requests\":7,\"decidedBy\":\"x\"}")))
                .isEqualTo(new Facets(null, null, null, List.of(), List.of()));
    }

    @Test
    void checkpointIsDueByNumberOrByTime() {
        Checkpoints checkpoints = new Checkpoints(Records.KEY);
        Duration almost = Duration.ofHours(1).minusNanos(1);

        assertThat(checkpoints.due(999, almost)).isFalse();
        assertThat(checkpoints.due(1_000, Duration.ZERO)).isTrue();
        assertThat(checkpoints.due(1, Duration.ofHours(1))).isTrue();
        assertThat(checkpoints.due(0, Duration.ofDays(1))).isFalse();
    }
}
