package dev.holdpoint.archive.mongo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import dev.holdpoint.job.ArchiveTrouble;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import mutiny.zero.flow.adapters.AdaptersToFlow;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Our database. Whatever its connection string says, a write counts when a majority has it on disk, and a read sees
 * nothing that could still be taken back. Every failure is an {@link ArchiveTrouble}.
 */
public final class MongoHandle {
    /** Nothing is waited for longer, be the server away, silent or busy. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final MongoDatabase database;

    public MongoHandle(MongoDatabase database) {
        this.database = database
                .withWriteConcern(WriteConcern.MAJORITY.withJournal(true))
                .withReadConcern(ReadConcern.MAJORITY)
                .withReadPreference(ReadPreference.primary());
    }

    MongoCollection<BsonDocument> collection(String name) { return database.getCollection(name, BsonDocument.class); }

    /** Makes every index that isn't there. Safe to repeat; takes as long as there is to be indexed. */
    public Uni<Void> index() {
        return Multi.createFrom().iterable(Index.byCollection().entrySet())
                .onItem().transformToUniAndConcatenate(indexes -> named(() -> all(
                        collection(indexes.getKey()).createIndexes(indexes.getValue()))))
                .onItem().ignoreAsUni();
    }

    /** The one answer to a command. */
    static <T> Uni<T> one(Supplier<? extends Publisher<T>> command) {
        return bounded(() -> Uni.createFrom().publisher(AdaptersToFlow.publisher(command.get())));
    }

    /** Everything that a query finds. */
    static <T> Uni<List<T>> list(Supplier<? extends Publisher<T>> query) {
        return bounded(() -> all(query.get()));
    }

    /** What a query finds, in its order, up to the first that is too much. */
    static <T> Uni<List<T>> list(Supplier<? extends Publisher<T>> query, Predicate<T> fits) {
        return bounded(() -> Multi.createFrom().publisher(AdaptersToFlow.publisher(query.get()))
                .select().first(fits).collect().asList());
    }

    /** Whether somebody else was there first. */
    static boolean isDuplicate(Throwable failure) {
        return failure instanceof ArchiveTrouble trouble && switch (trouble.getCause()) {
            case MongoWriteException refused -> refused.getError().getCategory() == ErrorCategory.DUPLICATE_KEY;
            case MongoBulkWriteException refused -> refused.getWriteErrors().stream()
                    .anyMatch(error -> error.getCategory() == ErrorCategory.DUPLICATE_KEY);
            case null, default -> false;
        };
    }

    private static <T> Uni<List<T>> all(Publisher<T> found) {
        return Multi.createFrom().publisher(AdaptersToFlow.publisher(found)).collect().asList();
    }

    private static <T> Uni<T> bounded(Supplier<Uni<T>> work) {
        return named(() -> work.get().ifNoItem().after(PATIENCE).fail());
    }

    private static <T> Uni<T> named(Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(() -> work.get().emitOn(here()))
                .onFailure(failure -> failure instanceof MongoException || failure instanceof TimeoutException)
                .transform(MongoHandle::trouble);
    }

    /** The driver answers on threads of its own, where no request is known. */
    private static Executor here() {
        @Nullable
        Context context = Vertx.currentContext();
        return context == null ? Runnable::run : work -> context.runOnContext(none -> work.run());
    }

    private static ArchiveTrouble trouble(Throwable failure) {
        return new ArchiveTrouble(why(failure), failure);
    }

    private static String why(Throwable failure) {
        return switch (failure) {
            case TimeoutException silent -> "MongoDB didn't answer within " + PATIENCE;
            case MongoTimeoutException away -> "MongoDB can't be reached";
            case MongoSocketException broken -> "The connection to MongoDB broke";
            case MongoSecurityException stranger -> "MongoDB refuses the credentials";
            // Another connection failed, and the driver makes no new one before it has looked at the server.
            case MongoConnectionPoolClearedException cleared ->
                    cleared.getCause() == null ? "The connection to MongoDB broke" : why(cleared.getCause());
            case MongoException refused -> "MongoDB refused, with code " + refused.getCode();
            default -> "MongoDB failed";
        };
    }
}
