package dev.holdpoint.audit;

import dev.holdpoint.job.Json;

/**
 * A record in its place.
 *
 * @param prevHash hash of the record before
 * @param hash     lower-case hex SHA-256 of {@code prevHash} followed by the canonical text of
 *                 the body with {@code seq}
 * @param erased   whether the record's content was there once and is gone
 */
public record ChainedRecord(long seq, String prevHash, String hash, AuditRecord record, boolean erased) {
    public ChainedRecord {
        if (erased && record.content() != null) throw new IllegalArgumentException("erased content must be gone");
    }

    /** This record as what the next one follows. */
    public Head head() { return new Head(seq, hash); }

    /** Without its content; itself when it has none. The chain holds either way. */
    public ChainedRecord erase() {
        if (record.content() == null) return this;
        return new ChainedRecord(seq, prevHash, hash,
                new AuditRecord(record.id(), record.kind(), record.at(), record.body(), null), true);
    }

    /**
     * One flat JSON object: the body and {@code seq}, which are hashed, then {@code content},
     * {@code erased}, {@code prevHash} and {@code hash}.
     */
    public Json flat() {
        String body = record.body().text().strip();
        StringBuilder line = new StringBuilder(body.substring(0, body.length() - 1));
        line.append(",\"seq\":").append(seq);
        if (record.content() != null) line.append(",\"content\":").append(record.content().text());
        if (erased) line.append(",\"erased\":true");
        return new Json(line.append(",\"prevHash\":\"").append(prevHash).append("\",\"hash\":\"").append(hash)
                .append("\"}").toString());
    }
}
