package dev.holdpoint.archive.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.mongodb.client.result.UpdateResult;
import com.mongodb.reactivestreams.client.FindPublisher;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.holdpoint.audit.AuditQuery;
import dev.holdpoint.audit.AuditRecord;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.Chain;
import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Extent;
import dev.holdpoint.audit.Head;
import dev.holdpoint.job.ArchiveTrouble;
import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The chains in MongoDB, one document for each record. A place in a chain is a document's id, so of two who append at
 * once one is refused and looks again: nothing forks. Records go in one after the other, so whoever dies leaves a chain
 * without a gap, and whoever repeats goes on behind it.
 */
public final class MongoAuditTrail implements AuditTrail {
    private static final String SEQ = "_id.seq";
    /** Others are faster seldom more than a few times; each of those times their records are in. */
    private static final int ATTEMPTS = 200;
    private static final Duration SOON = Duration.ofMillis(2);
    private static final Duration LATER = Duration.ofMillis(200);
    private static final int MOST_READ = 1_000;
    private static final long MOST_BYTES = 16L << 20;

    private final MongoCollection<BsonDocument> records;
    private final ChainStarts starts;
    private final InstantSource clock;

    public MongoAuditTrail(MongoHandle mongo, InstantSource clock) {
        this.records = mongo.collection(AuditDocument.COLLECTION);
        this.starts = new ChainStarts(mongo);
        this.clock = clock;
    }

    // --- appending

    @Override
    public Uni<Void> append(Space space, List<AuditRecord> more) {
        return more.isEmpty() ? Uni.createFrom().voidItem() : untilFirst(newest(space)
                .chain(head -> known(space, more).map(known -> Chain.extend(space, head, missing(more, known))))
                .chain(links -> insert(space, links)));
    }

    @Override
    public Uni<Void> seal(Space space, Function<Head, AuditRecord> made) {
        return untilFirst(newest(space).map(head -> Chain.next(space, head, made.apply(head)))
                .chain(link -> insert(space, List.of(link))));
    }

    /**
     * Each attempt asks for the head before anything else: what others append later takes
     * our place, and the attempt is refused.
     */
    private static Uni<Void> untilFirst(Uni<Void> attempt) {
        return attempt
                .onFailure(MongoHandle::isDuplicate).retry().withBackOff(SOON, LATER).atMost(ATTEMPTS)
                .onFailure(MongoHandle::isDuplicate).transform(raced -> new ArchiveTrouble(
                        "Others appended to the same chain " + ATTEMPTS + " times in between", raced));
    }

    private static List<AuditRecord> missing(List<AuditRecord> wanted, Set<String> known) {
        Map<String, AuditRecord> missing = new LinkedHashMap<>();
        for (AuditRecord record : wanted) {
            if (!known.contains(record.id())) missing.putIfAbsent(record.id(), record);
        }
        return List.copyOf(missing.values());
    }

    private Uni<Set<String>> known(Space space, List<AuditRecord> wanted) {
        Bson ids = in("recordId", wanted.stream().map(AuditRecord::id).toList());
        return MongoHandle.list(() -> find(and(of(space), ids)).projection(include("recordId")))
                .map(found -> found.stream().map(one -> one.getString("recordId").getValue())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private Uni<Void> insert(Space space, List<ChainedRecord> links) {
        if (links.isEmpty()) return Uni.createFrom().voidItem();
        List<BsonDocument> documents =
                links.stream().map(link -> AuditDocument.of(space, link, clock.instant())).toList();
        // In this order, and no further than the first that is refused.
        return MongoHandle.one(() -> records.insertMany(documents)).replaceWithVoid();
    }

    // --- reading

    /** Records come before the start: what is let go meanwhile lies before the start that is then read. */
    @Override
    public Uni<Slice> read(Space space, long afterSeq, int limit) {
        Load load = new Load(MOST_BYTES);
        return MongoHandle.list(() -> find(and(of(space), gt(SEQ, afterSeq))).sort(ascending(SEQ))
                .limit(Math.min(limit, MOST_READ)), load)
                .chain(found -> starts.of(space).chain(start -> start.hides(afterSeq)
                        ? read(space, start.head().seq(), limit)
                        : newest(space, start).map(newest -> new Slice(new Extent(start.head(), newest),
                                found.stream().map(AuditDocument::read).toList()))));
    }

    @Override
    public Uni<@Nullable ChainedRecord> find(Space space, String recordId) {
        return MongoHandle.one(() -> find(and(of(space), eq("recordId", recordId))).first())
                .onItem().ifNotNull().transform(AuditDocument::read);
    }

    @Override
    public Uni<Extent> head(Space space) {
        return starts.of(space).chain(start -> newest(space, start).map(head -> new Extent(start.head(), head)));
    }

    private Uni<Head> newest(Space space) { return newest(space, ChainStarts.Start.GENESIS); }

    private Uni<Head> newest(Space space, ChainStarts.Start start) {
        return MongoHandle.one(() -> find(of(space)).sort(descending(SEQ)).projection(include("hash")).first())
                .map(newest -> newest == null ? start.head() : AuditDocument.head(newest));
    }

    @Override
    public Uni<List<Space>> spaces() {
        return MongoHandle.list(() -> records.distinct("_id.tenant", String.class)
                .maxTime(MongoHandle.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .map(tenants -> tenants.stream().map(JobDocument::space).toList());
    }

    // --- searching

    @Override
    public Uni<Page<ChainedRecord>> search(Space space, AuditQuery query, @Nullable String cursor, int limit) {
        Load load = new Load(MOST_BYTES);
        return MongoHandle.list(() -> find(filter(space, query, cursor)).sort(descending(SEQ)).limit(limit + 1), load)
                .map(found -> {
                    List<ChainedRecord> items =
                            found.stream().limit(limit).map(AuditDocument::read).toList();
                    boolean more = load.isFull() || found.size() > limit;
                    return new Page<>(items, more ? Long.toString(items.getLast().seq()) : null, clock.instant());
                });
    }

    private static Bson filter(Space space, AuditQuery query, @Nullable String cursor) {
        List<Bson> narrowed = new ArrayList<>(List.of(of(space)));
        if (cursor != null) narrowed.add(lt(SEQ, seq(cursor)));
        if (query.kind() != null) narrowed.add(eq("kind", query.kind().word()));
        if (query.job() != null) narrowed.add(eq("job", query.job().value()));
        if (query.user() != null) narrowed.add(eq("user", query.user().value()));
        if (query.decidedBy() != null) narrowed.add(eq("decidedBy", query.decidedBy()));
        if (query.tool() != null) narrowed.add(eq("tools", query.tool()));
        if (query.decision() != null) narrowed.add(eq("decisions", query.decision()));
        if (query.from() != null) narrowed.add(gte("at", JobDocument.date(query.from())));
        if (query.to() != null) narrowed.add(lt("at", JobDocument.date(query.to())));
        return and(narrowed);
    }

    private static long seq(String cursor) {
        try {
            long seq = Long.parseLong(cursor);
            if (seq < 1) throw new BadCursor();
            return seq;
        } catch (NumberFormatException notOurs) {
            throw new BadCursor();
        }
    }

    // --- erasing

    @Override
    public Uni<Long> erase(Space space, UserId user) {
        Bson full = and(of(space), eq("user", user.value()), exists("content"));
        return Multi.createBy().repeating().uni(() -> eraseSome(full)).until(erased -> erased == 0)
                .collect().with(Collectors.summingLong(Long::longValue));
    }

    /** A few at a time: somebody's records may be more than one command gets through in time. */
    private Uni<Long> eraseSome(Bson full) {
        return Removal.ids(records, full).chain(ids -> ids.isEmpty() ? Uni.createFrom().item(0L)
                : MongoHandle.one(() -> records.updateMany(and(in("_id", ids), exists("content")),
                        combine(unset("content"), set("erased", BsonBoolean.TRUE))))
                        .map(UpdateResult::getModifiedCount));
    }

    private static Bson of(Space space) { return eq("_id.tenant", JobDocument.tenant(space)); }

    private FindPublisher<BsonDocument> find(Bson filter) {
        return records.find(filter).maxTime(MongoHandle.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
