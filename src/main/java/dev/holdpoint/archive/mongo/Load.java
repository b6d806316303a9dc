package dev.holdpoint.archive.mongo;

import java.util.function.Predicate;

import org.bson.BsonDocument;
import org.bson.BsonValue;

/** How much text of one answer is taken into memory: what goes beyond is left where it is, but for a first document. */
final class Load implements Predicate<BsonDocument> {
    private final long most;
    private long taken;
    private boolean full;

    Load(long most) { this.most = most; }

    @Override
    public boolean test(BsonDocument document) {
        long weight = document.values().stream().filter(BsonValue::isString).mapToLong(
                text -> text.asString().getValue().length()).sum();
        full = taken > 0 && taken + weight > most;
        taken += weight;
        return !full;
    }

    /** Whether something was left. */
    boolean isFull() { return full; }
}
