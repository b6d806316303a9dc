package dev.holdpoint.archive.memory;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.holdpoint.audit.AuditQuery;
import dev.holdpoint.audit.AuditRecord;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.audit.Chain;
import dev.holdpoint.audit.ChainedRecord;
import dev.holdpoint.audit.Extent;
import dev.holdpoint.audit.Facets;
import dev.holdpoint.audit.Head;
import dev.holdpoint.disk.Disk;
import dev.holdpoint.disk.Scribe;
import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.UserId;
import dev.holdpoint.text.Texts;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * The newest records of this process; the oldest make room, whosever they are, and their chain then starts later and
 * says so. A record that made room is forgotten with its id.
 */
@RegisterForReflection(targets = {MemoryAuditTrail.RecordRow.class, ChainedRecord.class, AuditRecord.class, Head.class})
public final class MemoryAuditTrail implements AuditTrail {
    private static final long RECORD_BYTES = 1_500;

    private static final String RECORDS = "audit";
    private static final String STARTS = "starts";

    private final Disk disk;
    private final Scribe scribe;
    private final Map<Space, Kept> chains = new HashMap<>();
    private final Queue<Kept> byArrival = new ArrayDeque<>();
    private final InstantSource clock;
    private final int most;
    private final long mostBytes;
    private long bytes;
    private long arrivals;

    private record Entry(ChainedRecord link, Facets facets, long arrival) {}

    record RecordRow(Space space, ChainedRecord link) {}

    private static final class Kept {
        final Space space;
        final NavigableMap<Long, Entry> bySeq = new TreeMap<>();
        final Map<String, Long> byId = new HashMap<>();
        Head start = Head.GENESIS;
        Head head = Head.GENESIS;

        Kept(Space space) { this.space = space; }

        Extent extent() { return new Extent(start, head); }

        List<ChainedRecord> behind(long seq, int limit) {
            return bySeq.tailMap(seq, false).values().stream().limit(limit).map(Entry::link).toList();
        }

        @Nullable
        ChainedRecord find(String id) {
            Long seq = byId.get(id);
            Entry entry = seq == null ? null : bySeq.get(seq);
            return entry == null ? null : entry.link();
        }
    }

    /** A trail that is forgotten with the process. */
    public MemoryAuditTrail(InstantSource clock, int records, long bytes) {
        this(clock, records, bytes, Disk.none());
    }

    /**
     * @param records most records kept, over all chains
     * @param bytes   about the most memory that they may take
     */
    public MemoryAuditTrail(InstantSource clock, int records, long bytes, Disk disk) {
        this.clock = clock;
        this.most = records;
        this.mostBytes = bytes;
        this.disk = disk;
        this.scribe = new Scribe(disk);
        disk.read(STARTS, (key, text) -> {
            Space space = key.isEmpty() ? Space.TENANTLESS : new Space(new TenantId(key));
            Kept chain = new Kept(space);
            chain.start = Texts.read(text, Head.class);
            chain.head = chain.start;
            chains.put(space, chain);
        });
        disk.read(RECORDS, (key, text) -> {
            RecordRow row = Texts.read(text, RecordRow.class);
            arrivals = Scribe.number(key);
            enter(chains.computeIfAbsent(row.space(), Kept::new), row.link());
        });
    }

    @Override
    public Uni<Void> append(Space space, List<AuditRecord> records) {
        return alone(() -> {
            if (!records.isEmpty()) add(space, records);
            return null;
        });
    }

    @Override
    public Uni<Void> seal(Space space, Function<Head, AuditRecord> made) {
        return alone(() -> {
            add(space, List.of(made.apply(chain(space).head)));
            return null;
        });
    }

    private void add(Space space, List<AuditRecord> records) {
        Kept chain = chain(space);
        Map<String, AuditRecord> missing = new LinkedHashMap<>();
        for (AuditRecord record : records) {
            if (!chain.byId.containsKey(record.id())) missing.putIfAbsent(record.id(), record);
        }
        List<ChainedRecord> links = Chain.extend(space, chain.head, List.copyOf(missing.values()));
        chains.put(space, chain);
        for (ChainedRecord link : links) {
            arrivals++;
            write(space, link, arrivals);
            enter(chain, link);
        }
        while (byArrival.size() > most || bytes > mostBytes && byArrival.size() > 1) forgetOldest(byArrival.remove());
    }

    private void write(Space space, ChainedRecord link, long arrival) {
        scribe.put(RECORDS, Scribe.key(arrival), () -> Texts.write(new RecordRow(space, link)));
    }

    /** The newest arrival. */
    private void enter(Kept chain, ChainedRecord link) {
        chain.bySeq.put(link.seq(), new Entry(link, Facets.of(link.record().body()), arrivals));
        chain.byId.put(link.record().id(), link.seq());
        chain.head = link.head();
        byArrival.add(chain);
        bytes += weight(link.record());
    }

    private void forgetOldest(Kept chain) {
        Entry entry = chain.bySeq.pollFirstEntry().getValue();
        ChainedRecord oldest = entry.link();
        scribe.remove(RECORDS, Scribe.key(entry.arrival()));
        TenantId tenant = chain.space.tenant();
        scribe.put(STARTS, tenant == null ? "" : tenant.value(), () -> Texts.write(oldest.head()));
        chain.byId.remove(oldest.record().id());
        chain.start = oldest.head();
        bytes -= weight(oldest.record());
    }

    private static long weight(AuditRecord record) {
        return RECORD_BYTES + 2L * record.body().text().length()
                + (record.content() == null ? 0 : 2L * record.content().text().length());
    }

    @Override
    public Uni<Slice> read(Space space, long afterSeq, int limit) {
        return alone(() -> new Slice(chain(space).extent(), chain(space).behind(afterSeq, limit)));
    }

    @Override
    public Uni<@Nullable ChainedRecord> find(Space space, String recordId) {
        return alone(() -> chain(space).find(recordId));
    }

    @Override
    public Uni<Extent> head(Space space) {
        return alone(() -> chain(space).extent());
    }

    @Override
    public Uni<Page<ChainedRecord>> search(Space space, AuditQuery query, @Nullable String cursor, int limit) {
        return alone(() -> {
            NavigableMap<Long, Entry> all = chain(space).bySeq;
            NavigableMap<Long, Entry> older = cursor == null ? all : all.headMap(seq(cursor), false);
            List<ChainedRecord> found = older.descendingMap().values().stream()
                    .filter(entry -> query.matches(entry.link().record(), entry.facets())).map(Entry::link)
                    .limit(limit + 1L).toList();
            List<ChainedRecord> items = found.subList(0, Math.min(limit, found.size()));
            String next = found.size() > items.size() ? Long.toString(items.getLast().seq()) : null;
            return new Page<>(items, next, clock.instant());
        });
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

    @Override
    public Uni<Long> erase(Space space, UserId user) {
        return alone(() -> {
            List<Entry> full = chain(space).bySeq.values().stream()
                    .filter(entry -> user.value().equals(entry.facets().userId())
                            && entry.link().record().content() != null)
                    .toList();
            for (Entry entry : full) {
                ChainedRecord erased = entry.link().erase();
                chain(space).bySeq.put(erased.seq(), new Entry(erased, entry.facets(), entry.arrival()));
                write(space, erased, entry.arrival());
                bytes -= weight(entry.link().record()) - weight(erased.record());
            }
            return (long) full.size();
        });
    }

    @Override
    public Uni<List<Space>> spaces() {
        return alone(() -> List.copyOf(chains.keySet()));
    }

    private Kept chain(Space space) { return chains.getOrDefault(space, new Kept(space)); }

    private <T extends @Nullable Object> Uni<T> alone(Supplier<T> work) {
        return disk.answer(() -> scribe.alone(work));
    }
}
