package dev.holdpoint.archive.memory;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.holdpoint.disk.Disk;
import dev.holdpoint.disk.Scribe;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt.ClosedPrompt;
import dev.holdpoint.job.Debt.JudgedCalls;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.HistoryPlace;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.TurnPlace;
import dev.holdpoint.job.UserId;
import dev.holdpoint.text.Texts;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** The newest ended turns of this process; the oldest make room. Where there is a disk they outlive it. */
@RegisterForReflection(targets = {MemoryArchive.TurnRow.class, MemoryArchive.AskedRow.class})
public final class MemoryArchive implements Archive {
    private static final long TURN_BYTES = 2_000;
    /** Answers to workers that are kept for each space. */
    private static final int MOST_JUDGED = 1_000;
    /** Jobs that have not ended of which it is known what they asked for. */
    private static final int MOST_RUNNING = 100_000;

    private static final String TURNS = "turns";
    private static final String ASKED = "asked";
    private static final String CALLS = "calls";

    private final Disk disk;
    private final Scribe scribe;
    private final Map<Turn, Kept> turns = new HashMap<>();
    private final Queue<Turn> byArrival = new ArrayDeque<>();
    private final Map<Conversation, NavigableMap<TurnPlace, Kept>> conversations = new HashMap<>();
    private final Map<Space, NavigableMap<HistoryPlace, Kept>> histories = new HashMap<>();
    private final Map<Turn, Set<String>> asked = new LinkedHashMap<>();
    private final Map<Space, Deque<JudgedCalls>> calls = new HashMap<>();
    private final Map<JudgedCalls, Long> judgedByArrival = new LinkedHashMap<>();
    private long arrivals;
    private long judgedBytes;
    private final InstantSource clock;
    private final int most;
    private final long mostBytes;
    private long bytes;

    private record Turn(JobKey job, long generation) {}

    record TurnRow(Job job, List<String> tools) {}

    record AskedRow(JobKey job, long generation, List<String> tools) {}

    private record Conversation(Space space, ConversationId id) {
        static Conversation of(Job job) { return new Conversation(job.key().space(), job.details().conversation()); }
    }

    private record Kept(Job job, List<String> tools, long arrival) {
        long weight() {
            Json result = job.ended().isPresent() && job.ended().get().how() instanceof Ending.Completed completed
                    ? completed.result() : null;
            return TURN_BYTES
                    + 2 * (length(job.details().userMessage()) + length(job.details().metadata()) + length(result)
                            + tools.stream().mapToLong(String::length).sum());
        }

        private static long length(@Nullable Json json) { return json == null ? 0 : json.text().length(); }
    }

    /** An archive that is forgotten with the process. */
    public MemoryArchive(InstantSource clock, int turns, long bytes) {
        this(clock, turns, bytes, Disk.none());
    }

    /**
     * @param turns most turns kept, over all conversations
     * @param bytes about the most memory that they may take
     */
    public MemoryArchive(InstantSource clock, int turns, long bytes, Disk disk) {
        this.clock = clock;
        this.most = turns;
        this.mostBytes = bytes;
        this.disk = disk;
        this.scribe = new Scribe(disk);
        disk.read(TURNS, (key, text) -> {
            TurnRow row = Texts.read(text, TurnRow.class);
            enter(new Kept(row.job(), row.tools(), arrived(key)));
        });
        disk.read(ASKED, (key, text) -> {
            AskedRow row = Texts.read(text, AskedRow.class);
            asked.put(new Turn(row.job(), row.generation()), new LinkedHashSet<>(row.tools()));
        });
        disk.read(CALLS, (key, text) -> enter(Texts.read(text, JudgedCalls.class), arrived(key)));
    }

    private long arrived(String key) {
        arrivals = Math.max(arrivals, Scribe.number(key));
        return Scribe.number(key);
    }

    private <T extends @Nullable Object> Uni<T> alone(Supplier<T> work) {
        return disk.answer(() -> scribe.alone(work));
    }

    @Override
    public Uni<Void> keep(Job ended) {
        return alone(() -> {
            add(ended);
            return null;
        });
    }

    @Override
    public Uni<Void> keep(ClosedPrompt closed) {
        return alone(() -> {
            Turn turn = new Turn(closed.job(), closed.event().generation());
            if (!turns.containsKey(turn) && closed.action() != null) {
                Set<String> tools = asked.computeIfAbsent(turn, none -> new LinkedHashSet<>());
                tools.addAll(closed.action().payload().toolNames());
                AskedRow row = new AskedRow(turn.job(), turn.generation(), List.copyOf(tools));
                scribe.put(ASKED, key(turn), () -> Texts.write(row));
            }
            while (asked.size() > MOST_RUNNING) forgetAsked(asked.keySet().iterator().next());
            return null;
        });
    }

    /** Names hold no control characters, so that none can be taken for two. */
    private static String key(Turn turn) {
        TenantId tenant = turn.job().space().tenant();
        return (tenant == null ? "" : tenant.value()) + "\n" + turn.job().id().value() + "\n" + turn.generation();
    }

    private @Nullable Set<String> forgetAsked(Turn turn) {
        Set<String> tools = asked.remove(turn);
        if (tools != null) scribe.remove(ASKED, key(turn));
        return tools;
    }

    @Override
    public Uni<Void> keep(JudgedCalls judged) {
        return alone(() -> {
            if (judgedByArrival.containsKey(judged)) return null;
            long arrival = ++arrivals;
            scribe.put(CALLS, Scribe.key(arrival), () -> Texts.write(judged));
            enter(judged, arrival);
            Deque<JudgedCalls> kept = calls.getOrDefault(judged.space(), new ArrayDeque<>());
            if (kept.size() > MOST_JUDGED) forget(kept.getFirst());
            while (judgedBytes > mostBytes / 4 && judgedByArrival.size() > 1)
                forget(judgedByArrival.keySet().iterator().next());
            return null;
        });
    }

    private void enter(JudgedCalls judged, long arrival) {
        calls.computeIfAbsent(judged.space(), none -> new ArrayDeque<>()).addLast(judged);
        judgedByArrival.put(judged, arrival);
        judgedBytes += weight(judged);
    }

    private void forget(JudgedCalls judged) {
        Deque<JudgedCalls> kept = calls.get(judged.space());
        if (kept == null || !kept.remove(judged)) return;
        if (kept.isEmpty()) calls.remove(judged.space());
        Long arrival = judgedByArrival.remove(judged);
        if (arrival != null) scribe.remove(CALLS, Scribe.key(arrival));
        judgedBytes -= weight(judged);
    }

    private static long weight(JudgedCalls judged) {
        return TURN_BYTES + judged.calls().stream().mapToLong(call -> 2L * call.arguments().text().length()).sum();
    }

    @Override
    public Uni<List<JudgedCalls>> latestCalls(Space space, int limit) {
        return alone(() -> {
            List<JudgedCalls> latest = new ArrayList<>();
            int count = 0;
            Iterator<JudgedCalls> newest = calls.getOrDefault(space, new ArrayDeque<>()).descendingIterator();
            while (newest.hasNext() && count < limit) {
                latest.add(newest.next());
                count += latest.getLast().calls().size();
            }
            return latest.reversed();
        });
    }

    private void add(Job ended) {
        Turn turn = new Turn(ended.key(), ended.generation());
        Set<String> tools = new LinkedHashSet<>(ended.tools());
        Set<String> before = forgetAsked(turn);
        if (before != null) tools.addAll(before);
        if (turns.containsKey(turn)) return;
        Kept one = new Kept(ended.withoutMemory(), List.copyOf(tools), ++arrivals);
        scribe.put(TURNS, Scribe.key(one.arrival()), () -> Texts.write(new TurnRow(one.job(), one.tools())));
        enter(one);
        while (byArrival.size() > most || bytes > mostBytes && byArrival.size() > 1) forget(byArrival.remove());
    }

    private void enter(Kept one) {
        Job ended = one.job();
        Turn turn = new Turn(ended.key(), ended.generation());
        turns.put(turn, one);
        byArrival.add(turn);
        conversations.computeIfAbsent(Conversation.of(ended), none -> new TreeMap<>()).put(TurnPlace.of(ended), one);
        histories.computeIfAbsent(ended.key().space(), none -> new TreeMap<>()).put(HistoryPlace.of(ended), one);
        bytes += one.weight();
    }

    @Override
    public Uni<Long> erase(Space space, UserId user) {
        return alone(() -> {
            Set<Turn> theirs = new HashSet<>(turns.entrySet().stream().filter(
                    one -> one.getKey().job().space().equals(space)
                            && one.getValue().job().details().owner().equals(user))
                    .map(Map.Entry::getKey).toList());
            theirs.forEach(this::forget);
            byArrival.removeAll(theirs);
            List.copyOf(calls.getOrDefault(space, new ArrayDeque<>())).stream()
                    .filter(judged -> judged.owner().equals(user)).forEach(this::forget);
            return (long) theirs.size();
        });
    }

    private void forget(Turn turn) {
        Kept forgotten = turns.remove(turn);
        if (forgotten == null) return;
        scribe.remove(TURNS, Scribe.key(forgotten.arrival()));
        bytes -= forgotten.weight();
        remove(conversations, Conversation.of(forgotten.job()), TurnPlace.of(forgotten.job()));
        remove(histories, turn.job().space(), HistoryPlace.of(forgotten.job()));
    }

    private static <K, P> void remove(Map<K, NavigableMap<P, Kept>> lists, K list, P place) {
        lists.computeIfPresent(list, (key, kept) -> {
            kept.remove(place);
            return kept.isEmpty() ? null : kept;
        });
    }

    @Override
    public Uni<Page<Job>> turns(Space space, ConversationId conversation, @Nullable UserId user,
            @Nullable String cursor, int limit) {
        return page(new HistoryQuery(user, null, null, null, null, null, null), limit, TurnPlace::of, () -> {
            NavigableMap<TurnPlace, Kept> all =
                    conversations.getOrDefault(new Conversation(space, conversation), Collections.emptyNavigableMap());
            return cursor == null ? all : all.tailMap(TurnPlace.parse(cursor), false);
        });
    }

    @Override
    public Uni<Page<Job>> history(Space space, HistoryQuery query, @Nullable String cursor, int limit) {
        return page(query, limit, HistoryPlace::of, () -> {
            NavigableMap<HistoryPlace, Kept> all = histories.getOrDefault(space, Collections.emptyNavigableMap());
            return cursor == null ? all : all.tailMap(HistoryPlace.parse(cursor), false);
        });
    }

    private <P> Uni<Page<Job>> page(HistoryQuery query, int limit, Function<Job, P> place,
            Supplier<NavigableMap<P, Kept>> rest) {
        return alone(() -> {
            List<Job> found = matching(rest.get().values(), query, limit + 1);
            List<Job> items = found.subList(0, Math.min(limit, found.size()));
            return new Page<>(items, items.size() < found.size() ? place.apply(items.getLast()).toString() : null,
                    clock.instant());
        });
    }

    private static List<Job> matching(Collection<Kept> all, HistoryQuery query, int limit) {
        return all.stream().filter(one -> query.matches(one.job(), one.tools())).limit(limit).map(Kept::job).toList();
    }
}
