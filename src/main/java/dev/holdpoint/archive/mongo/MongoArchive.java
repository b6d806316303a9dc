package dev.holdpoint.archive.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import com.mongodb.client.model.UpdateOptions;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.HistoryPlace;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TurnPlace;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Ended jobs in MongoDB, one document each. */
public final class MongoArchive implements Archive {
    private final MongoCollection<BsonDocument> jobs;
    private final InstantSource clock;

    public MongoArchive(MongoHandle mongo, InstantSource clock) {
        this.jobs = mongo.collection(JobDocument.COLLECTION);
        this.clock = clock;
    }

    @Override
    public Uni<Void> keep(Job ended) {
        // Where the turn is already there nothing is written, and yet it is confirmed as safely as if it were.
        Bson unlessThere = new BsonDocument("$setOnInsert", JobDocument.content(ended));
        return MongoHandle
                .one(() -> jobs.updateOne(JobDocument.is(ended), unlessThere, new UpdateOptions().upsert(true)))
                // Of two who insert at once, one is told that the other was faster.
                .onFailure(MongoHandle::isDuplicate).retry().atMost(2)
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> keep(Debt.JudgedCalls judged) { return Uni.createFrom().voidItem(); }

    @Override
    public Uni<Void> keep(Debt.ClosedPrompt closed) { return Uni.createFrom().voidItem(); }

    @Override
    public Uni<List<Debt.JudgedCalls>> latestCalls(Space space, int limit) { return Uni.createFrom().item(List.of()); }

    @Override
    public Uni<Long> erase(Space space, UserId user) { return Uni.createFrom().item(0L); }

    @Override
    public Uni<Page<Job>> turns(Space space, ConversationId conversation, @Nullable String cursor, int limit) {
        return page(() -> filter(space, conversation, cursor), ascending("_id.generation", "_id.job"), limit,
                TurnPlace::of);
    }

    private static Bson filter(Space space, ConversationId conversation, @Nullable String cursor) {
        List<Bson> narrowed = in(space);
        narrowed.add(eq("conversation", conversation.value()));
        if (cursor != null) narrowed.add(after(TurnPlace.parse(cursor)));
        return and(narrowed);
    }

    /** The first condition says nothing new, but an index can follow it. */
    private static Bson after(TurnPlace place) {
        return and(gte("_id.generation", place.generation()),
                or(gt("_id.generation", place.generation()), gt("_id.job", place.job().value())));
    }

    @Override
    public Uni<Page<Job>> history(Space space, HistoryQuery query, @Nullable String cursor, int limit) {
        return page(() -> filter(space, query, cursor), descending("endedAt", "_id.generation", "_id.job"), limit,
                HistoryPlace::of);
    }

    private static Bson filter(Space space, HistoryQuery query, @Nullable String cursor) {
        List<Bson> narrowed = in(space);
        if (query.userId() != null) narrowed.add(eq("user", query.userId().value()));
        if (query.agentId() != null) narrowed.add(eq("agent", query.agentId().value()));
        if (query.status() != null) narrowed.add(eq("status", query.status().word()));
        if (query.tool() != null) narrowed.add(eq("tools", query.tool()));
        if (query.text() != null) narrowed.add(containsTool(HistoryQuery.folded(query.text())));
        if (query.from() != null) narrowed.add(gte("endedAt", JobDocument.date(query.from())));
        if (query.to() != null) narrowed.add(lt("endedAt", JobDocument.date(query.to())));
        if (cursor != null) narrowed.add(after(HistoryPlace.parse(cursor)));
        return and(narrowed);
    }

    private static Bson after(HistoryPlace place) {
        BsonDateTime end = JobDocument.date(place.endedAt());
        TurnPlace turn = place.turn();
        return and(lte("endedAt", end),
                or(lt("endedAt", end), lt("_id.generation", turn.generation()),
                        and(eq("_id.generation", turn.generation()), lt("_id.job", turn.job().value()))));
    }

    /** By comparing characters: a pattern would be the caller's to write. */
    private static Bson containsTool(String text) {
        BsonDocument position = new BsonDocument("$indexOfCP", new BsonArray(List.of(new BsonString("$toolText"),
                new BsonDocument("$literal", new BsonString(text)))));
        return new BsonDocument("$expr",
                new BsonDocument("$gte", new BsonArray(List.of(position, new BsonInt32(0)))));
    }

    private static List<Bson> in(Space space) {
        return new ArrayList<>(List.of(eq("_id.tenant", JobDocument.tenant(space))));
    }

    private Uni<Page<Job>> page(Supplier<Bson> filter, Bson order, int limit, Function<Job, Object> place) {
        return MongoHandle.list(() -> jobs.find(filter.get()).sort(order).limit(limit + 1)
                .maxTime(MongoHandle.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .map(found -> found.stream().map(JobDocument::read).toList())
                .map(found -> page(found, limit, place));
    }

    private Page<Job> page(List<Job> found, int limit, Function<Job, Object> place) {
        List<Job> items = found.subList(0, Math.min(limit, found.size()));
        return new Page<>(items, items.size() < found.size() ? place.apply(items.getLast()).toString() : null,
                clock.instant());
    }
}
