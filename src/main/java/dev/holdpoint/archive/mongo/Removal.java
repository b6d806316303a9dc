package dev.holdpoint.archive.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Projections.include;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.mongodb.reactivestreams.client.MongoCollection;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/** Removes documents a few at a time: all that match may be more than one command gets through in time. */
final class Removal {
    static final int AT_ONCE = 500;

    private Removal() {}

    /** Removes what matches and tells how many documents that were. */
    static Uni<Long> all(MongoCollection<BsonDocument> collection, Bson filter) {
        return atMost(Integer.MAX_VALUE, collection, filter);
    }

    /** The same in at most {@code steps} steps; the rest is left. */
    static Uni<Long> atMost(int steps, MongoCollection<BsonDocument> collection, Bson filter) {
        return Multi.createBy().repeating().uni(() -> some(collection, filter)).whilst(step -> step.found() == AT_ONCE)
                .select().first(steps)
                .collect().with(Collectors.summingLong(Step::removed));
    }

    /** Others may remove some of the same meanwhile, so that fewer are removed than were found. */
    private record Step(int found, long removed) {}

    private static Uni<Step> some(MongoCollection<BsonDocument> collection, Bson filter) {
        return ids(collection, filter).chain(ids -> ids.isEmpty() ? Uni.createFrom().item(new Step(0, 0))
                : MongoHandle.one(() -> collection.deleteMany(and(in("_id", ids), filter)))
                        .map(result -> new Step(ids.size(), result.getDeletedCount())));
    }

    static Uni<List<BsonValue>> ids(MongoCollection<BsonDocument> collection, Bson filter) {
        return MongoHandle.list(() -> collection.find(filter).projection(include("_id")).limit(AT_ONCE)
                .maxTime(MongoHandle.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .map(found -> found.stream().<BsonValue>map(one -> one.getDocument("_id")).toList());
    }
}
