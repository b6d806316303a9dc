package dev.holdpoint.archive.mongo;

import java.time.Instant;

import dev.holdpoint.audit.AuditRecord;
import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Facets;
import dev.holdpoint.audit.Head;
import dev.holdpoint.job.ArchiveTrouble;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * How a record of a chain is written down. Body and content are strings, so that what is hashed comes back to the
 * letter; what is searched by stands beside them.
 */
final class AuditDocument {
    static final String COLLECTION = "audit";

    private AuditDocument() {}

    /** @param keptAt when the archive was given it, from which its age counts */
    static BsonDocument of(Space space, ChainedRecord link, Instant keptAt) {
        AuditRecord record = link.record();
        BsonDocument document = new BsonDocument("_id",
                new BsonDocument("tenant", JobDocument.tenant(space)).append("seq", new BsonInt64(link.seq())))
                .append("recordId", new BsonString(record.id())).append("kind", new BsonString(record.kind().word()))
                .append("at", JobDocument.date(record.at())).append("keptAt", JobDocument.date(keptAt))
                .append("prevHash", new BsonString(link.prevHash())).append("hash", new BsonString(link.hash()))
                .append("body", new BsonString(record.body().text()));
        JobDocument.put(document, "content", JobDocument.text(record.content()));
        if (link.erased()) document.append("erased", BsonBoolean.TRUE);
        Facets facets = Facets.of(record.body());
        JobDocument.put(document, "job", facets.jobId());
        JobDocument.put(document, "user", facets.userId());
        JobDocument.put(document, "decidedBy", facets.decidedBy());
        return document.append("tools", JobDocument.strings(facets.tools())).append("decisions",
                JobDocument.strings(facets.decisions()));
    }

    static long seq(BsonDocument document) {
        return document.getDocument("_id").getInt64("seq").getValue();
    }

    static Head head(BsonDocument document) {
        return new Head(seq(document), document.getString("hash").getValue());
    }

    static ChainedRecord read(BsonDocument document) {
        try {
            return record(document);
        } catch (BsonInvalidOperationException | IllegalArgumentException broken) {
            throw new ArchiveTrouble("What is stored as " + document.get("_id") + " is no audit record", broken);
        }
    }

    private static ChainedRecord record(BsonDocument document) {
        String kind = document.getString("kind").getValue();
        @Nullable
        String content = JobDocument.text(document, "content");
        AuditRecord record = new AuditRecord(document.getString("recordId").getValue(),
                AuditRecord.Kind.parse(kind).orElseThrow(() -> new IllegalArgumentException("no record is " + kind)),
                JobDocument.instant(document, "at"), new Json(document.getString("body").getValue()),
                content == null ? null : new Json(content));
        return new ChainedRecord(seq(document), document.getString("prevHash").getValue(),
                document.getString("hash").getValue(), record, document.containsKey("erased"));
    }
}
