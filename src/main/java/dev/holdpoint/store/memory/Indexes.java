package dev.holdpoint.store.memory;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Finds lives without looking at all of them. Appends and heartbeats touch nothing here: a deadline that only moves
 * later is noticed when it is looked at.
 */
final class Indexes {
    private final NavigableSet<Look> looks =
            new TreeSet<>(Comparator.comparing(Look::at).thenComparingLong(Look::number));
    private final Map<Owner, NavigableSet<Entry>> live = new HashMap<>();
    private final Map<Space, NavigableSet<Entry>> waiting = new HashMap<>();
    private final NavigableSet<Entry> paused = new TreeSet<>(Entry.ORDER);
    private final Map<Space, NavigableSet<Entry>> open = new HashMap<>();
    private final Map<Agent, NavigableSet<Entry>> openByAgent = new HashMap<>();
    private final Map<Space, Map<JobStatus, Long>> counts = new HashMap<>();

    /** A life at the instant by which an index orders it. */
    record Entry(Instant at, long number, Life life) {
        static final Comparator<Entry> ORDER = Comparator.comparing(Entry::at).thenComparingLong(Entry::number);
    }

    private record Look(Instant at, long number, Life life) {}

    private record Owner(Space space, UserId user) {}

    private record Agent(Space space, AgentId agent) {}

    /** Moves a life from where it stood as {@code before} to where it stands as {@code after}; null stands nowhere. */
    void moved(Life life, @Nullable Job before, @Nullable Job after) {
        if (before != null && after != null && standsAlike(before, after)) return;
        if (before != null) file(life, before, false);
        if (after != null) file(life, after, true);
    }

    @SuppressWarnings("ReferenceEquality") // an untouched phase is the same object; comparing contents would cost more than filing
    private static boolean standsAlike(Job before, Job after) {
        return before.phase() == after.phase()
                || before.status() == JobStatus.RUNNING && after.status() == JobStatus.RUNNING
                        && isOpen(before) == isOpen(after);
    }

    static boolean isOpen(Job job) {
        return job.continuation().filter(Continuation::isOpen).isPresent();
    }

    private void file(Life life, Job job, boolean in) {
        Space space = job.key().space();
        Map<JobStatus, Long> count = counts.computeIfAbsent(space, none -> new EnumMap<>(JobStatus.class));
        count.merge(job.status(), in ? 1L : -1L, Indexes::sumUnlessZero);
        if (count.isEmpty()) counts.remove(space);
        if (!job.status().isTerminal()) {
            put(live, new Owner(space, job.details().owner()), new Entry(job.createdAt(), life.number, life), in);
        }
        job.prompt().ifPresent(action -> fileWaiting(life, space, action, in));
        if (isOpen(job)) job.continuation().ifPresent(continuation -> fileOpen(life, job, continuation, in));
    }

    private static @Nullable Long sumUnlessZero(Long present, Long change) {
        return present + change == 0 ? null : Long.valueOf(present + change);
    }

    private void fileWaiting(Life life, Space space, PendingAction action, boolean in) {
        put(waiting, space, new Entry(action.deadline(), life.number, life), in);
        Entry since = new Entry(action.createdAt(), life.number, life);
        if (in) paused.add(since);
        else paused.remove(since);
    }

    private void fileOpen(Life life, Job job, Continuation continuation, boolean in) {
        Space space = job.key().space();
        Entry entry = new Entry(continuation.resolution().decidedAt(), life.number, life);
        put(open, space, entry, in);
        AgentId agent = job.details().agent();
        if (agent != null) put(openByAgent, new Agent(space, agent), entry, in);
    }

    private static <K> void put(Map<K, NavigableSet<Entry>> index, K key, Entry entry, boolean in) {
        if (in) {
            index.computeIfAbsent(key, none -> new TreeSet<>(Entry.ORDER)).add(entry);
            return;
        }
        NavigableSet<Entry> entries = index.get(key);
        if (entries == null) return;
        entries.remove(entry);
        if (entries.isEmpty()) index.remove(key);
    }

    /** Makes sure that the sweep looks at the life no later than {@code at}. */
    void lookBy(Life life, Instant at) {
        if (life.lookAt != null && !at.isBefore(life.lookAt)) return;
        lookAt(life, at);
    }

    void lookAt(Life life, @Nullable Instant at) {
        if (life.lookAt != null) looks.remove(new Look(life.lookAt, life.number, life));
        life.lookAt = at;
        if (at != null) looks.add(new Look(at, life.number, life));
    }

    /** The life that is to be looked at first. */
    @Nullable
    Life nextLook() { return looks.isEmpty() ? null : looks.first().life(); }

    Collection<Entry> live(Space space, UserId user) { return entries(live, new Owner(space, user)); }

    /** By deadline. */
    NavigableSet<Entry> waiting(Space space) { return entries(waiting, space); }

    /** Of all spaces. */
    JobStore.Waiting waiting() {
        return new JobStore.Waiting(paused.size(), paused.isEmpty() ? null : paused.first().at());
    }

    Optional<Life> oldestOpen(Space space, Set<AgentId> agents) {
        if (agents.isEmpty()) return first(entries(open, space));
        return agents.stream().map(agent -> new Agent(space, agent)).map(agent -> entries(openByAgent, agent))
                .flatMap(entries -> entries.stream().limit(1)).min(Entry.ORDER).map(Entry::life);
    }

    Map<JobStatus, Long> counts(Space space) { return counts.getOrDefault(space, Map.of()); }

    private static Optional<Life> first(NavigableSet<Entry> entries) {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.first().life());
    }

    private static <K> NavigableSet<Entry> entries(Map<K, NavigableSet<Entry>> index, K key) {
        return index.getOrDefault(key, new TreeSet<>(Entry.ORDER));
    }
}
