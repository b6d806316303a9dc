package dev.holdpoint.audit;

import static dev.holdpoint.audit.Records.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.audit.Verdict.Broken;
import dev.holdpoint.audit.Verdict.Sound;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import org.junit.jupiter.api.Test;

class ExportTest {
    private static final Space ACME = new Space(new TenantId("acme"));

    private final List<ChainedRecord> chain = Records.chain(ACME, 60);

    @Test
    void exportOfASoundChainIsSound() {
        List<String> lines = Records.export(ACME, chain);

        Verdict verdict = verify(lines, KEY.publicKeys());

        assertThat(verdict).isEqualTo(new Sound(60, Head.GENESIS, chain.getLast().head(), 49));
        assertThat(verify(lines, PublicKeys.NONE)).isEqualTo(new Sound(60, Head.GENESIS, chain.getLast().head(), 0));
    }

    @Test
    void emptyChainHasAnExportToo() {
        List<String> lines = Records.export(ACME, List.of());

        assertThat(verify(lines, KEY.publicKeys())).isEqualTo(new Sound(0, Head.GENESIS, Head.GENESIS, 0));
        assertThat(lines).hasSize(1);
    }

    @Test
    void erasedContentLeavesTheChainSound() {
        List<ChainedRecord> erased = chain.stream().map(ChainedRecord::erase).toList();
        List<String> lines = Records.export(ACME, erased);

        assertThat(verify(lines, KEY.publicKeys())).isEqualTo(verify(Records.export(ACME, chain), KEY.publicKeys()));
        assertThat(String.join("\n", lines)).doesNotContain("because of");
    }

    @Test
    void chainThatStartsLaterIsVerifiedFromThere() {
        List<String> lines = Records.export(ACME, chain.subList(20, 60));

        Head start = chain.get(19).head();
        assertThat(verify(lines, start, KEY.publicKeys())).isEqualTo(new Sound(40, start, chain.getLast().head(), 49));
        assertThat(verify(lines, KEY.publicKeys())).isEqualTo(
                new Broken(0, 1, Fault.REMOVED, "Record 21 stands where record 1 should."));
    }

    @Test
    void otherSpellingsOfTheSameLinesAreSound() {
        List<String> lines = new ArrayList<>(Records.export(ACME, chain));
        lines.replaceAll(line -> line.replace("\"acme\"", "\"\\u0061cme\"").replace("\"seq\":7,", "\"seq\": 7.0 ,")
                .replace("\"waitedMs\":10.5", "\"waitedMs\":1.05e1") + "\r");
        String moved = lines.get(4);
        int comma = moved.lastIndexOf(",\"prevHash\"");
        lines.set(4, "{" + moved.substring(comma + 1, moved.lastIndexOf('}')) + "," + moved.substring(1, comma) + "}");

        assertThat(verify(lines, KEY.publicKeys())).isInstanceOf(Sound.class);
        assertThat(verify(String.join("\n", lines).getBytes(StandardCharsets.UTF_8), Head.GENESIS, KEY.publicKeys()))
                .isInstanceOf(Sound.class);
    }

    @Test
    void linesBehindTheEndAreFound() {
        List<String> lines = new ArrayList<>(Records.export(ACME, chain));
        lines.add(lines.getLast());

        assertThat(verify(lines, PublicKeys.NONE)).isEqualTo(
                new Broken(60, 61, Fault.INSERTED, "Something follows the end line."));
    }

    @Test
    void checkpointsSignatureDoesNotEndAnExport() throws Exception {
        List<String> lines = new ArrayList<>(Records.export(ACME, chain));
        String checkpoint = lines.get(24);
        String signature = Canonical.object(checkpoint).path("signature").textValue();
        Head cut = chain.get(23).head();
        List<String> forged = new ArrayList<>(lines.subList(0, 24));
        forged.add("{\"kind\":\"end\",\"tenantId\":\"acme\",\"records\":24,\"seq\":24,\"hash\":\"" + cut.hash()
                + "\",\"signature\":\"" + signature + "\",\"keyId\":\"" + KEY.keyId() + "\"}");

        assertThat(verify(forged, PublicKeys.NONE)).isInstanceOf(Sound.class);
        assertThat(fault(verify(forged, KEY.publicKeys()))).isEqualTo(Fault.SIGNATURE);
    }

    @Test
    void endWithoutSignatureIsNotEnoughForWhoHasAKey() {
        Export export = new Export(ACME, Head.GENESIS, null, PublicKeys.NONE);
        List<String> lines = new ArrayList<>();
        for (ChainedRecord record : chain) lines.add(export.line(record).text());
        lines.add(export.end().text());

        assertThat(verify(lines, PublicKeys.NONE)).isInstanceOf(Sound.class);
        assertThat(verify(lines, KEY.publicKeys())).isEqualTo(
                new Broken(60, 60, Fault.SIGNATURE, "The end line is not signed."));
    }

    @Test
    void endOfABrokenChainIsNotSigned() {
        List<ChainedRecord> broken = new ArrayList<>(chain);
        broken.remove(30);

        assertThat(Records.export(ACME, broken).getLast()).doesNotContain("signature");
        assertThat(Records.export(ACME, chain).getLast()).contains("signature");
    }

    @Test
    void keyThatWasNotGivenIsNamed() {
        List<String> lines = Records.export(ACME, chain);
        SigningKey other = Records.newKey();

        assertThat(verify(lines, other.publicKeys())).isEqualTo(new Broken(24, 25, Fault.SIGNATURE,
                "The checkpoint is signed with key " + KEY.keyId() + ", whose public key was not given."));
        assertThat(verify(lines, other.publicKeys().and(KEY.publicKeys()))).isInstanceOf(Sound.class);
    }

    @Test
    void recordsAsTheyAreKeptAreVerifiedUpToTheHead() {
        Extent all = new Extent(Head.GENESIS, chain.getLast().head());

        assertThat(verify(all, chain)).isEqualTo(new Sound(60, Head.GENESIS, chain.getLast().head(), 49));
        assertThat(verify(new Extent(chain.get(9).head(), chain.getLast().head()), chain.subList(10, 60)))
                .isEqualTo(new Sound(50, chain.get(9).head(), chain.getLast().head(), 49));
        assertThat(verify(all, chain.subList(0, 59))).isEqualTo(
                new Broken(59, 60, Fault.TRUNCATED, "The records up to 60 are missing."));
        assertThat(fault(verify(new Extent(Head.GENESIS, new Head(60, "0".repeat(64))), chain)))
                .isEqualTo(Fault.CHANGED);
    }

    @Test
    void keptRecordWhoseOtherColumnsWereChangedIsFound() {
        ChainedRecord link = chain.get(9);
        AuditRecord record = link.record();
        List<ChainedRecord> kept = new ArrayList<>(chain);
        kept.set(9, new ChainedRecord(link.seq(), link.prevHash(), link.hash(),
                new AuditRecord("other", record.kind(), record.at(), record.body(), record.content()), false));

        Verdict verdict = verify(new Extent(Head.GENESIS, chain.getLast().head()), kept);

        assertThat(verdict).isEqualTo(new Broken(9, 10, Fault.CHANGED,
                "The record was changed: its body has another id, kind or time."));
    }

    @Test
    void chainOfAnotherTenantIsFound() {
        Verifier verifier =
                Verifier.ofTrail(Space.TENANTLESS, new Extent(Head.GENESIS, chain.getLast().head()), PublicKeys.NONE);
        chain.forEach(verifier::record);

        assertThat(verifier.verdict()).isEqualTo(new Broken(0, 1, Fault.CHANGED, "The record is another tenant's."));
    }

    private static Verdict verify(Extent extent, List<ChainedRecord> kept) {
        Verifier verifier = Verifier.ofTrail(ACME, extent, KEY.publicKeys());
        kept.forEach(verifier::record);
        return verifier.verdict();
    }

    private static Fault fault(Verdict verdict) { return ((Broken) verdict).fault(); }

    private static Verdict verify(List<String> lines, PublicKeys keys) { return verify(lines, Head.GENESIS, keys); }

    private static Verdict verify(List<String> lines, Head after, PublicKeys keys) {
        return verify((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8), after, keys);
    }

    private static Verdict verify(byte[] export, Head after, PublicKeys keys) {
        try {
            return Export.verify(new ByteArrayInputStream(export), after, keys);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
