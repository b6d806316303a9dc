package dev.holdpoint.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A job that this worker drives. It keeps the fence, the new one after a claim too, and beats while
 * the job runs. It may be shared by threads: appends go one after the other, and so do prompts,
 * because a job waits for one thing at a time.
 *
 * <p>{@link #close} lets the job be: it goes on without this worker's heartbeats,
 * and the service calls it lost in time.
 */
public final class Job implements AutoCloseable {
    private static final long UNKNOWN = -1;

    private final Holdpoint hold;
    private final Http http;
    private final String id;
    private final long generation;
    private final Heart heart;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock asking = new ReentrantLock();
    private final List<Consumer<HoldpointProblem>> lostListeners = new CopyOnWriteArrayList<>();
    private final Set<String> usedDecisions = ConcurrentHashMap.newKeySet();
    private volatile String fence;
    private volatile @Nullable Claim claim;
    private volatile @Nullable HoldpointProblem lost;
    private volatile boolean paused;
    private final AtomicInteger claiming = new AtomicInteger();
    private volatile boolean ended;
    private long lastSeq;

    /** A new job. */
    Job(Holdpoint hold, JobView created, String fence) {
        this(hold, created.id(), created.generation(), fence, EventId.of(created.lastEventId()).seq());
        heart.beat(fence, null);
    }

    /** A job that was claimed. */
    Job(Holdpoint hold, Claim claim) {
        this(hold, claim.jobId(), claim.action().generation(), claim.fence(), UNKNOWN);
        take(claim);
    }

    private Job(Holdpoint hold, String id, long generation, String fence, long lastSeq) {
        this.hold = hold;
        this.http = hold.http();
        this.id = id;
        this.generation = generation;
        this.fence = fence;
        this.lastSeq = lastSeq;
        this.heart = new Heart(hold, id, this::lost);
    }

    public String id() { return id; }

    public long generation() { return generation; }

    /** What this worker shows with every write; another one after each claim. */
    public String fence() { return fence; }

    /** What this worker last claimed; nothing before a prompt of this job was decided. */
    public Optional<Claim> claim() {
        return Optional.ofNullable(claim);
    }

    /** Why this worker may write no more, if so. */
    public Optional<HoldpointProblem> lost() {
        return Optional.ofNullable(lost);
    }

    /** Called once the service has refused this worker for good: stop what is under way. */
    public void onLost(Consumer<HoldpointProblem> listener) {
        lostListeners.add(listener);
        HoldpointProblem problem = lost;
        if (problem != null) listener.accept(problem);
    }

    public JobView view() { return hold.job(id); }

    public ResumeState state() { return hold.state(id); }

    public EventStream events(From from) { return hold.events(id, from); }

    public Flow.Publisher<Event> publisher(From from) { return hold.publisher(id, from); }

    /** Asks the service whether this worker is still in force: right before what can't be undone. */
    public void check() {
        write(() -> http.call(post("heartbeat", null)));
    }

    /** @param data anything that Jackson writes as JSON */
    public EventId append(String event, Object data) {
        return append(List.of(NewEvent.of(event, data)));
    }

    /** Appends all of it or nothing, once; answers the last event's id. */
    public EventId append(List<NewEvent> events) {
        return locked(writing, () -> write(() -> {
            Http.Call call = Http.Call.post(Http.path("jobs", id, "events"), Json.tree(events)).fenced(fence);
            long before = lastSeq;
            lastSeq = UNKNOWN; // should this fail, or what comes next could be taken for it
            EventId last =
                    before == UNKNOWN ? landed(http.call(call.once())) : appendBehind(before, call, events.size());
            lastSeq = last.seq();
            return last;
        }));
    }

    /**
     * Where the log is known a repeated batch can be told from a new one by its place, which
     * costs the service nothing to remember.
     */
    private EventId appendBehind(long seq, Http.Call call, int count) {
        try {
            return landed(http.call(call.with("Holdpoint-Expected-Seq", Long.toString(seq))));
        } catch (HoldpointProblem refused) {
            if (!refused.is("sequence-mismatch")) throw refused;
            EventId last = EventId.of(refused.member("lastEventId").asText());
            // Something else was appended, and this wasn't.
            if (!refused.mayBeDone()) return landed(http.call(call.once()));
            if (last.seq() == seq + count) return last;
            throw refused;
        }
    }

    private static EventId landed(Http.Reply reply) { return EventId.of(reply.body().path("lastEventId").asText()); }

    /** Asks the policy which of the calls may run; the job pauses if a person must be asked about some of them. */
    public Gate gate(List<ToolCall> calls, Terms terms) {
        Terms named = terms.named();
        ObjectNode body = named.json();
        body.set("toolCalls", Json.tree(calls));
        if (!named.reviews().isEmpty()) body.set("review_configs", Json.tree(reviewsOf(calls, named)));
        return locked(writing, () -> write(() -> {
            lastSeq = UNKNOWN;
            return whilePausing(() -> http.call(post("gate", body).repeatable()).as(Gate.class),
                    gate -> gate.pendingAction() != null);
        }));
    }

    /**
     * Between a decision and the claim nobody may write, so a heartbeat that comes then tells nothing. What isn't known
     * to have failed counts as paused, but the heart beats on, for the job may be running.
     */
    private <T> T whilePausing(Supplier<T> call, Predicate<T> pauses) {
        paused = true;
        try {
            T answer = call.get();
            paused = pauses.test(answer);
            if (paused) heart.stop();
            return answer;
        } catch (HoldpointProblem refused) {
            paused = refused.isDecidedAlready() || (refused.mayPass() && refused.mayBeDone());
            throw refused;
        }
    }

    private static List<Review> reviewsOf(List<ToolCall> calls, Terms terms) {
        return terms.reviews().stream()
                .filter(review -> calls.stream().anyMatch(call -> call.toolCallId().equals(review.toolCallId())))
                .toList();
    }

    /**
     * Stops the job until a person has decided, whatever the policy says; answers the
     * action's id, which {@link #await} takes.
     */
    public String pause(Interrupt interrupt, Terms terms) {
        Terms named = terms.named();
        ObjectNode action = named.json();
        action.set("payload", Json.tree(interrupt));
        ObjectNode body = Json.object();
        body.set("action", action);
        return locked(writing, () -> write(() -> {
            lastSeq = UNKNOWN;
            try {
                JobView waiting = whilePausing(() -> http.call(post("pause", body).repeatable()).as(JobView.class),
                        done -> true);
                lastSeq = EventId.of(waiting.lastEventId()).seq();
            } catch (HoldpointProblem refused) {
                if (!refused.isDecidedAlready()) throw refused;
            }
            return named.name();
        }));
    }

    /** Waits for a decision and claims the job. */
    public Outcome<Claim> await(String actionId) {
        return await(actionId, null);
    }

    /** @param patience null waits for as long as it takes */
    public Outcome<Claim> await(String actionId, @Nullable Duration patience) {
        claiming.incrementAndGet();
        try {
            Outcome<Claim> outcome = hold.awaitClaim(id, actionId, patience);
            if (outcome instanceof Outcome.Decided<Claim> decided) take(decided.value());
            return outcome;
        } finally {
            claiming.decrementAndGet();
        }
    }

    /**
     * May these calls run? Policy first, then, where it says so, a person: waits, and claims. What the claim of this
     * job already answers, for the same call with the same arguments, isn't asked again; so a worker that goes on after
     * a restart comes through here once more without a second prompt.
     */
    public Outcome<Decisions> approve(List<ToolCall> calls, Terms terms) {
        return locked(asking, () -> approve(calls, terms.named(), new HashMap<>()));
    }

    private Outcome<Decisions> approve(List<ToolCall> calls, Terms terms, Map<String, Verdict> verdicts) {
        try {
            return judge(calls, terms, verdicts);
        } catch (HoldpointProblem refused) {
            if (!refused.isDecidedAlready()) throw refused;
            Outcome<Claim> outcome = await(terms.name(), terms.patience());
            if (!(outcome instanceof Outcome.Decided<Claim>)) return outcome.withoutValue();
            // What the gate said by itself was lost with its answer, so what the claim doesn't answer passes again.
            return approve(calls, terms.renamed(), verdicts);
        }
    }

    /** @param verdicts those that are known, and then the others; a decision is told once, so none may be lost */
    private Outcome<Decisions> judge(List<ToolCall> calls, Terms terms, Map<String, Verdict> verdicts) {
        for (ToolCall call : calls) {
            if (!verdicts.containsKey(call.toolCallId()))
                answered(call).ifPresent(verdict -> verdicts.put(call.toolCallId(), verdict));
        }
        List<ToolCall> open = calls.stream().filter(call -> !verdicts.containsKey(call.toolCallId())).toList();
        if (!open.isEmpty()) {
            Gate gate = gate(open, terms);
            gate.denied().forEach(no -> verdicts.put(no.id(), new Verdict.Refuse(no.id(), no.reason())));
            open.stream().filter(call -> gate.allowed().contains(call.toolCallId()))
                    .forEach(call -> verdicts.put(call.toolCallId(),
                            new Verdict.Run(call.toolCallId(), call.arguments())));
            if (gate.pendingAction() != null) {
                Outcome<Claim> outcome = await(gate.pendingAction().actionId(), terms.patience());
                if (!(outcome instanceof Outcome.Decided<Claim> decided)) return outcome.withoutValue();
                open.stream().filter(call -> !verdicts.containsKey(call.toolCallId())).forEach(call -> {
                    verdicts.put(call.toolCallId(), Decisions.verdict(call, decided.value().resolution()));
                    usedDecisions.add(call.toolCallId());
                });
            }
        }
        return new Outcome.Decided<>(
                new Decisions(calls.stream().map(call -> verdicts.getOrDefault(call.toolCallId(),
                        new Verdict.Refuse(call.toolCallId(), "Nobody decided about it."))).toList()));
    }

    public Outcome<Decisions> approve(List<ToolCall> calls) { return approve(calls, Terms.open()); }

    /** A decision counts once, so that a call which is made again is asked about again. */
    private Optional<Verdict> answered(ToolCall call) {
        Claim held = claim;
        if (held == null || !(held.action().payload() instanceof Interrupt.Approval asked)) return Optional.empty();
        boolean same = asked.requests().stream().anyMatch(request -> request.toolCallId().equals(call.toolCallId())
                && request.name().equals(call.name()) && Json.same(request.arguments(), call.arguments()));
        if (!same || !usedDecisions.add(call.toolCallId())) return Optional.empty();
        return Optional.of(Decisions.verdict(call, held.resolution()));
    }

    /**
     * Asks a person, waits, and claims. With an action id that the claim of this job answers, nobody is asked again.
     */
    public Outcome<String> ask(Question question, Terms terms) {
        return ask(Interrupt.question(question), terms, Resolution::answer);
    }

    public Outcome<String> ask(Question question) { return ask(question, Terms.open()); }

    /** Asks up to four questions at once; the answers are by question id. */
    public Outcome<Map<String, String>> askAll(List<Question> questions, Terms terms) {
        return ask(Interrupt.questions(questions), terms, Resolution::answers);
    }

    private <T> Outcome<T> ask(Interrupt interrupt, Terms terms, Function<Resolution, @Nullable T> answer) {
        return locked(asking, () -> {
            Claim held = claim;
            if (held != null && held.action().actionId().equals(terms.actionId()))
                return answered(held.resolution(), answer);
            Outcome<Claim> outcome = await(pause(interrupt, terms), terms.patience());
            if (outcome instanceof Outcome.Decided<Claim> decided)
                return answered(decided.value().resolution(), answer);
            return outcome.withoutValue();
        });
    }

    private static <T> Outcome<T> answered(Resolution resolution, Function<Resolution, @Nullable T> answer) {
        T value = answer.apply(resolution);
        if (value == null) throw new IllegalStateException("not answered in words: " + resolution.actionId());
        return new Outcome.Decided<>(value);
    }

    public void complete() { end("complete", Json.object(), Job::isComplete); }

    /** @param result anything that Jackson writes as JSON; goes into the last event and the conversation */
    public void complete(Object result) {
        ObjectNode body = Json.object();
        body.set("final", Json.tree(result));
        end("complete", body, Job::isComplete);
    }

    private static boolean isComplete(JobView job) { return job.status() == JobView.Status.COMPLETE; }

    /** @param code for machines, such as {@code model_unavailable} */
    public void fail(String code, String message) {
        end("fail", Json.object().put("code", code).put("message", message),
                job -> job.error() != null && job.error().code().equals(code));
    }

    private void end(String how, ObjectNode body, Predicate<JobView> isEnd) {
        locked(writing, () -> write(() -> {
            ended = true; // before it is, so that a heartbeat which comes right after tells nothing
            boolean done = false;
            try {
                http.call(post(how, body).repeatable());
                done = true;
            } catch (HoldpointProblem refused) {
                done = refused.mayBeDone() && refused.is("not-running") && isOurs(isEnd);
                if (!done) throw refused;
            } finally {
                ended = done;
            }
            return id;
        }));
        heart.stop();
    }

    /** Nobody without this fence can have ended the job like this, so an earlier try did. */
    private boolean isOurs(Predicate<JobView> isEnd) {
        JobView job = view();
        return job.generation() == generation && isEnd.test(job);
    }

    /** Stops the heartbeats; the job itself is left as it is. */
    @Override
    public void close() { heart.stop(); }

    private void take(Claim taken) {
        locked(writing, () -> {
            claim = taken;
            usedDecisions.clear();
            fence = taken.fence();
            lost = null;
            paused = false;
            lastSeq = UNKNOWN;
            heart.beat(taken.fence(), taken.leaseExpiresAt());
            return taken;
        });
    }

    private Http.Call post(String what, @Nullable ObjectNode body) {
        return Http.Call.post(Http.path("jobs", id, what), body).fenced(fence);
    }

    private <T> T write(Supplier<T> call) {
        String shown = fence;
        try {
            return call.get();
        } catch (HoldpointProblem refused) {
            lost(shown, refused);
            throw refused;
        }
    }

    private void lost(String shown, HoldpointProblem problem) {
        synchronized (this) {
            if (ended || lost != null || !shown.equals(fence) || !problem.meansLost(paused, claiming.get() > 0)) return;
            lost = problem;
        }
        heart.stop();
        lostListeners.forEach(listener -> tell(listener, problem));
    }

    /** One listener that fails must keep neither the others from being told nor the writer from its refusal. */
    private static void tell(Consumer<HoldpointProblem> listener, HoldpointProblem problem) {
        try {
            listener.accept(problem);
        } catch (RuntimeException failed) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failed);
        }
    }

    private static <T> T locked(ReentrantLock lock, Supplier<T> work) {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            throw Http.cancelled(interrupted);
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
