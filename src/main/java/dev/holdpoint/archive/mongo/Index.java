package dev.holdpoint.archive.mongo;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.List;
import java.util.Map;

import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/**
 * One index.
 *
 * @param keys a hyphen before a name lets it descend
 */
record Index(String collection, String name, boolean unique, List<String> keys) {
    /** Every one there is, beside those on {@code _id}. */
    static final List<Index> ALL = List.of(
            ofJobs("turns", "_id.tenant", "conversation", "_id.generation", "_id.job"),
            ofJobs("history", "_id.tenant", "-endedAt", "-_id.generation", "-_id.job"),
            ofJobs("history_by_user", "_id.tenant", "user", "-endedAt", "-_id.generation", "-_id.job"),
            ofJobs("history_by_agent", "_id.tenant", "agent", "-endedAt", "-_id.generation", "-_id.job"),
            ofJobs("history_by_status", "_id.tenant", "status", "-endedAt", "-_id.generation", "-_id.job"),
            ofJobs("history_by_tool", "_id.tenant", "tools", "-endedAt", "-_id.generation", "-_id.job"),
            ofJobs("age", "endedAt"),
            ofJobs("age_before_the_end", "askedAt"),
            new Index(CallsDocument.COLLECTION, "latest", false, List.of("_id.tenant", "-_id.at")),
            new Index(CallsDocument.COLLECTION, "calls_by_user", false, List.of("_id.tenant", "user")),
            new Index(CallsDocument.COLLECTION, "age", false, List.of("_id.at")),
            ofAudit("chain", "_id.tenant", "_id.seq"),
            new Index(AuditDocument.COLLECTION, "record", true, List.of("_id.tenant", "recordId")),
            ofAudit("records_by_kind", "_id.tenant", "kind", "-_id.seq"),
            ofAudit("records_by_job", "_id.tenant", "job", "-_id.seq"),
            ofAudit("records_by_user", "_id.tenant", "user", "-_id.seq"),
            ofAudit("records_by_decider", "_id.tenant", "decidedBy", "-_id.seq"),
            ofAudit("records_by_tool", "_id.tenant", "tools", "-_id.seq"));

    private static Index ofAudit(String name, String... keys) {
        return new Index(AuditDocument.COLLECTION, name, false, List.of(keys));
    }

    private static Index ofJobs(String name, String... keys) {
        return new Index(JobDocument.COLLECTION, name, false, List.of(keys));
    }

    static Map<String, List<IndexModel>> byCollection() {
        return ALL.stream().collect(groupingBy(Index::collection, mapping(Index::model, toList())));
    }

    private IndexModel model() {
        BsonDocument order = new BsonDocument();
        for (String key : keys) {
            boolean descending = key.startsWith("-");
            order.put(descending ? key.substring(1) : key, new BsonInt32(descending ? -1 : 1));
        }
        return new IndexModel(order, new IndexOptions().name(name).unique(unique));
    }
}
