package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.DueJobs;
import dev.holdpoint.job.EventLog.Extent;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Fence;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent.Reported;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.JudgedCall;
import dev.holdpoint.job.Judgement;
import dev.holdpoint.job.NewJob;
import dev.holdpoint.job.NewJob.IfActive;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.NewResolution;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.PendingQuery;
import dev.holdpoint.job.PendingQuery.Order;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Submission;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.WorkerId;
import dev.holdpoint.policy.Grant;
import dev.holdpoint.policy.GrantId;
import dev.holdpoint.policy.NewGrant;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.sweep.Sweep;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Two stores under one clock that are told the same, at random but from a seed;
 * each of their answers must be the other's.
 */
final class Twins {
    private static final List<Space> SPACES = Stream.of(null, "acme", "a:b%").map(Twins::space).toList();
    private static final List<String> USERS = List.of("ann", "bob", "c:d {e} é");
    private static final List<String> WORKERS = List.of("w1", "w2", "w3");
    private static final List<String> AGENTS = List.of("mail", "b:agent");
    private static final List<String> ACTIONS = List.of("a1", "a2", "a 3 é😀");
    private static final List<String> TOOLS = List.of("send_email", "rm \"-rf\"", "searchÄ");
    private static final List<String> TEXTS =
            List.of("plain", "Zeile\n\t\"é\" \\ \u2028 😀", "{\"n\":1.0000000000000000001,\"x\":[1e400,-0]}");
    private static final List<String> DATA = List.of("\"plain\"", "\"Zeile\\n\\\"é\\\" \\\\ \u2028 😀\"",
            "{\"n\":1.0000000000000000001,\"x\":[1e400,-0]}", " [null,true]");
    private static final int LINES_TO_TELL = 12;

    private final TestClock clock;
    private final Ports one;
    private final Ports other;
    private final long seed;
    private int grants;
    private final Random random;
    private final boolean clockMayStepBack;
    private final Map<JobKey, Deque<Job>> seen = new LinkedHashMap<>();
    private final List<JobKey> keys;
    private final Deque<String> trail = new ArrayDeque<>();
    private final Map<String, Integer> outcomes = new HashMap<>();

    Twins(long seed, boolean clockMayStepBack, TestClock clock, Ports one, Ports other) {
        this.seed = seed;
        this.random = new Random(seed);
        this.clockMayStepBack = clockMayStepBack;
        this.clock = clock;
        this.one = one;
        this.other = other;
        this.keys = SPACES.stream()
                .flatMap(space -> Stream.of("j1", "b:j%1", "j {2} é").map(id -> space.job(new JobId(id)))).toList();
    }

    private static Space space(@Nullable String tenant) {
        return tenant == null ? Space.TENANTLESS : new Space(new TenantId(tenant));
    }

    void run(int commands) {
        for (int number = 1; number <= commands; number++) {
            command();
            if (number % 20 == 0) lookAround();
        }
    }

    /** How often each kind of answer was given. */
    Map<String, Integer> outcomes() { return outcomes; }

    // --- commands

    private void command() {
        JobKey key = chance(3) ? any(keys) : keys.get(0);
        switch (random.nextInt(44)) {
            case 0, 1, 2 -> create(key);
            case 3, 4, 5, 6, 7 -> append(key);
            case 8, 9 -> {
                Fence fence = fence(key);
                move("heartbeat " + fence, key, on -> on.store().heartbeat(key, fence));
            }
            case 10, 11, 12, 13, 14 -> pause(key);
            case 15, 16, 17, 18 -> resolve(key);
            case 19, 20, 21, 22 -> claim(key);
            case 23 -> claimOldest(key.space());
            case 24 -> {
                if (chance(2)) finish(key);
            }
            case 25 -> {
                OptionalLong generation = chance(2) ? OptionalLong.empty() : OptionalLong.of(generation(key));
                move("abort " + generation, key, on -> on.store().abort(key, generation));
            }
            case 26 -> {
                ActionId named = chance(2) ? null : action(key);
                move("expire by hand " + named, key, on -> on.store().expireByHand(key, named));
            }
            case 27, 28 -> {
                ActionId observed = chance(5) ? null : action(key);
                long generation = generation(key);
                move("expire " + observed, key, on -> on.store().expireDead(key, generation, observed));
            }
            case 29 -> {
                long generation = generation(key);
                move("reap " + generation, key, on -> on.store().reap(key, generation));
            }
            case 30 -> {
                long generation = generation(key);
                move("reopen " + generation, key, on -> on.store().reopen(key, generation));
            }
            case 31, 32 -> {
                long generation = generation(key);
                move("reclaim " + generation, key, on -> on.store().reclaim(key, generation));
            }
            case 33 -> pay();
            case 34 -> losePrompt(key);
            case 35 -> sweep();
            case 36, 37 -> pass(key);
            case 38 -> changeRules(key.space());
            default -> moveClock();
        }
    }

    private void create(JobKey key) {
        String agent = chance(2) ? any(AGENTS) : null;
        JobDetails details = new JobDetails(new UserId(chance(8) ? any(USERS) : USERS.get(keys.indexOf(key) % 3 / 2)),
                new ConversationId(text()), agent == null ? null : new AgentId(agent), chance(2) ? null : "run-1",
                chance(2) ? null : "msg-1", chance(2) ? null : new Json(any(DATA)), Json.EMPTY_OBJECT);
        OptionalLong expected = chance(6) ? OptionalLong.of(chance(3) ? 0 : generation(key)) : OptionalLong.empty();
        NewJob wanted = new NewJob(key, details, chance(3) ? IfActive.REJECT : IfActive.REPLACE, expected);
        move("create " + wanted, key, on -> on.store().create(wanted));
    }

    private void append(JobKey key) {
        Fence fence = fence(key);
        List<Reported> events = IntStream.range(0, 1 + random.nextInt(4))
                .mapToObj(at -> new Reported(new EventName(any(List.of("token", "step.done", "file", "cost", "plan"))),
                        new Json(any(DATA)), chance(3)))
                .toList();
        OptionalLong expected =
                chance(3) ? OptionalLong.of(last(key) == null ? 0 : last(key).lastSeq() - random.nextInt(2))
                        : OptionalLong.empty();
        move("append " + fence + " " + events.size() + " behind " + expected, key,
                on -> on.store().append(key, fence, expected, events));
    }

    private void pause(JobKey key) {
        Fence fence = fence(key);
        Deadline deadline = switch (random.nextInt(5)) {
            case 0 -> new Deadline.Unsaid();
            case 1 -> new Deadline.At(clock.instant().plusSeconds(random.nextInt(3_600) - 60));
            default -> new Deadline.In(Duration.ofSeconds(Math.max(0, random.nextInt(300) - 30)));
        };
        Interrupt payload = chance(3)
                ? new Interrupt.AskUserQuestion(chance(2), List.of(new Interrupt.Question(chance(2) ? null : "q1", null,
                        any(TEXTS), null, List.of(new Interrupt.Option("yes", any(TEXTS))), chance(2))), null)
                : Bench.tools(any(TOOLS), any(TOOLS));
        var prompt = Bench.prompt(any(ACTIONS), deadline, payload);
        Judgement judgement = chance(3) ? judgement(key) : null;
        move("pause " + fence + " on " + prompt.action() + " until " + deadline, key,
                on -> on.store().pause(key, fence, prompt, judgement));
    }

    private Judgement judgement(JobKey key) {
        return new Judgement(revision(key), chance(3) ? List.of() : List.of(new JudgedCall(new ToolCallId("c1"),
                any(TOOLS), List.of(any(TEXTS)), new Json(any(DATA)), "allow", chance(2) ? null : any(TEXTS),
                Json.EMPTY_OBJECT, chance(2) ? null : "g1", 3)));
    }

    /** The rules in force, or those before. */
    private long revision(JobKey key) {
        return Math.max(0, got(one.rules().standing(key.space())).revision() - random.nextInt(2));
    }

    private void pass(JobKey key) {
        Fence fence = fence(key);
        Judgement judgement = judgement(key);
        move("pass " + fence + " under " + judgement.rules(), key,
                on -> on.store().pass(key, fence, judgement));
    }

    private void changeRules(Space space) {
        Debt.Note note = new Debt.Note("note-" + random.nextInt(1_000_000), "policy", space, clock.instant(),
                new Json(any(DATA)), chance(2) ? null : Json.EMPTY_OBJECT);
        UserId user = new UserId(any(USERS));
        switch (random.nextInt(6)) {
            case 0 -> {
                long expected = chance(3) ? random.nextInt(5) : got(one.rules().standing(space)).version();
                Json policy = new Json("{\"reason\":\"" + random.nextInt() + "\"}");
                same("change policy of " + space + " " + expected,
                        on -> on.rules().change(space, expected, policy, note));
            }
            case 1, 2, 3 -> {
                NewGrant grant = new NewGrant(new GrantId("g-" + (1_000 + ++grants)), space, user,
                        chance(2) ? null : new ConversationId(text()), any(TOOLS), new ResolutionId("r1"),
                        any(USERS), chance(3) ? null : Duration.ofMillis(1 + random.nextInt(300_000)));
                same("give " + grant, on -> on.rules().give(grant, note));
            }
            case 4 -> {
                List<Grant> held = got(one.rules().grants(space, user));
                if (!held.isEmpty()) same("revoke", on -> on.rules().revoke(held.getFirst(), note));
            }
            default -> {
                List<Grant> held = got(one.rules().grants(space, user));
                if (!held.isEmpty())
                    same("use", on -> on.rules().used(space, user, Map.of(held.getLast().id(), 2)));
            }
        }
    }

    private void resolve(JobKey key) {
        // Continuations that opened in the same instant may be handed out in either order.
        clock.advance(Duration.ofMillis(1));
        String subject = any(USERS);
        Submission submission = switch (random.nextInt(3)) {
            case 0 -> new Submission.Answer(any(TEXTS));
            case 1 -> new Submission.Answers(Map.of("q1", any(TEXTS)));
            default -> new Submission.Decisions(List.of(new Decision(new ToolCallId("c1"), verdict(), null, null)));
        };
        ActionId action = action(key);
        NewResolution wanted = new NewResolution(new ResolutionId("res-" + random.nextInt(1_000)), generation(key),
                action, Bench.by(subject), submission,
                chance(4) ? OptionalLong.of(revision(key)) : OptionalLong.empty());
        move("resolve " + action + " of " + wanted.generation(), key, on -> on.store().resolve(key, wanted));
    }

    private Decision.Verdict verdict() {
        return switch (random.nextInt(4)) {
            case 0 -> new Decision.Reject();
            case 1 -> new Decision.Edit(new Json(any(DATA)), "digest");
            case 2 -> new Decision.Respond(any(TEXTS));
            default -> new Decision.Approve(any(List.of(Decision.Scope.values())));
        };
    }

    private void claim(JobKey key) {
        ActionId action = action(key);
        WorkerId worker = new WorkerId(any(WORKERS));
        move("claim " + action + " for " + worker, key, on -> on.store().claim(key, action, worker));
    }

    private void claimOldest(Space space) {
        Set<AgentId> agents = new HashSet<>();
        if (chance(2)) agents.add(new AgentId(any(AGENTS)));
        if (chance(3)) agents.add(new AgentId(any(AGENTS)));
        WorkerId worker = new WorkerId(any(WORKERS));
        Transition outcome = same("claim oldest of " + space + " " + agents + " for " + worker,
                on -> on.store().claimOldest(space, agents, worker));
        if (outcome instanceof Transition.Won won) remember(won.job());
    }

    private void finish(JobKey key) {
        Fence fence = fence(key);
        if (chance(2)) {
            Json result = chance(2) ? null : new Json(any(DATA));
            move("complete " + fence, key, on -> on.store().complete(key, fence, result));
        } else {
            JobError error = new JobError("model_error", any(TEXTS));
            move("fail " + fence, key, on -> on.store().fail(key, fence, error));
        }
    }

    private void losePrompt(JobKey key) {
        Sighting now = got(one.store().find(key));
        if (now == null || now.job().status() != JobStatus.REQUIRES_ACTION) return;
        trail("lose prompt of " + key);
        one.losePrompt().accept(key);
        other.losePrompt().accept(key);
    }

    private void pay() {
        int newest = random.nextInt(3);
        trail("pay all but " + newest);
        List<Outbox.Owed> all = got(one.outbox().owed(100_000));
        List<Outbox.Owed> some = all.subList(0, Math.max(0, all.size() - newest));
        List<Outbox.Owed> left = new ArrayList<>(got(other.outbox().owed(100_000)));
        List<Outbox.Owed> same = new ArrayList<>();
        for (Outbox.Owed paid : some) {
            Outbox.Owed twin = left.stream().filter(entry -> told(entry.debt()).equals(told(paid.debt()))).findFirst()
                    .orElseThrow(() -> new AssertionError(paid + " is owed by one alone\n" + story()));
            left.remove(twin);
            same.add(twin);
        }
        got(one.outbox().paid(some));
        got(other.outbox().paid(same));
    }

    private void sweep() {
        same("sweep", on -> new Sweep(on.store(), (prompt, at) -> {}).run().map(this::next));
    }

    private void moveClock() {
        int kind = random.nextInt(100);
        long millis = kind < 50 ? 1 + random.nextInt(2_000)
                : kind < 80 ? random.nextInt(70_000)
                        : kind < 93 ? random.nextInt(360_000)
                                : kind < 98 ? random.nextInt(1_500_000)
                                        : 90_000_000;
        if (clockMayStepBack && chance(6)) millis = -millis / 10;
        trail("clock by " + millis);
        clock.advance(Duration.ofMillis(millis));
        due();
    }

    private void move(String what, JobKey key, Function<Ports, Uni<Transition>> move) {
        Transition outcome = same(what + " of " + key, move);
        if (outcome instanceof Transition.Won won && !what.startsWith("reclaim")) remember(won.job());
        look(key);
    }

    private void remember(Job job) {
        Deque<Job> lives = seen.computeIfAbsent(job.key(), none -> new ArrayDeque<>());
        lives.addFirst(job);
        if (lives.size() > 6) lives.removeLast();
    }

    // --- looks

    private void look(JobKey key) {
        same("find " + key, on -> on.store().find(key));
        same("recall " + key, on -> on.store().recall(key).map(seen -> seen == null ? null : seen.job().closed()));
        same("resume " + key, on -> on.store().resumeState(key));
        Extent extent = same("extent " + key, on -> on.log().extent(key));
        long generation = extent == null || chance(4) ? generation(key) : extent.job().generation();
        // Nobody promises for how long a predecessor is told of while the clock steps back.
        if (clockMayStepBack && extent != null && generation != extent.job().generation()) return;
        long after = extent == null || chance(3) ? random.nextInt(5)
                : Math.max(0, extent.firstKept() - 2 + random.nextInt(4));
        int limit = 1 + random.nextInt(8);
        same("read " + key + " " + generation + "-" + after + " at most " + limit,
                on -> on.log().read(key, generation, after, limit));
    }

    private void lookAround() {
        keys.forEach(this::look);
        for (Space space : SPACES) {
            same("count " + space, on -> on.store().count(space));
            for (String user : USERS) {
                UserId owner = new UserId(user);
                pages("active " + space + " " + user, Job::createdAt,
                        (on, cursor, limit) -> on.store().activeJobs(space, owner, cursor, limit));
                pending(space, owner);
            }
            pending(space, null);
        }
        due();
        same("owed", on -> on.outbox().owed(100_000)
                .map(all -> all.stream().map(one -> told(one.debt()))
                        .collect(Collectors.groupingBy(debt -> debt, Collectors.counting()))));
        for (Space space : SPACES) {
            same("rules", on -> on.rules().standing(space));
            same("grants", on -> on.rules().list(space, null, null, 3)
                    .map(page -> List.of(page.items(), String.valueOf(page.next()))));
            same("grants of one", on -> on.rules().grants(space, new UserId(USERS.getFirst())));
        }
    }

    private void pending(Space space, @Nullable UserId owner) {
        for (Order order : Order.values()) {
            PendingQuery query = new PendingQuery(owner, order == Order.NEWEST ? new UserId(USERS.getFirst()) : null,
                    chance(2) ? null : any(TOOLS),
                    chance(2) ? null : any(List.of("ZEILE", "send", "é", "j1")), order);
            pages("pending " + space + " " + query,
                    job -> order == Order.DEADLINE ? job.prompt().orElseThrow().deadline()
                            : job.prompt().orElseThrow().createdAt(),
                    (on, cursor, limit) -> on.store().pending(space, query, cursor, limit));
        }
    }

    private void due() {
        // Jobs that fell due in the same instant come in either order.
        sameSet("due", on -> on.store().due(1_000).map(DueJobs::jobs));
        same("due next", on -> on.store().due(1_000).map(due -> next(due.nextIn())));
    }

    /** A job that was put off may be looked at any time later, once the clock is set back to before that. */
    private String next(@Nullable Duration in) {
        return clockMayStepBack ? "some time" : String.valueOf(in);
    }

    private interface Pages {
        Uni<Page<Job>> page(Ports on, @Nullable String cursor, int limit);
    }

    private void pages(String what, Function<Job, Instant> place, Pages pages) {
        int limit = 1 + random.nextInt(4);
        List<List<Job>> these = walk(one, pages, limit);
        List<List<Job>> those = walk(other, pages, limit);
        assertThat(those).as(() -> story() + "\n" + what).extracting(List::size)
                .isEqualTo(these.stream().map(List::size).toList());
        assertThat(ordered(those, place)).as(() -> story() + "\n" + what).isEqualTo(ordered(these, place));
    }

    private static List<List<Job>> walk(Ports on, Pages pages, int limit) {
        List<List<Job>> all = new ArrayList<>();
        String cursor = null;
        do {
            Page<Job> page = got(pages.page(on, cursor, limit));
            all.add(page.items().stream().map(Job::withoutMemory).toList());
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    /** Jobs of the same instant in an order of their own; the instants as they came. */
    private static List<Set<Job>> ordered(List<List<Job>> pages, Function<Job, Instant> place) {
        List<Set<Job>> ordered = new ArrayList<>();
        Instant last = null;
        for (Job job : pages.stream().flatMap(List::stream).toList()) {
            if (!place.apply(job).equals(last)) ordered.add(new HashSet<>());
            ordered.getLast().add(job);
            last = place.apply(job);
        }
        return ordered;
    }

    // --- comparing

    private <T> T same(String what, Function<Ports, Uni<T>> look) {
        trail(what);
        T these = answer(one, look);
        T those = answer(other, look);
        assertThat(told(those)).as(this::story).isEqualTo(told(these));
        if (these != null) outcomes.merge(these.getClass().getSimpleName(), 1, Integer::sum);
        return these;
    }

    /**
     * How many closed prompts an answer tells of is up to the store; all of them are compared where they are recalled.
     */
    private static Object told(Object answer) {
        return switch (answer) {
            case null -> "nothing";
            case Job job -> job.withoutMemory();
            case Sighting seen -> new Sighting(seen.job().withoutMemory(), seen.at());
            case Transition.Won won -> new Transition.Won(won.job().withoutMemory(), won.at());
            case ResumeState state -> new ResumeState(state.job().withoutMemory(), state.retained(), state.at());
            case Extent extent -> new Extent(extent.job().withoutMemory(), extent.firstKept(), extent.at());
            case Debt.EndedJob ended -> new Debt.EndedJob(ended.job().withoutMemory());
            case Set<?> all -> all.stream().map(Twins::told).collect(Collectors.toSet());
            default -> answer;
        };
    }

    private <T> void sameSet(String what, Function<Ports, Uni<List<T>>> look) {
        same(what, on -> look.apply(on).map(list -> {
            assertThat(list).as(this::story).doesNotHaveDuplicates();
            return Set.copyOf(list);
        }));
    }

    private <T> T answer(Ports on, Function<Ports, Uni<T>> look) {
        try {
            return got(look.apply(on));
        } catch (RuntimeException failed) {
            throw new AssertionError(story(), failed);
        }
    }

    private void trail(String line) {
        trail.addLast(line);
        if (trail.size() > LINES_TO_TELL) trail.removeFirst();
    }

    private String story() {
        return "seed " + seed + " at " + clock.instant() + ", lately:\n" + String.join("\n", trail);
    }

    // --- choices

    private @Nullable Job last(JobKey key) {
        Deque<Job> lives = seen.get(key);
        return lives == null ? null : lives.peekFirst();
    }

    /** Mostly of the job as it was last seen. */
    private Job some(JobKey key) {
        List<Job> lives = new ArrayList<>(seen.getOrDefault(key, new ArrayDeque<>()));
        return chance(8) ? any(lives) : lives.getFirst();
    }

    private Fence fence(JobKey key) {
        return last(key) == null ? new Fence(1, 1) : some(key).fence();
    }

    private long generation(JobKey key) {
        return last(key) == null ? 1 : some(key).generation();
    }

    private ActionId action(JobKey key) {
        if (last(key) == null || chance(6)) return new ActionId(any(ACTIONS));
        Job job = Objects.requireNonNull(last(key));
        return switch (job.phase()) {
            case Phase.Waiting waiting when waiting.action() != null -> waiting.action().id();
            case Phase.Running running when running.continuation() != null ->
                    running.continuation().resolution().action().id();
            default -> job.closed().isEmpty() ? new ActionId(any(ACTIONS)) : any(job.closed()).id();
        };
    }

    private String text() { return any(List.of("talk", "t:{1}", "é😀")); }

    private boolean chance(int oneIn) { return random.nextInt(oneIn) == 0; }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
