package dev.holdpoint.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.holdpoint.job.ClosedAction.Outcome;
import dev.holdpoint.job.Continuation.Hold;
import dev.holdpoint.job.JobEvent.JobClaimed;
import dev.holdpoint.job.JobEvent.JobCreated;
import dev.holdpoint.job.JobEvent.JobEnded;
import dev.holdpoint.job.JobEvent.JobPaused;
import dev.holdpoint.job.JobEvent.JobResumed;
import dev.holdpoint.job.Transition.Lost;
import org.jspecify.annotations.Nullable;

/**
 * The rules of every move: from a job and the store's time to either a refusal or the change to write. A
 * store that runs in this process calls them inside its atomic step; a store that runs elsewhere must answer
 * the same, which its contract tests show.
 */
public final class JobMoves {
    /** How many closed prompts of one id are remembered for latecomers. */
    static final int MEMORY = 64;
    /** How many of them outlive a generation. */
    static final int MEMORY_OF_PREDECESSORS = 4;

    private final Timing timing;
    private final String durability;

    /** @param durability the word that each resolution carries for how safely this store keeps it */
    public JobMoves(Timing timing, String durability) {
        this.timing = timing;
        this.durability = durability;
    }

    public sealed interface Verdict {
        record Refused(Lost why) implements Verdict {}

        /** The move is already done: the answer is the job as it stands, and nothing is written. */
        record Repeated(Job job) implements Verdict {}

        /** @param events what to append to the job's log, in order; the job's {@code lastSeq} already counts them */
        record Change(Job job, List<JobEvent> events) implements Verdict {}

        /** @param ended the predecessor, closed by {@code end}; null when there was none to close */
        record Start(@Nullable Job ended, @Nullable JobEnded end, Job job, JobCreated event) implements Verdict {}
    }

    /** @param floor a generation that the new one must exceed even when no job is known any more */
    public Verdict create(@Nullable Job current, NewJob wanted, long floor, Instant now) {
        if (current != null && !current.details().owner().equals(wanted.details().owner())) {
            return refused(new Transition.OwnedByAnother());
        }
        long known = current == null ? 0 : current.generation();
        OptionalLong expected = wanted.expectedGeneration();
        if (expected.isPresent() && expected.getAsLong() != known) {
            return refused(new Transition.GenerationMismatch(known));
        }
        if (current != null && wanted.ifActive() == NewJob.IfActive.REJECT && current.isActive(now)) {
            return refused(new Transition.JobActive(known));
        }
        long generation = Math.max(now.toEpochMilli(), Math.max(known, floor) + 1);
        Job fresh = new Job(wanted.key(), generation, 1, wanted.details(), new Phase.Running(null), now, now, 1,
                current == null ? List.of() : memoryAfterReplacing(current));
        if (current == null || !Move.REPLACE.isLegalFrom(current.status())) {
            return new Verdict.Start(null, null, fresh, new JobCreated(fresh.withoutMemory()));
        }
        JobEnded end = new JobEnded(new Ending.Replaced());
        return new Verdict.Start(end(current, end.how(), now).after(1), end, fresh,
                new JobCreated(fresh.withoutMemory()));
    }

    public Verdict append(@Nullable Job job, Fence fence, OptionalLong expectedSeq, List<JobEvent.Reported> events,
            Instant now) {
        if (job == null) return refused(new Transition.NoSuchJob());
        Optional<Lost> fenced = refusedByFence(job, fence, now);
        if (fenced.isPresent()) return refused(fenced.get());
        if (!Move.APPEND.isLegalFrom(job.status())) return refused(new Transition.AlreadySettled(job.status()));
        if (expectedSeq.isPresent() && expectedSeq.getAsLong() != job.lastSeq()) {
            return refused(new Transition.SequenceMismatch(job.lastEventId()));
        }
        return new Verdict.Change(alive(job, now).after(events.size()), List.copyOf(events));
    }

    public Verdict heartbeat(@Nullable Job job, Fence fence, Instant now) {
        if (job == null) return refused(new Transition.NoSuchJob());
        Optional<Lost> fenced = refusedByFence(job, fence, now);
        if (fenced.isPresent()) return refused(fenced.get());
        if (!Move.HEARTBEAT.isLegalFrom(job.status())) return refused(new Transition.AlreadySettled(job.status()));
        return new Verdict.Change(alive(job, now), List.of());
    }

    public Verdict pause(@Nullable Job job, Fence fence, NewPause wanted, Instant now) {
        if (job == null) return refused(new Transition.NoSuchJob());
        Optional<Lost> fenced = refusedByFence(job, fence, now);
        if (fenced.isPresent()) return refused(fenced.get());
        if (job.phase() instanceof Phase.Waiting waiting) {
            ActionId current = waiting.action() == null ? null : waiting.action().id();
            return wanted.action().equals(current)
                    ? new Verdict.Repeated(job)
                    : refused(new Transition.AlreadyPaused(current));
        }
        if (!Move.PAUSE.isLegalFrom(job.status())) return refused(new Transition.NotRunning(job.status()));
        if (job.closed(wanted.action()).filter(closed -> closed.generation() == job.generation()).isPresent()) {
            return refused(new Transition.ActionIdReused(wanted.action()));
        }
        PendingAction action = wanted.at(now, timing);
        if (!action.isLive(now)) return refused(new Transition.DeadlinePassed());
        return change(job.activeAt(now).withPhase(new Phase.Waiting(action)), new JobPaused(action));
    }

    public Verdict pass(@Nullable Job job, Fence fence, Instant now) {
        if (job == null) return refused(new Transition.NoSuchJob());
        Optional<Lost> fenced = refusedByFence(job, fence, now);
        if (fenced.isPresent()) return refused(fenced.get());
        if (job.phase() instanceof Phase.Waiting waiting) {
            return refused(new Transition.AlreadyPaused(waiting.action() == null ? null : waiting.action().id()));
        }
        if (!Move.PASS.isLegalFrom(job.status())) return refused(new Transition.NotRunning(job.status()));
        return new Verdict.Change(alive(job, now), List.of());
    }

    /** What rests on older rules than those in force is refused; whatever else is wrong is told first. */
    public static Verdict underRules(Verdict verdict, OptionalLong judgedBy, long inForce) {
        return !(verdict instanceof Verdict.Refused) && judgedBy.isPresent() && judgedBy.getAsLong() < inForce
                ? refused(new Transition.RulesChanged(inForce))
                : verdict;
    }

    public Verdict complete(@Nullable Job job, Fence fence, @Nullable Json result, Instant now) {
        return finish(Move.COMPLETE_JOB, job, fence, new Ending.Completed(result), now);
    }

    public Verdict fail(@Nullable Job job, Fence fence, JobError error, Instant now) {
        return finish(Move.FAIL, job, fence, new Ending.Failed(error), now);
    }

    private Verdict finish(Move move, @Nullable Job job, Fence fence, Ending how, Instant now) {
        if (job == null) return refused(new Transition.NoSuchJob());
        Optional<Lost> fenced = refusedByFence(job, fence, now);
        if (fenced.isPresent()) return refused(fenced.get());
        if (!move.isLegalFrom(job.status())) return refused(new Transition.NotRunning(job.status()));
        return change(end(job, how, now), new JobEnded(how));
    }

    public Verdict resolve(@Nullable Job job, NewResolution wanted, Instant now) {
        if (job == null) return refused(new Transition.NoSuchJob());
        if (job.generation() != wanted.generation()) {
            return refused(job.closed(wanted.generation(), wanted.action()).map(JobMoves::closedTo)
                    .orElseGet(() -> new Transition.ActionClosed(Outcome.REPLACED)));
        }
        Optional<Lost> lost = undecidable(job, wanted.action(), now);
        if (lost.isPresent()) return refused(lost.get());
        PendingAction action = job.prompt().orElseThrow();
        Resolution resolution = new Resolution(wanted.id(), job.key(), job.generation(), action,
                job.details().conversation(), job.details().owner(), job.details().agent(), wanted.decidedBy(), now,
                wanted.submission(), durability);
        ClosedAction closed = new ClosedAction(action.id(), job.generation(), Outcome.DECIDED, resolution);
        Job resumed = remember(job, closed).activeAt(now)
                .withPhase(new Phase.Running(new Continuation(resolution, new Hold.Open())));
        return change(resumed, new JobResumed(resolution));
    }

    /** Why nobody can decide this action of the job at {@code now}; empty when somebody can. */
    public static Optional<Lost> undecidable(Job job, ActionId action, Instant now) {
        if (!(job.phase() instanceof Phase.Waiting waiting)) {
            return Optional.of(job.closed(action).map(JobMoves::closedTo)
                    .orElseGet(() -> new Transition.NotWaiting(job.status())));
        }
        PendingAction current = waiting.action();
        if (current == null || !current.isLive(now)) {
            return Optional.of(new Transition.PromptDead(job.generation(), current == null ? null : current.id()));
        }
        return current.id().equals(action) ? Optional.empty() : Optional.of(new Transition.StaleAction(current.id()));
    }

    /** @param generation when given, only a job of that generation is aborted */
    public Verdict abort(@Nullable Job job, OptionalLong generation, Instant now) {
        if (job == null) return refused(new Transition.NoSuchJob());
        if (generation.isPresent() && generation.getAsLong() != job.generation()) {
            return refused(new Transition.GenerationMismatch(job.generation()));
        }
        if (!Move.ABORT.isLegalFrom(job.status())) return refused(new Transition.AlreadySettled(job.status()));
        Ending how = new Ending.Aborted(JobError.ABORTED_BY_USER);
        return change(end(job, how, now), new JobEnded(how));
    }

    /** Expires the prompt that waits, dead or alive, because somebody said so. */
    public Verdict expireByHand(@Nullable Job job, @Nullable ActionId named, Instant now) {
        if (job == null) return refused(new Transition.NoSuchJob());
        if (!(job.phase() instanceof Phase.Waiting waiting)) return refused(new Transition.NotWaiting(job.status()));
        PendingAction action = waiting.action();
        if (named != null && action != null && !named.equals(action.id())) {
            return refused(new Transition.StaleAction(action.id()));
        }
        return expired(job, action, now);
    }

    /** Expires exactly the prompt that was seen dead: not one that a resumed job paused on since. */
    public Verdict expireDead(@Nullable Job job, long generation, @Nullable ActionId observed, Instant now) {
        if (job == null || job.generation() != generation || !(job.phase() instanceof Phase.Waiting waiting)) {
            return refused(new Transition.NotDue());
        }
        PendingAction action = waiting.action();
        boolean same = action == null ? observed == null : action.id().equals(observed) && !action.isLive(now);
        return same ? expired(job, action, now) : refused(new Transition.NotDue());
    }

    private static Verdict expired(Job job, @Nullable PendingAction action, Instant now) {
        Ending how = new Ending.Expired(action == null ? null : action.id());
        return change(end(job, how, now), new JobEnded(how));
    }

    public Verdict claim(@Nullable Job job, ActionId action, WorkerId worker, Instant now) {
        if (job == null) return refused(new Transition.NoSuchJob());
        Optional<Continuation> open = job.continuation().filter(one -> one.resolution().action().id().equals(action));
        if (open.isPresent()) return claim(job, open.get(), worker, now);
        if (job.phase() instanceof Phase.Waiting waiting) {
            PendingAction prompt = waiting.action();
            if (prompt == null || prompt.id().equals(action)) {
                return refused(prompt != null && prompt.isLive(now)
                        ? new Transition.StillUndecided()
                        : new Transition.PromptDead(job.generation(), prompt == null ? null : prompt.id()));
            }
        }
        return refused(
                job.closed(action).map(closed -> unclaimable(job, closed)).orElseGet(Transition.NoSuchAction::new));
    }

    private Verdict claim(Job job, Continuation continuation, WorkerId worker, Instant now) {
        return switch (continuation.holdAt(now)) {
            case Hold.Claimed claimed when claimed.worker().equals(worker) -> new Verdict.Repeated(job);
            case Hold.Claimed claimed -> refused(new Transition.AlreadyClaimed(claimed.worker()));
            case Hold.Open open -> {
                Continuation held = continuation.with(new Hold.Claimed(worker, now.plus(timing.lease())));
                Job next = job.nextExecution().activeAt(now).withPhase(new Phase.Running(held));
                yield change(next, new JobClaimed(worker, next.execution()));
            }
        };
    }

    private static Lost unclaimable(Job job, ClosedAction closed) {
        if (closed.outcome() != Outcome.DECIDED) return new Transition.ActionClosed(closed.outcome());
        if (closed.generation() != job.generation()) return new Transition.ActionClosed(Outcome.REPLACED);
        return switch (job.status()) {
            case ERROR, ABORTED -> new Transition.ActionClosed(Outcome.ABORTED);
            case RUNNING, REQUIRES_ACTION, COMPLETE -> new Transition.AlreadyClaimed(null);
        };
    }

    /** Ends a running job that was silent for longer than its TTL. */
    public Verdict reap(@Nullable Job job, long generation, Instant now) {
        if (job == null || job.generation() != generation || !Move.REAP.isLegalFrom(job.status())
                || now.isBefore(job.lastActiveAt().plus(timing.runningTtl()))) {
            return refused(new Transition.NotDue());
        }
        Ending how = new Ending.Failed(JobError.WORKER_LOST);
        return change(end(job, how, now), new JobEnded(how));
    }

    /** Writes down that a lease lapsed, so that whoever waits for a continuation finds this one. */
    public Verdict reopen(@Nullable Job job, long generation, Instant now) {
        if (job == null || job.generation() != generation) return refused(new Transition.NotDue());
        Optional<Continuation> continuation = job.continuation();
        boolean lapsed = continuation.isPresent() && continuation.get().hold() instanceof Hold.Claimed
                && continuation.get().holdAt(now) instanceof Hold.Open;
        if (!lapsed) return refused(new Transition.NotDue());
        return new Verdict.Change(job.withPhase(new Phase.Running(continuation.get().with(new Hold.Open()))),
                List.of());
    }

    /** Whether an ended job's time is over. */
    public boolean reclaimable(@Nullable Job job, long generation, Instant now) {
        return job != null && job.generation() == generation && job.ended().isPresent()
                && !now.isBefore(job.dueAt(timing));
    }

    /** Everything about a worker's write that doesn't depend on the move: is this the worker in force? */
    private static Optional<Lost> refusedByFence(Job job, Fence fence, Instant now) {
        if (fence.generation() != job.generation())
            return Optional.of(new Transition.GenerationReplaced(job.generation()));
        if (fence.execution() != job.execution()) return Optional.of(new Transition.ExecutionReplaced(job.execution()));
        return job.continuation().filter(one -> one.holdAt(now) instanceof Hold.Open)
                .map(open -> new Transition.NotClaimed());
    }

    /** A sign of life renews the lease, if there is one. */
    private Job alive(Job job, Instant now) {
        Job active = job.activeAt(now);
        if (!(job.phase() instanceof Phase.Running running) || running.continuation() == null
                || !(running.continuation().hold() instanceof Hold.Claimed claimed)) {
            return active;
        }
        Hold renewed = new Hold.Claimed(claimed.worker(), now.plus(timing.lease()));
        return active.withPhase(new Phase.Running(running.continuation().with(renewed)));
    }

    private static Lost closedTo(ClosedAction closed) {
        return closed.resolution() != null
                ? new Transition.AlreadyDecided(closed.resolution())
                : new Transition.ActionClosed(closed.outcome());
    }

    private static Verdict refused(Lost why) { return new Verdict.Refused(why); }

    private static Verdict change(Job job, JobEvent event) { return new Verdict.Change(job.after(1), List.of(event)); }

    private static Job end(Job job, Ending how, Instant now) {
        return job.prompt()
                .map(action -> remember(job, new ClosedAction(action.id(), job.generation(), outcome(how), null)))
                .orElse(job).withPhase(new Phase.Ended(how, now));
    }

    private static Outcome outcome(Ending how) {
        return switch (how) {
            case Ending.Expired expired -> Outcome.EXPIRED;
            case Ending.Replaced replaced -> Outcome.REPLACED;
            case Ending.Aborted aborted -> Outcome.ABORTED;
            case Ending.Completed completed -> Outcome.ABORTED;
            case Ending.Failed failed -> Outcome.ABORTED;
        };
    }

    private static List<ClosedAction> memoryAfterReplacing(Job predecessor) {
        List<ClosedAction> memory = predecessor.prompt()
                .map(action -> new ClosedAction(action.id(), predecessor.generation(), Outcome.REPLACED, null))
                .map(closed -> remember(predecessor, closed).closed())
                .orElse(predecessor.closed());
        return newest(memory, MEMORY_OF_PREDECESSORS);
    }

    private static Job remember(Job job, ClosedAction closed) {
        List<ClosedAction> memory = new ArrayList<>(job.closed());
        memory.add(closed);
        return job.remembering(newest(memory, MEMORY));
    }

    private static List<ClosedAction> newest(List<ClosedAction> memory, int most) {
        return memory.subList(Math.max(0, memory.size() - most), memory.size());
    }
}
