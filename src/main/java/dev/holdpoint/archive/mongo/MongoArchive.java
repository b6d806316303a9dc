package dev.holdpoint.archive.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import com.mongodb.client.model.UpdateOptions;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt.ClosedPrompt;
import dev.holdpoint.job.Debt.JudgedCalls;
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
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Ended jobs in MongoDB, one document each; it begins when something is known of what a job asked
 * for, and is a turn once the job has ended.
 */
public final class MongoArchive implements Archive {
    private static final Bson ENDED = exists("endedAt");
    static final Bson RUNNING = exists("endedAt", false);
    private static final int ATTEMPTS = 5;
    private static final long MOST_BYTES = 16L << 20;

    private final MongoCollection<BsonDocument> jobs;
    private final MongoCollection<BsonDocument> calls;
    private final InstantSource clock;

    public MongoArchive(MongoHandle mongo, InstantSource clock) {
        this.jobs = mongo.collection(JobDocument.COLLECTION);
        this.calls = mongo.collection(CallsDocument.COLLECTION);
        this.clock = clock;
    }

    /** What the job asked for may be there before its end. */
    @Override
    public Uni<Void> keep(Job ended) {
        Bson turn = JobDocument.is(ended.key(), ended.generation());
        Bson end = new BsonDocument("$set", JobDocument.content(ended)).append("$addToSet",
                JobDocument.adding(ended.tools()));
        return upsert(jobs, and(turn, RUNNING), end)
                // It has ended already, or somebody wrote down what it asked for at the same moment.
                .onFailure(MongoHandle::isDuplicate).recoverWithUni(there -> confirm(turn, there))
                .onFailure(MongoHandle::isDuplicate).retry().atMost(ATTEMPTS);
    }

    /** By a read that sees only what a majority has: the write that was faster may still be on its way. */
    private Uni<Void> confirm(Bson turn, Throwable there) {
        return MongoHandle.one(() -> jobs.find(and(turn, ENDED)).projection(include("_id")).first())
                .onItem().ifNull().failWith(there).replaceWithVoid();
    }

    @Override
    public Uni<Void> keep(ClosedPrompt closed) {
        List<String> tools = closed.action() == null ? List.of() : closed.action().payload().toolNames();
        if (tools.isEmpty()) return Uni.createFrom().voidItem();
        Bson asked = new BsonDocument("$addToSet", JobDocument.adding(tools))
                .append("$set", new BsonDocument("askedAt", JobDocument.date(closed.at())));
        return once(jobs, JobDocument.is(closed.job(), closed.event().generation()), asked);
    }

    @Override
    public Uni<Void> keep(JudgedCalls judged) {
        // Where they are already there nothing is written, and yet they are confirmed as safely as if they were.
        Bson unlessThere = new BsonDocument("$setOnInsert", CallsDocument.content(judged));
        return once(calls, eq(CallsDocument.id(judged)), unlessThere);
    }

    private static Uni<Void> once(MongoCollection<BsonDocument> collection, Bson which, Bson update) {
        return upsert(collection, which, update)
                // Of two who insert at once, one is told that the other was faster.
                .onFailure(MongoHandle::isDuplicate).retry().atMost(ATTEMPTS);
    }

    private static Uni<Void> upsert(MongoCollection<BsonDocument> collection, Bson which, Bson update) {
        return MongoHandle.one(() -> collection.updateOne(which, update, new UpdateOptions().upsert(true)))
                .replaceWithVoid();
    }

    @Override
    public Uni<List<JudgedCalls>> latestCalls(Space space, int limit) {
        Load load = new Load(MOST_BYTES);
        AtomicInteger count = new AtomicInteger();
        return MongoHandle.list(() -> calls.find(and(in(space)))
                .sort(descending("_id.at", "_id.generation", "_id.job", "_id.digest")).limit(limit)
                .maxTime(MongoHandle.PATIENCE.toMillis(), TimeUnit.MILLISECONDS),
                one -> count.getAndAdd(CallsDocument.count(one)) < limit && load.test(one))
                .map(newest -> newest.reversed().stream().map(CallsDocument::read).toList());
    }

    @Override
    public Uni<Long> erase(Space space, UserId user) {
        Bson theirs = and(eq("_id.tenant", JobDocument.tenant(space)), eq("user", user.value()));
        return Removal.all(calls, theirs).chain(() -> Removal.all(jobs, theirs));
    }

    @Override
    public Uni<Page<Job>> turns(Space space, ConversationId conversation, @Nullable UserId user,
            @Nullable String cursor, int limit) {
        return page(() -> filter(space, conversation, user, cursor), ascending("_id.generation", "_id.job"), limit,
                TurnPlace::of);
    }

    private static Bson filter(Space space, ConversationId conversation, @Nullable UserId user,
            @Nullable String cursor) {
        List<Bson> narrowed = in(space);
        narrowed.add(eq("conversation", conversation.value()));
        if (user != null) narrowed.add(eq("user", user.value()));
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
        narrowed.add(ENDED);
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
        BsonDocument place = op("$indexOfCP", new BsonString("$$one"), op("$literal", new BsonString(text)));
        BsonDocument those = new BsonDocument("input", op("$ifNull", new BsonString("$toolTexts"), new BsonArray()))
                .append("as", new BsonString("one")).append("cond", op("$gte", place, new BsonInt32(0)));
        return op("$expr", op("$gt", op("$size", op("$filter", those)), new BsonInt32(0)));
    }

    private static BsonDocument op(String name, BsonValue argument) { return new BsonDocument(name, argument); }

    private static BsonDocument op(String name, BsonValue... arguments) {
        return new BsonDocument(name, new BsonArray(List.of(arguments)));
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
