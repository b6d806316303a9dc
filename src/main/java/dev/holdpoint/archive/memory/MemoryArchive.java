package dev.holdpoint.archive.memory;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;

import dev.holdpoint.job.Archive;
import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt.JudgedCalls;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Space;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** The newest ended turns of this process; the oldest make room. */
public final class MemoryArchive implements Archive {
    private static final long TURN_BYTES = 2_000;
    /** Answers to workers that are kept for each space. */
    private static final int MOST_JUDGED = 1_000;

    private final Object lock = new Object();
    private final Map<Conversation, NavigableMap<Turn, Job>> conversations = new HashMap<>();
    private final Queue<Turn> byArrival = new ArrayDeque<>();
    private final Map<Turn, Conversation> kept = new HashMap<>();
    private final Map<Space, Deque<JudgedCalls>> calls = new HashMap<>();
    private final InstantSource clock;
    private final int most;
    private final long mostBytes;
    private long bytes;

    private record Conversation(Space space, ConversationId id) {}

    private record Turn(long generation, JobKey job) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            int byAge = Long.compare(generation, other.generation);
            return byAge != 0 ? byAge : job.id().value().compareTo(other.job.id().value());
        }
    }

    /**
     * @param turns most turns kept, over all conversations
     * @param bytes about the most memory that they may take
     */
    public MemoryArchive(InstantSource clock, int turns, long bytes) {
        this.clock = clock;
        this.most = turns;
        this.mostBytes = bytes;
    }

    @Override
    public Uni<Void> keep(Job ended) {
        return Uni.createFrom().item(() -> {
            synchronized (lock) {
                add(ended);
                return null;
            }
        });
    }

    @Override
    public Uni<Void> keep(JudgedCalls judged) {
        return Uni.createFrom().item(() -> {
            synchronized (lock) {
                calls.computeIfAbsent(judged.space(), none -> new ArrayDeque<>()).addLast(judged);
                Deque<JudgedCalls> kept = calls.getOrDefault(judged.space(), new ArrayDeque<>());
                while (kept.size() > MOST_JUDGED) kept.removeFirst();
                return null;
            }
        });
    }

    @Override
    public Uni<List<JudgedCalls>> latestCalls(Space space, int limit) {
        return Uni.createFrom().item(() -> {
            synchronized (lock) {
                List<JudgedCalls> latest = new ArrayList<>();
                int count = 0;
                Iterator<JudgedCalls> newest =
                        calls.getOrDefault(space, new ArrayDeque<>()).descendingIterator();
                while (newest.hasNext() && count < limit) {
                    JudgedCalls one = newest.next();
                    latest.add(one);
                    count += one.calls().size();
                }
                return latest.reversed();
            }
        });
    }

    private void add(Job ended) {
        Turn turn = new Turn(ended.generation(), ended.key());
        Conversation conversation = new Conversation(ended.key().space(), ended.details().conversation());
        if (kept.putIfAbsent(turn, conversation) != null) return;
        byArrival.add(turn);
        conversations.computeIfAbsent(conversation, none -> new TreeMap<>()).put(turn, ended.withoutMemory());
        bytes += weight(ended);
        while (byArrival.size() > most || bytes > mostBytes && byArrival.size() > 1) forget(byArrival.remove());
    }

    private static long weight(Job job) {
        Json result = job.ended().isPresent() && job.ended().get().how() instanceof Ending.Completed completed
                ? completed.result() : null;
        return TURN_BYTES
                + 2 * (length(job.details().userMessage()) + length(job.details().metadata()) + length(result));
    }

    private static long length(@Nullable Json json) { return json == null ? 0 : json.text().length(); }

    private void forget(Turn turn) {
        Conversation conversation = kept.remove(turn);
        if (conversation == null) return;
        NavigableMap<Turn, Job> turns = conversations.get(conversation);
        if (turns == null) return;
        Job forgotten = turns.remove(turn);
        if (forgotten != null) bytes -= weight(forgotten);
        if (turns.isEmpty()) conversations.remove(conversation);
    }

    @Override
    public Uni<Page<Job>> turns(Space space, ConversationId conversation, @Nullable String cursor, int limit) {
        return Uni.createFrom().item(() -> {
            synchronized (lock) {
                NavigableMap<Turn, Job> turns =
                        conversations.getOrDefault(new Conversation(space, conversation), new TreeMap<>());
                return page(cursor == null ? turns : turns.tailMap(turn(space, cursor), false), limit);
            }
        });
    }

    private Page<Job> page(NavigableMap<Turn, Job> turns, int limit) {
        var items = turns.values().stream().limit(limit).toList();
        String next =
                items.size() < turns.size() ? items.getLast().generation() + "." + items.getLast().key().id() : null;
        return new Page<>(items, next, clock.instant());
    }

    private static Turn turn(Space space, String cursor) {
        int dot = cursor.indexOf('.');
        try {
            if (dot < 0) throw new BadCursor();
            return new Turn(Long.parseLong(cursor.substring(0, dot)),
                    space.job(new dev.holdpoint.job.JobId(cursor.substring(dot + 1))));
        } catch (IllegalArgumentException notOurs) {
            throw new BadCursor();
        }
    }
}
