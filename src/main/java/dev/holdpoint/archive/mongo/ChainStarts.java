package dev.holdpoint.archive.mongo;

import dev.holdpoint.audit.Head;
import dev.holdpoint.job.Space;
import io.smallrye.mutiny.Uni;

import com.mongodb.reactivestreams.client.MongoCollection;
import org.bson.BsonDocument;

import static com.mongodb.client.model.Filters.eq;

/** Where the chains start whose oldest records were let go. */
final class ChainStarts {
    static final String COLLECTION = "audit_starts";

    private final MongoCollection<BsonDocument> starts;

    ChainStarts(MongoHandle mongo) { this.starts = mongo.collection(COLLECTION); }

    /**
     * @param head what the first kept record follows
     * @param gone up to where records may already be missing; those between there and {@code head} are still there for whoever began to read
     */
    record Start(Head head, long gone) {
        static final Start GENESIS = new Start(Head.GENESIS, 0);

        /** Whether reading on behind {@code seq} could miss some. */
        boolean hides(long seq) {
            return seq < gone;
        }
    }

    Uni<Start> of(Space space) {
        return MongoHandle.one(() -> starts.find(eq(JobDocument.tenant(space))).first())
                .map(start -> start == null ? Start.GENESIS : read(start));
    }

    static Start read(BsonDocument start) {
        return new Start(new Head(start.getInt64("seq").getValue(), start.getString("hash").getValue()),
                start.getInt64("gone").getValue());
    }
}
