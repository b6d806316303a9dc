package dev.holdpoint.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import org.jspecify.annotations.Nullable;

/**
 * Writes a chain as lines, one JSON object each. The last line says where the export ends,
 * so that one that was cut off is noticed.
 */
public final class Export {
    static final String END = "end";
    private static final int CHUNK = 1 << 16;
    private static final int LONGEST_LINE = 1 << 26;

    private final Space space;
    private final Head start;
    private final @Nullable SigningKey key;
    private final Verifier verifier;
    private Head last;

    /**
     * @param start what the first record follows
     * @param key   signs the end line, when given
     * @param known public keys of the checkpoints, when signatures are made here
     */
    public Export(Space space, Head start, @Nullable SigningKey key, PublicKeys known) {
        this.space = space;
        this.start = start;
        this.key = key;
        verifier = Verifier.ofTrail(space, new Extent(start, start), known);
        last = start;
    }

    public Json line(ChainedRecord record) {
        verifier.record(record);
        last = record.head();
        return record.flat();
    }

    /**
     * The last line. It is signed only when everything before it is sound: a signature must not make
     * a changed record look like a true one.
     */
    public Json end() {
        long records = last.seq() - start.seq();
        String tenant = space.tenant() == null ? null : space.tenant().value();
        ObjectNode line = Canonical.emptyObject();
        line.put("kind", END);
        if (tenant != null) line.put("tenantId", tenant);
        line.put("records", records);
        line.put("seq", last.seq());
        line.put("hash", last.hash());
        if (key != null && verifier.verdict() instanceof Verdict.Sound) {
            line.put("signature", key.sign(text(tenant, records, last)));
            line.put("keyId", key.keyId());
        }
        return new Json(line.toString());
    }

    /** Verifies an export to its end. */
    public static Verdict verify(InputStream export, Head after, PublicKeys keys) throws IOException {
        Verifier verifier = Verifier.ofExport(after, keys);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int length = export.read(chunk); length >= 0; length = export.read(chunk)) {
            int from = 0;
            for (int at = 0; at < length; at++) {
                if (chunk[at] != '\n') continue;
                line.write(chunk, from, at - from);
                from = at + 1;
                verifier.line(take(line));
            }
            line.write(chunk, from, length - from);
            // Longer than any record: it is no line of an export, and must not fill the memory.
            if (line.size() > LONGEST_LINE) verifier.line(take(line));
        }
        if (line.size() > 0) verifier.line(take(line));
        return verifier.verdict();
    }

    private static byte[] take(ByteArrayOutputStream line) {
        byte[] bytes = line.toByteArray();
        line.reset();
        return bytes;
    }

    /**
     * What the signature of an end line covers. Not what a checkpoint's covers, which could otherwise
     * end an export that was cut off behind it.
     */
    static String text(@Nullable String tenant, long records, Head last) {
        return String.join("\n", "holdpoint audit export v1", tenant == null ? "" : tenant, Long.toString(records),
                Long.toString(last.seq()), last.hash());
    }
}
