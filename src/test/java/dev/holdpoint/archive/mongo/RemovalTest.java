package dev.holdpoint.archive.mongo;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.stream.IntStream;

import com.mongodb.client.result.DeleteResult;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.holdpoint.mongo.MongoDatabases;
import dev.holdpoint.mongo.MongoServer;
import io.smallrye.mutiny.Uni;
import mutiny.zero.flow.adapters.AdaptersToReactiveStreams;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RemovalTest {
    private static final MongoDatabases DATABASES = MongoDatabases.at(MongoServer.sharedUrl());

    private final MongoCollection<BsonDocument> collection = new MongoHandle(DATABASES.empty()).collection("any");

    @Test
    void removalGoesOnThoughOthersRemoveTheSame() {
        List<BsonDocument> documents = IntStream.range(0, 2 * Removal.AT_ONCE).mapToObj(RemovalTest::document).toList();
        got(MongoHandle.one(() -> collection.insertMany(documents)));

        long removed = got(Removal.all(besideAnother(), new BsonDocument()));

        assertThat(got(MongoHandle.one(() -> collection.countDocuments())).longValue()).isZero();
        assertThat(removed).isLessThan(documents.size());
    }

    private static BsonDocument document(int number) {
        return new BsonDocument("_id", new BsonDocument("number", new BsonInt32(number)));
    }

    /** Somebody else removes one of those that were found, before they are removed here. */
    private MongoCollection<BsonDocument> besideAnother() {
        @SuppressWarnings("unchecked")
        MongoCollection<BsonDocument> beside = (MongoCollection<BsonDocument>) Proxy.newProxyInstance(
                RemovalTest.class.getClassLoader(), new Class<?>[]{MongoCollection.class},
                (proxy, method, arguments) -> method.getName().equals("deleteMany")
                        ? AdaptersToReactiveStreams.publisher(afterAnother((Bson) arguments[0]).toMulti())
                        : method.invoke(collection, arguments));
        return beside;
    }

    private Uni<DeleteResult> afterAnother(Bson found) {
        return MongoHandle.one(() -> collection.deleteOne(found))
                .chain(gone -> MongoHandle.one(() -> collection.deleteMany(found)));
    }

    @AfterAll
    static void dropAll() { DATABASES.close(); }
}
