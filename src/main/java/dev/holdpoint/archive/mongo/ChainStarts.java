package dev.holdpoint.archive.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import java.time.Instant;

import com.mongodb.client.model.UpdateOptions;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.holdpoint.audit.Head;
import dev.holdpoint.job.ArchiveTrouble;
import dev.holdpoint.job.Space;
import io.smallrye.mutiny.Uni;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;

/**
 * Where the chains start whose oldest records are let go: one document for each, written before anything is removed.
 */
final class ChainStarts {
    static final String COLLECTION = "audit_starts";

    private final MongoCollection<BsonDocument> starts;

    ChainStarts(MongoHandle mongo) { this.starts = mongo.collection(COLLECTION); }

    /**
     * @param head    what the first kept record follows
     * @param gone    up to where records may be missing already; those from there to {@code head} stay a
     *                while for whoever is reading
     * @param movedAt when the start came to be here
     */
    record Start(Head head, long gone, Instant movedAt) {
        static final Start GENESIS = new Start(Head.GENESIS, 0, Instant.EPOCH);

        /** Whether something may be missing behind {@code seq}. */
        boolean hides(long seq) { return seq < gone; }

        /** Whoever read from the start before this one has had time enough. */
        Start movedTo(Head next, Instant now) {
            return new Start(next, head.seq(), now);
        }

        Start settled() { return new Start(head, head.seq(), movedAt); }
    }

    Uni<Start> of(Space space) {
        return MongoHandle.one(() -> starts.find(eq(JobDocument.tenant(space))).first())
                .map(start -> start == null ? Start.GENESIS : read(start));
    }

    private static Start read(BsonDocument start) {
        try {
            return new Start(new Head(start.getInt64("seq").getValue(), start.getString("hash").getValue()),
                    start.getInt64("gone").getValue(), JobDocument.instant(start, "movedAt"));
        } catch (BsonInvalidOperationException | IllegalArgumentException broken) {
            throw new ArchiveTrouble("What is stored as " + start.get("_id") + " is no start of a chain", broken);
        }
    }

    /** Unless another was faster, who then moved it as well. */
    Uni<Void> move(Space space, Start from, Start to) {
        BsonDocument next = new BsonDocument("seq", new BsonInt64(to.head().seq()))
                .append("hash", new BsonString(to.head().hash())).append("gone", new BsonInt64(to.gone()))
                .append("movedAt", JobDocument.date(to.movedAt()));
        BsonDocument set = new BsonDocument("$set", next);
        boolean first = from.head().seq() == 0;
        // The first start is made where none is; where one is by now, its id is refused.
        return MongoHandle.one(() -> starts.updateOne(
                and(eq(JobDocument.tenant(space)), eq("seq", from.head().seq())), set,
                new UpdateOptions().upsert(first)))
                .onFailure(MongoHandle::isDuplicate).recoverWithNull()
                .replaceWithVoid();
    }
}
