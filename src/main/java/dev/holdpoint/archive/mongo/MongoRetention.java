package dev.holdpoint.archive.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

import com.mongodb.reactivestreams.client.MongoCollection;
import dev.holdpoint.archive.mongo.ChainStarts.Start;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.Head;
import dev.holdpoint.job.Space;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Removes what is older than it must be kept. Of a chain only the oldest records go, and never the newest one, so that
 * the chain goes on where it was. Safe to repeat and on every replica; a pass has a bound, and the next one goes on.
 */
public final class MongoRetention {
    /** Shorter than this, a slow append could end up behind a record that is already gone. */
    public static final Duration SHORTEST = Duration.ofDays(1);
    /** Whoever began to read a chain at its former start has this long to get past it. */
    static final Duration GRACE = Duration.ofHours(1);
    private static final int STEPS = 1_000;
    private static final long MOST_RECORDS = 200_000;

    private final MongoCollection<BsonDocument> jobs;
    private final MongoCollection<BsonDocument> calls;
    private final MongoCollection<BsonDocument> records;
    private final ChainStarts starts;
    private final AuditTrail trail;
    private final Duration age;
    private final InstantSource clock;

    public MongoRetention(MongoHandle mongo, Duration age, InstantSource clock) {
        if (age.compareTo(SHORTEST) < 0)
            throw new IllegalArgumentException("retention must be at least " + SHORTEST + ", but is " + age);
        this.jobs = mongo.collection(JobDocument.COLLECTION);
        this.calls = mongo.collection(CallsDocument.COLLECTION);
        this.records = mongo.collection(AuditDocument.COLLECTION);
        this.starts = new ChainStarts(mongo);
        this.trail = new MongoAuditTrail(mongo, clock);
        this.age = age;
        this.clock = clock;
    }

    public Uni<Void> run() {
        return Uni.createFrom().deferred(() -> run(clock.instant()));
    }

    private Uni<Void> run(Instant now) {
        Instant oldest = now.minus(age);
        return remove(jobs, lt("endedAt", JobDocument.date(oldest)))
                // A job that never ended here would otherwise leave what it asked for.
                .chain(() -> remove(jobs, and(MongoArchive.RUNNING, lt("askedAt", JobDocument.date(oldest)))))
                .chain(() -> remove(calls, lt("_id.at", JobDocument.date(oldest))))
                .chain(trail::spaces)
                .onItem().transformToMulti(Multi.createFrom()::iterable)
                .onItem().transformToUniAndConcatenate(space -> shorten(space, oldest, now))
                .onItem().ignoreAsUni();
    }

    private static Uni<Void> remove(MongoCollection<BsonDocument> collection, Bson filter) {
        return Removal.atMost(STEPS, collection, filter).replaceWithVoid();
    }

    /** Who dies after the start was written leaves records before it, which nobody reads and the next pass removes. */
    private Uni<Void> shorten(Space space, Instant oldest, Instant now) {
        return starts.of(space).chain(start -> next(space, start, oldest, now)
                .chain(next -> (next.equals(start) ? Uni.createFrom().voidItem() : starts.move(space, start, next))
                        .chain(() -> remove(records, and(of(space), lte("_id.seq", next.gone()))))));
    }

    private Uni<Start> next(Space space, Start start, Instant oldest, Instant now) {
        if (now.isBefore(start.movedAt().plus(GRACE))) return Uni.createFrom().item(start);
        long from = start.head().seq();
        return trail.head(space).chain(extent -> firstYoung(space, from, oldest)
                .map(young -> Math.min(young, extent.head().seq()) - 1)
                .chain(last -> last > from ? at(space, last) : Uni.createFrom().nullItem())
                .map(head -> head == null ? start.settled() : start.movedTo(head, now)));
    }

    /** The number of the first record that must stay, or the last that this pass may reach. */
    private Uni<Long> firstYoung(Space space, long from, Instant oldest) {
        Bson young = and(of(space), gt("_id.seq", from), lte("_id.seq", from + MOST_RECORDS),
                gte("keptAt", JobDocument.date(oldest)));
        return MongoHandle.one(() -> records.find(young).sort(ascending("_id.seq")).projection(include("_id"))
                .maxTime(MongoHandle.PATIENCE.toMillis(), TimeUnit.MILLISECONDS).first())
                .map(first -> first == null ? from + MOST_RECORDS : AuditDocument.seq(first));
    }

    private Uni<@Nullable Head> at(Space space, long seq) {
        return MongoHandle.one(() -> records.find(and(of(space), eq("_id.seq", seq)))
                .projection(include("hash")).first())
                .onItem().ifNotNull().transform(AuditDocument::head);
    }

    private static Bson of(Space space) { return eq("_id.tenant", JobDocument.tenant(space)); }
}
