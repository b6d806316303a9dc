package dev.holdpoint.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A Holdpoint service. Safe for any number of threads; one for the whole process is enough.
 *
 * <p>Calls wait for their answer. What the service can't do at the moment is tried again, without doing it
 * twice, for as long as {@link Builder#retryFor} says. Refusals are {@link HoldpointProblem}s, except those
 * a caller must expect, which are values.
 */
public final class Holdpoint implements AutoCloseable {

    private final Http http;
    private final String worker;
    private final Duration silence;
    private final Set<Heart> beating = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(named("holdpoint-clock"));
    private final ExecutorService threads = Executors.newCachedThreadPool(named("holdpoint-heartbeats"));

    private Holdpoint(Builder builder) {
        this.http = new Http(builder.url, builder.key, builder.tenant, builder.retryFor, clock);
        this.worker = builder.worker;
        this.silence = builder.silence;
    }

    private static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** @param url such as {@code http://127.0.0.1:8080} */
    public static Builder at(String url) {
        return new Builder(url);
    }

    /** How the service is reached. */
    public static final class Builder {
        private final String url;
        private Supplier<String> key = () -> {
            throw new IllegalStateException("no key was given");
        };
        private @Nullable String tenant;
        private String worker = "java-" + UUID.randomUUID();
        private Duration retryFor = Duration.ofSeconds(60);
        private Duration silence = Duration.ofSeconds(40);

        private Builder(String url) { this.url = url; }

        /** An API key or an access token. */
        public Builder key(String value) { return key(() -> value); }

        /** Asked before each request, for tokens that are renewed. */
        public Builder key(Supplier<String> source) {
            key = source;
            return this;
        }

        /** The space to work in, for a key that is bound to none. */
        public Builder tenant(String id) {
            tenant = id;
            return this;
        }

        /**
         * Who claims. The same worker again gets the same lease of one action ({@link Holdpoint#claim}), so a name that
         * outlives a restart needn't wait there for a lease to lapse. {@link Holdpoint#claims} has a name of its own,
         * this one with {@code /claims} behind.
         */
        public Builder worker(String id) {
            worker = id;
            return this;
        }

        /** How long a call that the service can't answer is tried again; a minute by default. */
        public Builder retryFor(Duration time) {
            retryFor = time;
            return this;
        }

        /** After how long without a word a stream counts as dead; the service says something every 15 s. */
        public Builder silence(Duration time) {
            silence = time;
            return this;
        }

        public Holdpoint build() { return new Holdpoint(this); }
    }

    // Workers

    /** Starts a job that this worker drives. */
    public Job create(NewJob job) {
        JsonNode created = http.call(job.named().call()).body();
        return new Job(this, Json.read(created, JobView.class), created.path("fence").asText());
    }

    /**
     * Waits for the decision about one action and claims its job: for a worker that knows
     * what it waited for before it restarted.
     */
    public Outcome<Job> claim(String jobId, String actionId, Duration patience) {
        Outcome<Claim> outcome = awaitClaim(jobId, actionId, patience);
        if (outcome instanceof Outcome.Decided<Claim> decided)
            return new Outcome.Decided<>(new Job(this, decided.value()));
        return outcome.withoutValue();
    }

    /**
     * Decided jobs that no worker goes on with, one after the other as they come: of
     * these agents, or of any when none is named. A job that somebody waits for here
     * may come too; whoever waits is told {@link Outcome.Taken} then.
     */
    public Claims claims(String... agentIds) {
        // Under the name of those who wait for one action, they would get the same lease, and two would do what was
        // decided.
        return new Claims(this, worker + "/claims", List.of(agentIds));
    }

    // Readers

    public JobView job(String id) { return http.call(Http.Call.get(Http.path("jobs", id))).as(JobView.class); }

    public ResumeState state(String id) {
        return http.call(Http.Call.get(Http.path("jobs", id, "state"))).as(ResumeState.class);
    }

    /** A job's events as an iterator that waits. */
    public EventStream events(String jobId, From from) {
        return new EventStream(http, jobId, from, silence);
    }

    /** A job's events as they are asked for, on a thread of each subscriber's own. */
    public Flow.Publisher<Event> publisher(String jobId, From from) {
        return new EventPublisher(() -> events(jobId, from));
    }

    // People

    /** Everything that waits and that this caller may decide, the oldest deadline first. */
    public List<Approval> approvals() {
        return approvals(Map.of());
    }

    /** @param filter any of {@code tool}, {@code userId}, {@code q} and {@code sort} */
    public List<Approval> approvals(Map<String, String> filter) {
        List<Approval> all = new ArrayList<>();
        Map<String, String> query = new LinkedHashMap<>(filter);
        query.put("limit", "200");
        while (true) {
            String words = query.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + Http.escape(entry.getValue()))
                    .collect(Collectors.joining("&"));
            JsonNode page = http.call(Http.Call.get("/v1/approvals").query(words)).body();
            page.path("items").forEach(item -> all.add(Json.read(item, Approval.class)));
            if (!page.has("nextCursor")) return all;
            query.put("cursor", page.path("nextCursor").asText());
        }
    }

    /** What waits, and how that changes. */
    public ApprovalFeed watchApprovals() {
        return new ApprovalFeed(this, new Following(http, silence));
    }

    /**
     * Decides a tool approval as it was shown: a decision on each of its calls. Nothing is decided of a later
     * generation's prompt, even if that has the same action id.
     */
    public Submission resolve(Approval shown, Decision... decisions) {
        return submit(shown.jobId(), of(shown).set("decisions", Json.tree(decisions)));
    }

    /** Decides a tool approval of whichever generation is there: a decision on each of its calls. */
    public Submission resolve(String jobId, String actionId, Decision... decisions) {
        return submit(jobId, of(actionId).set("decisions", Json.tree(decisions)));
    }

    /** Answers a question as it was shown. */
    public Submission answer(Approval shown, String text) {
        return submit(shown.jobId(), of(shown).put("answer", text));
    }

    /** Answers a question of whichever generation is there. */
    public Submission answer(String jobId, String actionId, String text) {
        return submit(jobId, of(actionId).put("answer", text));
    }

    /** Answers a batch of questions as they were shown, by their ids. */
    public Submission answer(Approval shown, Map<String, String> texts) {
        return submit(shown.jobId(), of(shown).set("answers", Json.tree(texts)));
    }

    /** Answers a batch of questions of whichever generation is there, by their ids. */
    public Submission answer(String jobId, String actionId, Map<String, String> texts) {
        return submit(jobId, of(actionId).set("answers", Json.tree(texts)));
    }

    private static ObjectNode of(Approval shown) {
        return of(shown.actionId()).put("generation", shown.generation());
    }

    private static ObjectNode of(String actionId) {
        return Json.object().put("actionId", actionId);
    }

    private Submission submit(String jobId, ObjectNode body) {
        try {
            JsonNode won = http.call(Http.Call.post(Http.path("jobs", jobId, "resolve"), body).repeatable()).body();
            return new Submission.Won(Json.read(won.path("resolution"), Resolution.class));
        } catch (HoldpointProblem refused) {
            return Submission.lost(refused);
        }
    }

    /** Ends a job that runs or waits. */
    public JobView abort(String id) {
        return http.call(Http.Call.post(Http.path("jobs", id, "abort"), Json.object()).once()).as(JobView.class);
    }

    /** Ends a job unless a newer generation has taken its id over. */
    public JobView abort(String id, long generation) {
        ObjectNode body = Json.object().put("generation", generation);
        try {
            return http.call(Http.Call.post(Http.path("jobs", id, "abort"), body).repeatable()).as(JobView.class);
        } catch (HoldpointProblem refused) {
            if (!refused.mayBeDone() || !refused.is("already-settled")) throw refused;
            // Perhaps by an earlier try whose answer was lost.
            JobView job = job(id);
            if (job.generation() != generation || job.status() != JobView.Status.ABORTED) throw refused;
            return job;
        }
    }

    /** Stops heartbeats, claims and long waits; jobs are left as they are. */
    @Override
    public void close() {
        beating.forEach(Heart::stop);
        http.close();
        threads.shutdown();
    }

    Http http() { return http; }

    ScheduledExecutorService clock() { return clock; }

    /** Of the jobs that run here; one that waits, has ended or was lost is held by nobody but the caller. */
    Set<Heart> beating() {
        return beating;
    }

    ExecutorService threads() { return threads; }

    Outcome<Claim> awaitClaim(String jobId, String actionId, @Nullable Duration patience) {
        ObjectNode body = Json.object().put("workerId", worker);
        Http.Call call = Http.Call.post(Http.path("jobs", jobId, "actions", actionId, "claim"), body);
        try (LongPoll poll = new LongPoll(http, patience)) {
            // Without an idempotency key: the same worker again gets the same lease, and
            // needn't wait until its first try is over.
            Http.Reply claim = poll.until(call, body, UnaryOperator.identity());
            return claim == null ? new Outcome.Waiting<>(actionId) : new Outcome.Decided<>(claim.as(Claim.class));
        } catch (HoldpointProblem refused) {
            if (refused.is("already-claimed")) return new Outcome.Taken<>(actionId);
            if (!refused.is("action-closed")) throw refused;
            return switch (refused.member("outcome").asText()) {
                case "expired" -> new Outcome.Expired<>(actionId);
                case "replaced" -> new Outcome.Replaced<>(actionId);
                default -> new Outcome.Aborted<>(actionId);
            };
        }
    }
}
