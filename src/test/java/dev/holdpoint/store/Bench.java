package dev.holdpoint.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.DecidedBy;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.DueJobs;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Interrupt.Review;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent.Reported;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.NewJob;
import dev.holdpoint.job.NewJob.IfActive;
import dev.holdpoint.job.NewPause;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.NewResolution;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.PendingQuery;
import dev.holdpoint.job.PendingQuery.Order;
import dev.holdpoint.job.References;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Submission;
import dev.holdpoint.job.Timing;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.TraceParent;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.Won;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.policy.RuleStore;
import io.smallrye.mutiny.Uni;

/** A store with the clock that it runs by, and the sentences in which tests talk to it. Only the ports are known. */
public final class Bench {
    public static final Timing TIMING =
            new Timing(Duration.ofMinutes(20), Duration.ofHours(24), Duration.ofSeconds(60), Duration.ofMinutes(5));
    public static final Json RESULT = new Json("{\"text\":\"done\"}");
    public static final JobError BROKEN = new JobError("model_error", "The model gave up.");
    public static final PendingQuery EVERY_PROMPT = new PendingQuery(null, null, null, null, Order.DEADLINE);
    public static final TraceParent PAUSE_TRACE =
            new TraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    public static final TraceParent DECISION_TRACE =
            new TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public final TestClock clock;
    public final JobStore store;
    public final EventLog log;
    public final Outbox outbox;
    public final RuleStore rules;
    private final Consumer<JobKey> losePrompt;
    private final Map<Job, List<Outbox.Owed>> paidFor = new HashMap<>();

    /** @param losePrompt makes the stored prompt of a waiting job unreadable */
    public record Ports(JobStore store, EventLog log, Outbox outbox, RuleStore rules,
            Consumer<JobKey> losePrompt) {}

    /** What bounds the jobs of a store. */
    public record Bounds(int activeJobsPerUser, int eventsPerJob, int keptEventsPerJob, int retainedNamesPerJob,
            boolean owesNews) {
        public static final Bounds WIDE = new Bounds(100_000, 100_000, 0, 100);
        public static final Bounds WITH_NEWS = new Bounds(100_000, 100_000, 0, 100, true);

        public Bounds(int activeJobsPerUser, int eventsPerJob, int keptEventsPerJob, int retainedNamesPerJob) {
            this(activeJobsPerUser, eventsPerJob, keptEventsPerJob, retainedNamesPerJob, false);
        }
    }

    /** Makes an empty store. */
    public interface Maker {
        Ports make(InstantSource clock, Timing timing, Bounds bounds);
    }

    public Bench(Maker maker, Timing timing, Bounds bounds) {
        clock = new TestClock();
        Ports ports = maker.make(clock, timing, bounds);
        store = ports.store();
        log = ports.log();
        outbox = ports.outbox();
        rules = ports.rules();
        losePrompt = ports.losePrompt();
    }

    public Bench(Maker maker) { this(maker, TIMING, Bounds.WIDE); }

    // --- values

    public static JobKey key(String id) { return Space.TENANTLESS.job(new JobId(id)); }

    public static UserId user(String id) { return new UserId(id); }

    public static WorkerId worker(String id) { return new WorkerId(id); }

    public static ActionId action(String id) { return new ActionId(id); }

    public static DecidedBy by(String subject) {
        return new DecidedBy(subject, List.of("user"), "api", DECISION_TRACE);
    }

    public static JobDetails details(String owner) {
        return new JobDetails(user(owner), new ConversationId("talk"), null, null, null, null, Json.EMPTY_OBJECT);
    }

    public static JobDetails detailsOf(String owner, String agent) {
        return new JobDetails(user(owner), new ConversationId("talk"), new AgentId(agent), null, null, null,
                Json.EMPTY_OBJECT);
    }

    public static NewJob wanted(JobKey key, JobDetails details) {
        return new NewJob(key, details, IfActive.REPLACE, OptionalLong.empty());
    }

    /** Asks whether these tools may run; the n-th has the tool call id {@code c<n>}. */
    public static Interrupt tools(String... names) {
        return new Interrupt.ToolApproval(Stream.iterate(0, at -> at < names.length, at -> at + 1)
                .map(at -> new ActionRequest(new ToolCallId("c" + (at + 1)), names[at], new Json("{\"n\":1}"), "digest",
                        "about " + names[at], new Review(names[at], Set.copyOf(EnumSet.allOf(DecisionKind.class)),
                                null, null),
                        List.of(), null))
                .toList());
    }

    public static NewPause prompt(String action, Deadline deadline, Interrupt payload) {
        return new NewPause(action(action), payload, deadline,
                new References("int-1", "thread-1", "run-1", "msg-1", PAUSE_TRACE),
                new Json("{\"node\":\"tools\"}"), null);
    }

    public static NewPause prompt(String action, Deadline deadline) {
        return prompt(action, deadline, tools("send_email"));
    }

    public static NewPause prompt(String action) { return prompt(action, new Deadline.Unsaid()); }

    public static NewPause prompt(String action, Duration ttl) { return prompt(action, new Deadline.In(ttl)); }

    public static Submission approval() {
        return new Submission.Decisions(List.of(
                new Decision(new ToolCallId("c1"), new Decision.Approve(Decision.Scope.ONCE), null, null)));
    }

    public static NewResolution decision(Job seen, String action, String subject) {
        return new NewResolution(new ResolutionId("res-" + subject + "-" + action), seen.generation(), action(action),
                by(subject), approval(), OptionalLong.empty());
    }

    public static List<Reported> reports(String... names) {
        return Arrays.stream(names).map(name -> new Reported(new EventName(name), new Json("\"" + name + "\""), false))
                .toList();
    }

    // --- outcomes

    public static <T> T got(Uni<T> uni) { return uni.await().atMost(PATIENCE); }

    public static Job won(Transition outcome) {
        assertThat(outcome).isInstanceOf(Won.class);
        return ((Won) outcome).job();
    }

    // --- moves that must succeed

    public Slice heard(Job job, long after, int limit) { return heard(log, job, after, limit); }

    /** As readers do who were woken: what is heard, and where that isn't known, what is in the log. */
    public static Slice heard(EventLog log, Job job, long after, int limit) {
        Slice heard = log.heard(job.key(), job.generation(), after, limit);
        return heard == null ? got(log.read(job.key(), job.generation(), after, limit)) : heard;
    }

    public Job create(String id) { return create(key(id), "ann"); }

    public Job create(JobKey key, String owner) { return create(wanted(key, details(owner))); }

    public Job create(NewJob wanted) { return won(got(store.create(wanted))); }

    public Job pause(Job job, NewPause prompt) { return won(got(store.pause(job.key(), job.fence(), prompt, null))); }

    public Job pause(Job job, String action) { return pause(job, prompt(action)); }

    public Job paused(String id, String action) { return pause(create(id), action); }

    public Job resolve(Job job, String action) {
        return won(got(store.resolve(job.key(), decision(job, action, "ann"))));
    }

    public Job resolved(String id, String action) { return resolve(paused(id, action), action); }

    public Job claim(Job job, String action, String worker) {
        return won(got(store.claim(job.key(), action(action), worker(worker))));
    }

    public Job claimed(String id, String action, String worker) { return claim(resolved(id, action), action, worker); }

    public Job complete(Job job) { return won(got(store.complete(job.key(), job.fence(), RESULT))); }

    public Job append(Job job, String... names) { return won(tryAppend(job, OptionalLong.empty(), names)); }

    public Job heartbeat(Job job) { return won(got(store.heartbeat(job.key(), job.fence()))); }

    public Job abort(Job job) { return won(got(store.abort(job.key(), OptionalLong.empty()))); }

    public Job expire(Job job, String observed) {
        return won(got(store.expireDead(job.key(), job.generation(), action(observed))));
    }

    public void losePrompt(JobKey job) {
        losePrompt.accept(job);
    }

    // --- moves that a test looks at

    public Transition tryAppend(Job job, OptionalLong expected, String... names) {
        return got(store.append(job.key(), job.fence(), expected, reports(names)));
    }

    public Transition tryPause(Job job, NewPause prompt) {
        return got(store.pause(job.key(), job.fence(), prompt, null));
    }

    public Transition tryResolve(Job seen, String action, String subject) {
        return got(store.resolve(seen.key(), decision(seen, action, subject)));
    }

    public Transition tryClaim(JobKey job, String action, String worker) {
        return got(store.claim(job, action(action), worker(worker)));
    }

    public Transition tryClaimOldest(String worker) {
        return got(store.claimOldest(Space.TENANTLESS, Set.of(), worker(worker)));
    }

    public Transition tryReclaim(Job job) { return got(store.reclaim(job.key(), job.generation())); }

    // --- looks

    public Job find(JobKey key) { return got(store.find(key)).job(); }

    public boolean exists(JobKey key) { return got(store.find(key)) != null; }

    public List<LoggedEvent> log(Job job) {
        return got(log.read(job.key(), job.generation(), 0, 1_000_000)).events();
    }

    public List<Job> active(String owner) {
        return got(store.activeJobs(Space.TENANTLESS, user(owner), null, 1_000)).items();
    }

    public List<Job> pending() { return got(store.pending(Space.TENANTLESS, EVERY_PROMPT, null, 1_000)).items(); }

    public long count(JobStatus status) { return count(Space.TENANTLESS, status); }

    public long count(Space space, JobStatus status) { return got(store.count(space)).getOrDefault(status, 0L); }

    public List<JobKey> due() { return dueJobs().jobs().stream().map(one -> one.job().key()).toList(); }

    public DueJobs dueJobs() { return got(store.due(1_000)); }

    /** Ended jobs that the archive is owed. */
    public List<Job> owed() {
        return owed(Debt.EndedJob.class).stream().map(Debt.EndedJob::job).toList();
    }

    public <D extends Debt> List<D> owed(Class<D> kind) {
        return got(outbox.owed(100_000)).stream().map(Outbox.Owed::debt).filter(kind::isInstance).map(kind::cast)
                .toList();
    }

    /** Forgets everything that the archive is owed. */
    public void payAll() {
        got(outbox.paid(got(outbox.owed(100_000))));
    }

    /** Forgets the one ending; paying again what is paid forgets nothing more. */
    public void pay(Job ended) {
        paidFor.computeIfAbsent(ended, one -> got(outbox.owed(100_000)).stream()
                .filter(owed -> owed.debt().equals(new Debt.EndedJob(one))).toList());
        got(outbox.paid(paidFor.getOrDefault(ended, List.of())));
    }

    public Instant now() { return clock.instant(); }

    public void advance(Duration span) {
        clock.advance(span);
    }

    /** Everything that anybody could see of one job and of the lists around it. */
    public record Sight(ResumeState state, EventLog.Extent extent, EventLog.Slice log, List<Job> active,
            List<Job> pending, Map<JobStatus, Long> counts, List<JobKey> due, List<Job> owed) {}

    public Sight sight(JobKey key) {
        EventLog.Extent extent = got(log.extent(key));
        EventLog.Slice slice =
                extent == null ? null : got(log.read(key, extent.job().generation(), extent.firstKept() - 1, 1_000));
        Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
        for (JobStatus status : JobStatus.values()) counts.put(status, count(key.space(), status));
        return new Sight(got(store.resumeState(key)), extent, slice, active("ann"), pending(), counts, due(), owed());
    }
}
