package dev.holdpoint.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

import dev.holdpoint.disk.Disk;
import dev.holdpoint.disk.Scribe;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.DueJobs;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.Fence;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobMoves;
import dev.holdpoint.job.JobMoves.Verdict;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Judgement;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.NewJob;
import dev.holdpoint.job.NewPause;
import dev.holdpoint.job.NewResolution;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.PendingQuery;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Timing;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.store.notices.Notices;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Jobs, logs and outbox of this process. One lock makes each command atomic; it is held for microseconds, never across
 * I/O. Every change goes through {@link #commit}, and on to the disk where there is one.
 */
public final class MemoryJobStore implements JobStore, EventLog, Outbox {
    /** What finds room in a full store too, so that it can still be worked off. */
    private static final long SMALL = 2_000;
    /** The part of all bytes that a full store still has for small prompts, and for calls that need none. */
    private static final int RESERVE = 16;

    private static final String FLOORS = "floors";
    private static final String RECLAIMED = "reclaimed";

    private final Disk disk;
    private final Scribe scribe;
    private final LifeRows rows;
    private final Map<JobKey, Life> lives = new HashMap<>();
    private final Indexes indexes = new Indexes();
    private final Queue<Farewell> farewells = new ArrayDeque<>();
    private final OwedEntries owed;
    private final MemoryRules rules;
    private final Notices notices = new Notices();
    private final JobMoves moves;
    private final Timing timing;
    private final MemoryLimits limits;
    private final InstantSource clock;
    private final boolean owesNews;
    private long bytes;
    private long counter;
    /** No generation may repeat, even when its job is long gone and the clock stepped back. */
    private long reclaimedGeneration;

    /** A predecessor whose readers have until then to read it to its end. */
    private record Farewell(Instant until, JobKey job, long generation) {}

    /** A store that is forgotten with the process. */
    public MemoryJobStore(Timing timing, MemoryLimits limits, InstantSource clock) {
        this(timing, limits, clock, Disk.none(), false);
    }

    /**
     * A store that goes on where it was when the disk was written last.
     *
     * @param owesNews whether {@link Debt.News} is owed
     */
    public MemoryJobStore(Timing timing, MemoryLimits limits, InstantSource clock, Disk disk, boolean owesNews) {
        this.disk = disk;
        this.scribe = new Scribe(disk);
        this.rows = new LifeRows(scribe);
        this.moves = new JobMoves(timing, durability(disk));
        this.timing = timing;
        this.limits = limits;
        this.clock = clock;
        this.owesNews = owesNews;
        this.owed = new OwedEntries(scribe, disk, limits.bytes());
        this.rules = new MemoryRules(scribe, disk, clock, owed);
        disk.read(FLOORS, (key, number) -> reclaimedGeneration = Long.parseLong(number));
        List<Farewell> open = new ArrayList<>();
        LifeRows.read(disk, limits.keptEventsPerJob(), (life, farewell) -> enter(life, farewell, open));
        open.stream().sorted(Comparator.comparing(Farewell::until)).forEach(farewells::add);
        disk.passOnBy(notices::deliver);
    }

    public static String durability(Disk disk) { return disk.keeps() ? "fsync" : "memory"; }

    /** A life from the disk. A predecessor comes before whoever replaced it. */
    private void enter(Life life, @Nullable Instant farewell, List<Farewell> open) {
        JobKey key = life.job.key();
        counter = life.number;
        bytes += life.bytes();
        life.predecessor = lives.put(key, life);
        if (farewell != null) open.add(new Farewell(farewell, key, life.job.generation()));
        if (life.predecessor != null) {
            indexes.moved(life.predecessor, life.predecessor.job, null);
            indexes.lookAt(life.predecessor, null);
        }
        indexes.moved(life, null, life.job);
        indexes.lookBy(life, life.job.dueAt(timing));
    }

    public RuleStore rules() { return rules; }

    // --- moves

    @Override
    public Uni<Transition> create(NewJob wanted) {
        return atomically(now -> {
            Life life = lives.get(wanted.key());
            Verdict verdict = moves.create(life == null ? null : life.job, wanted, reclaimedGeneration, now);
            if (verdict instanceof Verdict.Start start && (life == null && lives.size() >= limits.jobs()
                    || owed.size() >= limits.jobs() || isFull(Weights.of(start.event()), 0))) {
                return new Transition.StoreFull();
            }
            if (verdict instanceof Verdict.Start && activeOf(wanted, life, now) >= limits.activeJobsPerUser()) {
                return new Transition.TooManyActiveJobs(limits.activeJobsPerUser());
            }
            return commit(life, verdict, now);
        });
    }

    /** Counts what the archive is owed too: an archive that stays away must not fill this process. */
    private boolean isFull(long weight, long reserve) {
        return bytes + owed.bytes() + weight > limits.bytes() + reserve;
    }

    private long activeOf(NewJob wanted, @Nullable Life predecessor, Instant now) {
        Collection<Indexes.Entry> live = indexes.live(wanted.key().space(), wanted.details().owner());
        if (live.size() < limits.activeJobsPerUser()) return live.size();
        return live.stream().filter(entry -> entry.life() != predecessor && entry.life().job.isActive(now)).count();
    }

    @Override
    public Uni<Transition> append(JobKey job, Fence fence, OptionalLong expectedSeq, List<JobEvent.Reported> events) {
        return atomically(now -> {
            Life life = lives.get(job);
            Verdict verdict = moves.append(current(life), fence, expectedSeq, events, now);
            if (life != null && verdict instanceof Verdict.Change change) {
                long weight = weight(change.events());
                if (isFull(weight, 0)) return new Transition.StoreFull();
                if (!fits(life, events, weight)) return new Transition.LogFull();
            }
            return commit(life, verdict, now);
        });
    }

    private boolean fits(Life life, List<JobEvent.Reported> events, long weight) {
        boolean trims = limits.keptEventsPerJob() > 0;
        if (!trims && life.kept() + events.size() > limits.eventsPerJob()) return false;
        if (life.logBytes() + weight > limits.bytesPerJob()) return false;
        Set<Object> names = new HashSet<>(life.retained().keySet());
        events.stream().filter(JobEvent.Reported::retained).map(JobEvent.Reported::name).forEach(names::add);
        return names.size() <= limits.retainedNamesPerJob();
    }

    @Override
    public Uni<Transition> heartbeat(JobKey job, Fence fence) {
        return move(job, (one, now) -> moves.heartbeat(one, fence, now));
    }

    @Override
    public Uni<Transition> pause(JobKey job, Fence fence, NewPause wanted, @Nullable Judgement judgement) {
        return judged(job, judgement, (one, now) -> moves.pause(one, fence, wanted, now));
    }

    @Override
    public Uni<Transition> pass(JobKey job, Fence fence, Judgement judgement) {
        return judged(job, judgement, (one, now) -> moves.pass(one, fence, now));
    }

    private Uni<Transition> judged(JobKey job, @Nullable Judgement judgement, Rule rule) {
        return atomically(now -> {
            Life life = lives.get(job);
            Verdict verdict = rule.apply(current(life), now);
            if (judgement != null) verdict = JobMoves.underRules(verdict, OptionalLong.of(judgement.rules()),
                    rules.inForce(job.space()));
            if (verdict instanceof Verdict.Change change) {
                Debt judged = judgement == null || judgement.calls().isEmpty() ? null
                        : told(change.job(), judgement, now);
                long prompt = weight(change.events());
                if (isFull(prompt + (judged == null ? 0 : Weights.of(judged)),
                        prompt > SMALL ? 0 : limits.bytes() / RESERVE))
                    return new Transition.StoreFull();
                if (judged != null) owed.add(judged, now);
            }
            return commit(life, verdict, now);
        });
    }

    private static Debt told(Job job, Judgement judgement, Instant now) {
        return new Debt.JudgedCalls(job.key(), job.generation(), now, job.details().owner(),
                job.details().conversation(), judgement.calls());
    }

    @Override
    public Uni<Transition> complete(JobKey job, Fence fence, @Nullable Json result) {
        return move(job, (one, now) -> unlessLarge(moves.complete(one, fence, result, now)));
    }

    /** What ends something is refused for want of room only where it brings in much. */
    private Verdict unlessLarge(Verdict verdict) {
        if (!(verdict instanceof Verdict.Change change)) return verdict;
        long weight = weight(change.events());
        return weight > SMALL && isFull(weight, 0) ? new Verdict.Refused(new Transition.StoreFull()) : verdict;
    }

    @Override
    public Uni<Transition> fail(JobKey job, Fence fence, JobError error) {
        return move(job, (one, now) -> moves.fail(one, fence, error, now));
    }

    @Override
    public Uni<Transition> resolve(JobKey job, NewResolution wanted) {
        return move(job, (one, now) -> JobMoves.underRules(moves.resolve(one, wanted, now), wanted.rules(),
                rules.inForce(job.space())));
    }

    @Override
    public Uni<Transition> abort(JobKey job, OptionalLong generation) {
        return move(job, (one, now) -> moves.abort(one, generation, now));
    }

    @Override
    public Uni<Transition> expireByHand(JobKey job, @Nullable ActionId named) {
        return move(job, (one, now) -> moves.expireByHand(one, named, now));
    }

    @Override
    public Uni<Transition> expireDead(JobKey job, long generation, @Nullable ActionId observed) {
        return move(job, (one, now) -> moves.expireDead(one, generation, observed, now));
    }

    @Override
    public Uni<Transition> claim(JobKey job, ActionId action, WorkerId worker) {
        return move(job, (one, now) -> moves.claim(one, action, worker, now));
    }

    @Override
    public Uni<Transition> claimOldest(Space space, Set<AgentId> agents, WorkerId worker) {
        return atomically(now -> indexes.oldestOpen(space, agents)
                .map(life -> commit(life, moves.claim(life.job, openAction(life.job), worker, now), now))
                .orElseGet(Transition.StillUndecided::new));
    }

    private static ActionId openAction(Job job) { return job.continuation().orElseThrow().resolution().action().id(); }

    @Override
    public Uni<Transition> reap(JobKey job, long generation) {
        return move(job, (one, now) -> moves.reap(one, generation, now));
    }

    @Override
    public Uni<Transition> reopen(JobKey job, long generation) {
        return move(job, (one, now) -> moves.reopen(one, generation, now));
    }

    @Override
    public Uni<Transition> reclaim(JobKey job, long generation) {
        return atomically(now -> {
            Life life = lives.get(job);
            if (life == null || !moves.reclaimable(life.job, generation, now)) return new Transition.NotDue();
            if (owed.holds(life.job)) {
                // It must not come first in every pass of the sweep until the archive has it.
                indexes.lookAt(life, now.plusSeconds(1));
                return new Transition.NotDue();
            }
            remove(life);
            return new Transition.Won(life.job, now);
        });
    }

    private void remove(Life life) {
        reclaimedGeneration = Math.max(reclaimedGeneration, life.job.generation());
        String floor = Long.toString(reclaimedGeneration);
        scribe.put(FLOORS, RECLAIMED, () -> floor);
        rows.gone(life);
        lives.remove(life.job.key());
        indexes.moved(life, life.job, null);
        indexes.lookAt(life, null);
        bytes -= life.bytes();
        dropPredecessor(life);
    }

    // --- the one place of change

    private interface Rule {
        Verdict apply(@Nullable Job job, Instant now);
    }

    private Uni<Transition> move(JobKey job, Rule rule) {
        return atomically(now -> {
            Life life = lives.get(job);
            return commit(life, rule.apply(current(life), now), now);
        });
    }

    private static long weight(List<JobEvent> events) { return events.stream().mapToLong(Weights::of).sum(); }

    private Uni<Transition> atomically(Function<Instant, Transition> command) {
        return disk.answer(() -> {
            Transition outcome = alone(command);
            // From a disk they are passed on once they lie there.
            if (!disk.keeps()) notices.deliver();
            return outcome;
        });
    }

    private Transition commit(@Nullable Life life, Verdict verdict, Instant now) {
        return switch (verdict) {
            case Verdict.Refused refused -> refused.why();
            case Verdict.Repeated repeated -> new Transition.Won(repeated.job(), now);
            case Verdict.Change change -> {
                if (life == null) throw new IllegalStateException("a change needs the job that it changes");
                write(life, change.job(), change.events(), now);
                yield new Transition.Won(change.job(), now);
            }
            case Verdict.Start start -> {
                if (life != null && start.ended() != null && start.end() != null) {
                    write(life, start.ended(), List.of(start.end()), now);
                }
                begin(life, start, now);
                yield new Transition.Won(start.job(), now);
            }
        };
    }

    private void begin(@Nullable Life predecessor, Verdict.Start start, Instant now) {
        Life life = new Life(++counter, start.job(), limits.keptEventsPerJob());
        if (predecessor != null) {
            indexes.moved(predecessor, predecessor.job, null);
            indexes.lookAt(predecessor, null);
            dropPredecessor(predecessor);
            life.predecessor = predecessor;
            Instant until = now.plus(timing.terminalRetention());
            farewells.add(new Farewell(until, predecessor.job.key(), predecessor.job.generation()));
            rows.replaced(predecessor, until);
        }
        rows.began(life);
        bytes += life.bytes();
        lives.put(start.job().key(), life);
        indexes.moved(life, null, start.job());
        write(life, start.job(), List.of(start.event()), now);
    }

    private void write(Life life, Job next, List<? extends JobEvent> events, Instant now) {
        Job before = life.job;
        long held = life.bytes();
        long firstKept = life.firstKept();
        List<LoggedEvent> added = life.append(List.copyOf(events), next.lastSeq() - events.size() + 1, now);
        life.become(next);
        bytes += life.bytes() - held;
        rows.moved(life, before, added, firstKept);
        indexes.moved(life, before, next);
        if (next.status().isTerminal()) indexes.lookAt(life, next.dueAt(timing));
        else indexes.lookBy(life, next.dueAt(timing));
        if (!added.isEmpty()) closing(before, next, added.getLast()).ifPresent(debt -> owed.add(debt, now));
        if (next.status().isTerminal() && !before.status().isTerminal()) owed.add(new Debt.EndedJob(next), now);
        if (owesNews) added.forEach(event -> news(next, event).ifPresent(debt -> owed.add(debt, now)));
        scribe.tell(() -> notices.logged(added, next));
        if (Indexes.isOpen(next) && !Indexes.isOpen(before)) scribe.tell(() -> notices.opened(next.key()));
    }

    /** What ends a job or a prompt is owed anyway. */
    private static Optional<Debt> news(Job job, LoggedEvent event) {
        return switch (event.event()) {
            case JobEvent.JobCreated created -> Optional.of(news(job, event, created));
            case JobEvent.JobPaused paused -> Optional.of(news(job, event, paused));
            case JobEvent.JobClaimed claimed -> Optional.of(news(job, event, claimed));
            case JobEvent.JobResumed resumed -> Optional.empty();
            case JobEvent.JobEnded ended -> Optional.empty();
            case JobEvent.Reported reported -> Optional.empty();
        };
    }

    private static Debt news(Job job, LoggedEvent event, JobEvent.Lifecycle what) {
        return new Debt.News(job.key(), event.id(), event.at(), job.details().owner(), job.details().conversation(),
                job.details().agent(), what);
    }

    /** A prompt waits before and no longer: how it ended is owed to the archive. */
    private static Optional<Debt> closing(Job before, Job next, LoggedEvent event) {
        if (!(before.phase() instanceof Phase.Waiting waiting) || next.phase() instanceof Phase.Waiting)
            return Optional.empty();
        PendingAction action = waiting.action();
        ClosedAction closed = action == null ? null : next.closed(action.id()).orElseThrow();
        return Optional.of(new Debt.ClosedPrompt(next.key(), event.id(), event.at(), next.details().owner(),
                next.details().conversation(), next.details().agent(), action,
                closed == null ? ClosedAction.Outcome.EXPIRED : closed.outcome(),
                closed == null ? null : closed.resolution()));
    }

    // --- looks

    @Override
    public Uni<@Nullable Sighting> find(JobKey job) {
        return look(now -> {
            Life life = lives.get(job);
            return life == null ? null : new Sighting(life.job, now);
        });
    }

    @Override
    public Uni<@Nullable Sighting> recall(JobKey job) { return find(job); }

    @Override
    public Uni<@Nullable Resolution> resolution(JobKey job, ActionId action) {
        return look(now -> {
            Life life = lives.get(job);
            return life == null ? null : life.job.closed(action).map(ClosedAction::resolution).orElse(null);
        });
    }

    @Override
    public Uni<@Nullable ResumeState> resumeState(JobKey job) {
        return look(now -> {
            Life life = lives.get(job);
            return life == null ? null : new ResumeState(life.job, life.retained(), now);
        });
    }

    @Override
    public Uni<Page<Job>> activeJobs(Space space, UserId owner, @Nullable String cursor, int limit) {
        return look(now -> Paging.page(indexes.live(space, owner), Indexes.Entry.ORDER, cursor, limit, now,
                job -> job.isActive(now)));
    }

    @Override
    public Uni<Page<Job>> pending(Space space, PendingQuery query, @Nullable String cursor, int limit) {
        // Only the candidates are taken under the lock: matching text against each may take
        // long, and jobs don't change in place.
        return disk.answer(() -> {
            Candidates all = alone(
                    now -> new Candidates(new ArrayList<>(order(query, candidates(space, query))), now));
            Page<Job> page = Paging.page(all.entries(), order(query), cursor, limit, all.at(),
                    job -> job.livePrompt(all.at()).filter(action -> query.matches(job, action)).isPresent());
            // A job that was seen while it changed is with the disk only once whoever changed it has left.
            return alone(now -> page);
        });
    }

    private record Candidates(List<Indexes.Entry> entries, Instant at) {}

    private Collection<Indexes.Entry> candidates(Space space, PendingQuery query) {
        if (query.owner() == null) return indexes.waiting(space);
        return indexes.live(space, query.owner()).stream().filter(entry -> entry.life().job.prompt().isPresent())
                .map(entry -> new Indexes.Entry(entry.life().job.prompt().orElseThrow().deadline(), entry.number(),
                        entry.life()))
                .sorted(Indexes.Entry.ORDER).toList();
    }

    private static Collection<Indexes.Entry> order(PendingQuery query, Collection<Indexes.Entry> byDeadline) {
        if (query.order() == PendingQuery.Order.DEADLINE) return byDeadline;
        return byDeadline.stream()
                .map(entry -> new Indexes.Entry(entry.life().job.prompt().orElseThrow().createdAt(), entry.number(),
                        entry.life()))
                .sorted(order(query)).toList();
    }

    private static Comparator<Indexes.Entry> order(PendingQuery query) {
        return query.order() == PendingQuery.Order.NEWEST ? Indexes.Entry.ORDER.reversed() : Indexes.Entry.ORDER;
    }

    @Override
    public Uni<Waiting> waiting() { return look(now -> indexes.waiting()); }

    @Override
    public Uni<Map<JobStatus, Long>> count(Space space) { return look(now -> Map.copyOf(indexes.counts(space))); }

    @Override
    public Uni<DueJobs> due(int limit) {
        return look(now -> {
            sayFarewell(now);
            List<Sighting> due = new ArrayList<>();
            List<Life> taken = new ArrayList<>();
            Life next = indexes.nextLook();
            for (; next != null && due.size() < limit && !lookAt(next).isAfter(now); next = indexes.nextLook()) {
                Instant real = next.job.dueAt(timing);
                indexes.lookAt(next, real.isAfter(now) ? real : null);
                if (!real.isAfter(now)) {
                    due.add(new Sighting(next.job, now));
                    taken.add(next);
                }
            }
            Duration nextIn = next == null ? null : Duration.between(now, lookAt(next));
            // Back they go: whoever took this list may die before acting on it.
            taken.forEach(life -> indexes.lookAt(life, life.job.dueAt(timing)));
            return new DueJobs(due, nextIn != null && nextIn.isNegative() ? Duration.ZERO : nextIn);
        });
    }

    private static Instant lookAt(Life life) { return life.lookAt == null ? Instant.MAX : life.lookAt; }

    private void dropPredecessor(Life life) {
        if (life.predecessor == null) return;
        rows.gone(life.predecessor);
        bytes -= life.predecessor.bytes();
        life.predecessor = null;
    }

    private void sayFarewell(Instant now) {
        for (Farewell first = farewells.peek(); first != null && !now.isBefore(first.until()); first =
                farewells.peek()) {
            farewells.remove();
            Life successor = lives.get(first.job());
            if (successor == null || successor.predecessor == null) continue;
            if (successor.predecessor.job.generation() == first.generation()) dropPredecessor(successor);
        }
    }

    @Override
    public Uni<@Nullable Extent> extent(JobKey job) {
        return look(now -> {
            Life life = lives.get(job);
            return life == null ? null : new Extent(life.job, life.firstKept(), now);
        });
    }

    @Override
    public Uni<Slice> read(JobKey job, long generation, long after, int limit) {
        return look(now -> slice(job, generation, after, limit));
    }

    @Override
    public @Nullable Slice heard(JobKey job, long generation, long after, int limit) {
        // What isn't on disk yet may not be told, and only a read waits for that.
        return disk.keeps() ? null : alone(now -> slice(job, generation, after, limit));
    }

    private Slice slice(JobKey job, long generation, long after, int limit) {
        Life life = lives.get(job);
        if (life != null && life.job.generation() != generation) life = life.predecessor;
        return life == null || life.job.generation() != generation ? new Slice(List.of(), false)
                : life.read(after, limit);
    }

    @Override
    public Multi<EventId> watch(JobKey job) { return notices.watch(job); }

    @Override
    public Multi<Change> changes() { return notices.changes(); }

    @Override
    public Multi<JobKey> opened() { return notices.opened(); }

    @Override
    public Uni<List<Owed>> owed(int limit) { return look(now -> owed.oldest(limit)); }

    @Override
    public Uni<Backlog> backlog() { return look(now -> owed.backlog()); }

    @Override
    public Uni<Void> owe(Debt.Note note) {
        return look(now -> {
            owed.requireRoom();
            owed.add(note, now);
            return null;
        });
    }

    @Override
    public Uni<Void> paid(List<Owed> entries) {
        return look(now -> {
            entries.forEach(one -> owed.remove(one.receipt()));
            return null;
        });
    }

    /** Stands in for a stored prompt that can't be read any more; a process has no other way to lose one. */
    void losePrompt(JobKey job) {
        alone(now -> {
            Life life = lives.get(job);
            if (life == null) throw new IllegalArgumentException("no job " + job);
            write(life, life.job.withPhase(new Phase.Waiting(null)), List.of(), now);
            return life;
        });
    }

    private <T extends @Nullable Object> Uni<T> look(Function<Instant, T> look) {
        return disk.answer(() -> alone(look));
    }

    private <T extends @Nullable Object> T alone(Function<Instant, T> command) {
        return scribe.alone(() -> command.apply(now()));
    }

    private static @Nullable Job current(@Nullable Life life) { return life == null ? null : life.job; }

    /** The wire tells milliseconds; finer instants would make a deadline pass before it is seen to. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
