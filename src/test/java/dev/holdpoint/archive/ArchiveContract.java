package dev.holdpoint.archive;

import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.tools;
import static dev.holdpoint.store.Bench.user;
import static dev.holdpoint.store.Bench.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.BadCursor;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt.ClosedPrompt;
import dev.holdpoint.job.Debt.JudgedCalls;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.HistoryPlace;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.JudgedCall;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.UserId;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.memory.MemoryBench;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every archive promises. An archive proves itself by extending this and adding only how to make an empty one. */
public abstract class ArchiveContract {
    private static final Duration STEP = Duration.ofMillis(1);

    protected final Bench bench = MemoryBench.bench();
    protected Archive archive;

    protected abstract Archive emptyArchive(InstantSource clock);

    @BeforeEach
    void makeArchive() { archive = emptyArchive(bench.clock); }

    // --- turns

    @Test
    void turnsOfOneUserAreListedWithoutThoseOfOthers() {
        Job first = turn("a", "talk");
        bench.advance(STEP);
        Job bobs = turn(Space.TENANTLESS, "b", "bob", "talk");
        bench.advance(STEP);
        Job last = turn("c", "talk");
        keep(first, bobs, last, turn("d", "other talk"));

        assertThat(walk(cursor -> turnsOf("ann", cursor, 1))).containsExactly(first, last);
        assertThat(turnsOf("bob", null, 10).items()).containsExactly(bobs);
        assertThat(turnsOf("cleo", null, 10).items()).isEmpty();
    }

    private Page<Job> turnsOf(String user, String cursor, int limit) {
        return got(archive.turns(Space.TENANTLESS, new ConversationId("talk"), user(user), cursor, limit));
    }

    @Test
    void turnsAreListedOldestFirst() {
        Job second = turn("b", "talk");
        bench.advance(STEP);
        Job third = turn("a", "talk");
        Job other = turn("c", "other talk");

        keep(third, second, other);

        assertThat(turns("talk", null, 10).items()).containsExactly(second, third);
        assertThat(turns("talk", null, 10).next()).isNull();
        assertThat(turns("nothing", null, 10).items()).isEmpty();
    }

    @Test
    void turnIsKeptOnceAndAsItFirstCame() {
        Job turn = turn("a", "talk");

        keep(turn, turn, turn.withPhase(new Phase.Ended(new Ending.Completed(null), bench.now())));

        assertThat(turns("talk", null, 10).items()).containsExactly(turn);
        assertThat(history(HistoryQuery.ALL, null, 10).items()).containsExactly(turn);
    }

    @Test
    void turnThatManyKeepAtOnceIsKeptOnce() {
        List<Job> ended = IntStream.range(0, 20).mapToObj(number -> turn("job-" + number, "talk")).toList();

        for (Job turn : ended) {
            Race.of(4, runner -> {
                keep(turn);
                return runner;
            });
        }

        assertThat(turns("talk", null, 100).items()).containsExactlyInAnyOrderElementsOf(ended);
    }

    @Test
    void generationsOfOneJobAreTurnsOfTheirOwn() {
        List<Job> kept = keepMany(3, number -> turn("job", "talk"));

        assertThat(turns("talk", null, 10).items()).isEqualTo(kept);
    }

    @Test
    void pagesOfTurnsFollowEachOther() {
        List<Job> kept = keepMany(7, number -> turn("job." + number % 2, "talk"));

        assertThat(walk(cursor -> turns("talk", cursor, 3))).isEqualTo(kept);
        assertThat(walk(cursor -> turns("talk", cursor, 7))).isEqualTo(kept);
        assertThat(walk(cursor -> turns("talk", cursor, 1))).isEqualTo(kept);
    }

    @Test
    void turnsThatArriveMeanwhileMoveNothing() {
        List<Job> ended = IntStream.range(0, 9).mapToObj(number -> step(turn("job-" + number, "talk"))).toList();
        ended.stream().filter(turn -> ended.indexOf(turn) % 2 == 0).forEach(this::keep);

        Page<Job> first = turns("talk", null, 2);
        ended.forEach(this::keep);
        List<Job> rest = walk(first.next(), cursor -> turns("talk", cursor, 2));

        assertThat(first.items()).containsExactly(ended.get(0), ended.get(2));
        assertThat(rest).isEqualTo(ended.subList(3, 9));
    }

    // --- what comes back

    static Stream<Ending> endings() {
        return Stream.of(
                new Ending.Completed(new Json("{\"n\":12345678901234567890.10,\"$set\":{\"a.b\":[1e400,null]}}")),
                new Ending.Completed(null), new Ending.Completed(Json.NULL),
                new Ending.Failed(new JobError("model_error", "The \"model\" gave up.\n$1 € 😀")),
                new Ending.Aborted(JobError.ABORTED_BY_USER),
                new Ending.Expired(new ActionId("a.$1")), new Ending.Expired(null), new Ending.Replaced());
    }

    @ParameterizedTest
    @MethodSource("endings")
    void jobComesBackAsItEnded(Ending how) {
        JobDetails details = new JobDetails(user("ann"), new ConversationId("talk"), new AgentId("agent"), "run-1",
                "msg-1", new Json("[0.1000000000000000055511151231257827,-0]"), new Json("{\"$where\":\"1\"}"));
        Job running = bench.append(bench.create(wanted(Bench.key("job"), details)), "one", "two");
        bench.advance(Duration.ofMinutes(5));
        Job ended = running.withPhase(new Phase.Ended(how, bench.now()));

        keep(ended);

        assertThat(turns("talk", null, 10).items()).containsExactly(ended);
        assertThat(history(HistoryQuery.ALL, null, 10).items()).containsExactly(ended);
    }

    @Test
    void promptsAreNotKeptButTheirToolsAreFound() {
        Job ended = ask("job", "send_email", "wipe_disk");

        keep(ended);

        assertThat(ended.closed()).isNotEmpty();
        assertThat(history(tool("wipe_disk"), null, 10).items()).containsExactly(ended.withoutMemory());
    }

    // --- who sees what

    static List<String> oddNames() {
        return List.of("$", "a..b", ".a", "$where", "$ne", "a.b", "a$b", "{\"$gt\":\"\"}", "null", "0", "__proto__",
                "_id",
                "%00", "'", "\\", "\\E.*", " ", "é", "e\u0301", "İ", "😀", "A", "a", "x".repeat(256), "😀".repeat(256));
    }

    @Test
    void tenantsSeeNothingOfEachOther() {
        List<Job> ended = Stream.concat(Stream.of(Space.TENANTLESS),
                oddNames().stream().map(name -> new Space(new TenantId(name))))
                .map(space -> turn(space, "job", "ann", "talk")).toList();

        ended.forEach(this::keep);

        assertThat(ended).allSatisfy(one -> {
            Space space = one.key().space();
            assertThat(got(archive.turns(space, new ConversationId("talk"), null, null, 50)).items())
                    .containsExactly(one);
            assertThat(got(archive.history(space, HistoryQuery.ALL, null, 50)).items()).containsExactly(one);
        });
        assertThat(got(archive.history(new Space(new TenantId("stranger")), HistoryQuery.ALL, null, 50)).items())
                .isEmpty();
    }

    @Test
    void oddNamesNameOnlyThemselves() {
        List<Job> ended = oddNames().stream()
                .map(name -> step(turn(Space.TENANTLESS, name, name, name, new AgentId(name)))).toList();

        ended.forEach(this::keep);

        assertThat(ended).allSatisfy(one -> {
            String name = one.key().id().value();
            assertThat(turns(name, null, 50).items()).containsExactly(one);
            assertThat(history(user(name), null)).containsExactly(one);
            assertThat(history(null, new AgentId(name))).containsExactly(one);
        });
        assertThat(walk(cursor -> history(HistoryQuery.ALL, cursor, 1))).isEqualTo(ended.reversed());
    }

    private List<Job> history(UserId owner, AgentId agent) {
        return history(new HistoryQuery(owner, agent, null, null, null, null, null), null, 50).items();
    }

    // --- history

    @Test
    void historyListsTheNewestEndingFirst() {
        Job began = bench.create("long");
        List<Job> brief = keepMany(3, number -> turn("job-" + number, "talk"));
        Job last = bench.complete(began);
        keep(last);

        assertThat(history(HistoryQuery.ALL, null, 10).items())
                .containsExactly(last, brief.get(2), brief.get(1), brief.get(0));
    }

    @Test
    void endingsOfOneMomentAreToldApart() {
        List<Job> kept = IntStream.range(0, 5).mapToObj(number -> turn("job-" + number, "talk")).toList();
        kept.forEach(this::keep);

        assertThat(walk(cursor -> history(HistoryQuery.ALL, cursor, 2))).hasSize(5).containsAll(kept);
    }

    @Test
    void endingsThatArriveMeanwhileMoveNothing() {
        List<Job> ended = IntStream.range(0, 9).mapToObj(number -> step(turn("job-" + number, "talk"))).toList();
        ended.stream().filter(turn -> ended.indexOf(turn) % 2 == 0).forEach(this::keep);

        Page<Job> first = history(HistoryQuery.ALL, null, 2);
        ended.forEach(this::keep);
        List<Job> rest = walk(first.next(), cursor -> history(HistoryQuery.ALL, cursor, 2));

        assertThat(first.items()).containsExactly(ended.get(8), ended.get(6));
        assertThat(rest).isEqualTo(ended.subList(0, 6).reversed());
    }

    @Test
    void toolIsFoundByItsExactName() {
        Job mail = ask("mail", "send_email");
        Job both = ask("both", "send_email_now", "Send_Email");
        keep(mail, both, turn("none", "talk"));

        assertThat(history(tool("send_email"), null, 10).items()).containsExactly(mail.withoutMemory());
        assertThat(history(tool("Send_Email"), null, 10).items()).containsExactly(both.withoutMemory());
        assertThat(history(tool("send"), null, 10).items()).isEmpty();
    }

    @Test
    void partOfAToolsNameIsFoundInAnyCase() {
        Job mail = ask("mail", "Send_EMail");
        Job files = ask("files", "mcp:files.read", "mcp:files.write*");
        keep(mail, files, turn("none", "talk"));

        assertThat(history(text("sEND_e"), null, 10).items()).containsExactly(mail.withoutMemory());
        assertThat(history(text("FILES.W"), null, 10).items()).containsExactly(files.withoutMemory());
        assertThat(history(text("e*"), null, 10).items()).containsExactly(files.withoutMemory());
    }

    @ParameterizedTest
    @ValueSource(strings = {".*", ".", "^s", "il$", "$toolText", "$tools", "[a-z]", "s.nd", "\\Es", "(?i)send", "*",
        "emailsend", "email send"})
    void textIsNoPattern(String text) {
        keep(ask("mail", "send_email", "send"));

        assertThat(history(text(text), null, 10).items()).isEmpty();
    }

    @Test
    void endOfTheJobDecidesWhetherItLiesBetween() {
        Instant start = bench.now();
        List<Job> kept = keepMany(4, number -> turn("job-" + number, "talk"));

        HistoryQuery between = new HistoryQuery(null, null, null, null, null, start.plusMillis(1), start.plusMillis(3));

        assertThat(history(between, null, 10).items()).containsExactly(kept.get(2), kept.get(1));
    }

    @Test
    void everyConditionNarrows() {
        Random random = new Random(5);
        List<Job> kept = new ArrayList<>();
        for (int number = 0; number < 80; number++) kept.add(keepRandom(random, number));

        for (int round = 0; round < 150; round++) {
            HistoryQuery query = randomQuery(random);
            int limit = 1 + random.nextInt(20);
            List<Job> expected = kept.stream().filter(job -> query.matches(job, job.tools()))
                    .sorted(Comparator.comparing(HistoryPlace::of)).map(Job::withoutMemory).toList();

            assertThat(walk(cursor -> history(query, cursor, limit))).as("%s", query).isEqualTo(expected);
        }
    }

    private Job keepRandom(Random random, int number) {
        bench.advance(Duration.ofMillis(random.nextInt(3)));
        Job running = bench.create(wanted(Bench.key("job-" + number), new JobDetails(user("u" + random.nextInt(3)),
                new ConversationId("talk"), random.nextBoolean() ? new AgentId("g" + random.nextInt(2)) : null,
                null, null, null, Json.EMPTY_OBJECT)));
        Job asked = random.nextBoolean() ? asked(running, "Tool_" + random.nextInt(3), "other_" + random.nextInt(3))
                : running;
        Job ended = random.nextBoolean() ? bench.complete(asked) : bench.abort(asked);
        keep(ended);
        return ended;
    }

    private HistoryQuery randomQuery(Random random) {
        return new HistoryQuery(random.nextInt(3) == 0 ? user("u" + random.nextInt(3)) : null,
                random.nextInt(3) == 0 ? new AgentId("g" + random.nextInt(2)) : null,
                random.nextInt(3) == 0 ? (random.nextBoolean() ? JobStatus.COMPLETE : JobStatus.ABORTED) : null,
                random.nextInt(3) == 0 ? "Tool_" + random.nextInt(3) : null,
                random.nextInt(3) == 0 ? "R_" + random.nextInt(3) : null,
                random.nextInt(3) == 0 ? bench.now().minusMillis(random.nextInt(80)) : null,
                random.nextInt(3) == 0 ? bench.now().minusMillis(random.nextInt(80)) : null);
    }

    // --- tools that were asked for before the end

    @Test
    void toolsOfPromptsThatNobodyDecidedAreFoundOnceTheJobHasEnded() {
        Job ended = bench.abort(waiting("job", "Wipe_Disk", "format"));

        bench.owed(ClosedPrompt.class).forEach(this::keep);

        assertThat(history(HistoryQuery.ALL, null, 10).items()).isEmpty();
        assertThat(history(tool("Wipe_Disk"), null, 10).items()).isEmpty();
        assertThat(history(text("disk"), null, 10).items()).isEmpty();
        assertThat(turns("talk", null, 10).items()).isEmpty();

        keep(ended);

        assertThat(ended.tools()).isEmpty();
        assertThat(history(HistoryQuery.ALL, null, 10).items()).containsExactly(ended.withoutMemory());
        assertThat(history(tool("Wipe_Disk"), null, 10).items()).containsExactly(ended.withoutMemory());
        assertThat(history(text("ORM"), null, 10).items()).containsExactly(ended.withoutMemory());
        assertThat(history(text("diskformat"), null, 10).items()).isEmpty();
    }

    @Test
    void toolsOfAllPromptsAreFoundHoweverOftenTheyArrive() {
        Job running = asked(bench.create("job"), "send_email");
        Job ended = bench.abort(bench.pause(running, prompt("a2", new Deadline.Unsaid(), tools("wipe_disk"))));

        for (int time = 0; time < 2; time++) {
            bench.owed(ClosedPrompt.class).forEach(this::keep);
            keep(ended);
        }

        for (String tool : List.of("send_email", "wipe_disk"))
            assertThat(history(tool(tool), null, 10).items()).containsExactly(ended.withoutMemory());
    }

    @Test
    void toolsBelongToTheLifeThatAskedForThem() {
        bench.abort(waiting("job", "wipe_disk"));
        bench.owed(ClosedPrompt.class).forEach(this::keep);

        keep(turn("job", "talk"));

        assertThat(history(tool("wipe_disk"), null, 10).items()).isEmpty();
    }

    // --- judged calls

    @Test
    void judgedCallsComeBackAsTheyWereOldestFirst() {
        List<JudgedCalls> judged = IntStream.range(0, 4).mapToObj(number -> judged(Space.TENANTLESS, "ann", number))
                .toList();

        judged.forEach(this::keep);

        assertThat(latest(Space.TENANTLESS, 100)).isEqualTo(judged);
    }

    @Test
    void judgedCallsAreKeptOnce() {
        JudgedCalls judged = judged(Space.TENANTLESS, "ann", 1);

        keep(judged);
        Race.of(4, runner -> {
            keep(judged);
            return runner;
        });

        assertThat(latest(Space.TENANTLESS, 100)).containsExactly(judged);
    }

    @Test
    void callsOfOneMomentAreToldApart() {
        JudgedCalls one = judged(Space.TENANTLESS, "ann", 1);
        JudgedCalls other = new JudgedCalls(one.job(), one.generation(), one.at(), one.owner(), one.conversation(),
                List.of(call("c9", "{\"n\":1}")));

        keep(one);
        keep(other);

        assertThat(latest(Space.TENANTLESS, 100)).containsExactlyInAnyOrder(one, other);
    }

    @Test
    void latestCallsAreTheNewestAndAboutAsManyAsWanted() {
        List<JudgedCalls> judged = IntStream.range(0, 6).mapToObj(number -> judged(Space.TENANTLESS, "ann", number))
                .toList();
        judged.forEach(this::keep);

        // Each was told of two calls.
        assertThat(latest(Space.TENANTLESS, 4)).isEqualTo(judged.subList(4, 6));
        assertThat(latest(Space.TENANTLESS, 3)).isEqualTo(judged.subList(4, 6));
        assertThat(latest(Space.TENANTLESS, 1)).isEqualTo(judged.subList(5, 6));
    }

    @Test
    void callsAreSeenInTheirSpaceOnly() {
        Space acme = new Space(new TenantId("acme"));
        JudgedCalls own = judged(acme, "ann", 1);
        JudgedCalls other = judged(Space.TENANTLESS, "ann", 1);

        keep(own);
        keep(other);

        assertThat(latest(acme, 10)).containsExactly(own);
        assertThat(latest(Space.TENANTLESS, 10)).containsExactly(other);
        assertThat(latest(new Space(new TenantId("stranger")), 10)).isEmpty();
    }

    private JudgedCalls judged(Space space, String owner, int number) {
        return new JudgedCalls(space.job(new JobId("job")), 7, bench.now().plusMillis(number), user(owner),
                new ConversationId("talk"),
                List.of(call("c" + number, "{\"n\":9007199254740993.10}"), call("d", "{}")));
    }

    private static JudgedCall call(String id, String arguments) {
        return new JudgedCall(new ToolCallId(id), "mail.$1", List.of("mcp:mail"), new Json(arguments), "allow", null,
                new Json("{\"$list\":\"a.b\"}"), id.equals("d") ? "g1" : null, 7);
    }

    private void keep(JudgedCalls judged) { got(archive.keep(judged)); }

    private void keep(ClosedPrompt closed) { got(archive.keep(closed)); }

    private List<JudgedCalls> latest(Space space, int limit) { return got(archive.latestCalls(space, limit)); }

    // --- erasing

    @Test
    void erasingTakesAUsersJobsAndCallsAndNothingElse() {
        Space acme = new Space(new TenantId("acme"));
        Job bobs = turn(Space.TENANTLESS, "bobs", "bob", "talk");
        Job elsewhere = turn(acme, "elsewhere", "ann", "talk");
        keep(turn("one", "talk"), turn("two", "other talk"), bobs, elsewhere);
        JudgedCalls bobsCalls = judged(Space.TENANTLESS, "bob", 1);
        keep(bobsCalls);
        keep(judged(Space.TENANTLESS, "ann", 2));

        long erased = got(archive.erase(Space.TENANTLESS, user("ann")));

        assertThat(erased).isEqualTo(2);
        assertThat(history(HistoryQuery.ALL, null, 10).items()).containsExactly(bobs);
        assertThat(turns("talk", null, 10).items()).containsExactly(bobs);
        assertThat(got(archive.history(acme, HistoryQuery.ALL, null, 10)).items()).containsExactly(elsewhere);
        assertThat(latest(Space.TENANTLESS, 10)).containsExactly(bobsCalls);
        assertThat(got(archive.erase(Space.TENANTLESS, user("ann")))).isZero();
    }

    @Test
    void jobThatRunsWhileItsUserIsErasedIsKeptWhenItEnds() {
        Job ended = bench.abort(waiting("job", "wipe_disk"));
        bench.owed(ClosedPrompt.class).forEach(this::keep);

        assertThat(got(archive.erase(Space.TENANTLESS, user("ann")))).isZero();
        keep(ended);

        assertThat(history(tool("wipe_disk"), null, 10).items()).containsExactly(ended.withoutMemory());
    }

    // --- cursors

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1", "1.", ".a", "one.a", "99999999999999999999.a", "1.\u0000"})
    void cursorThatWasNotGivenOutIsRefused(String cursor) {
        assertThatThrownBy(() -> turns("talk", cursor, 10)).isInstanceOf(BadCursor.class);
        assertThatThrownBy(() -> history(HistoryQuery.ALL, "1." + cursor, 10)).isInstanceOf(BadCursor.class);
        assertThatThrownBy(() -> history(HistoryQuery.ALL, cursor, 10)).isInstanceOf(BadCursor.class);
    }

    // --- words

    protected void keep(Job... ended) {
        for (Job one : ended) got(archive.keep(one));
    }

    /** One after the other, a millisecond apart. */
    private List<Job> keepMany(int count, Function<Integer, Job> make) {
        List<Job> kept = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            Job one = step(make.apply(number));
            keep(one);
            kept.add(one);
        }
        return kept;
    }

    private Job step(Job ended) {
        bench.advance(STEP);
        return ended;
    }

    protected Job turn(String id, String conversation) { return turn(Space.TENANTLESS, id, "ann", conversation); }

    private Job turn(Space space, String id, String owner, String conversation) {
        return turn(space, id, owner, conversation, null);
    }

    private Job turn(Space space, String id, String owner, String conversation, AgentId agent) {
        JobDetails details = new JobDetails(user(owner), new ConversationId(conversation), agent, null, null, null,
                Json.EMPTY_OBJECT);
        return bench.complete(bench.create(wanted(space.job(new JobId(id)), details)));
    }

    /** An ended job whose one prompt asked for these tools. */
    private Job ask(String id, String... tools) {
        return bench.complete(asked(bench.create(id), tools));
    }

    /** A job whose prompt asks for these tools. */
    private Job waiting(String id, String... tools) {
        return bench.pause(bench.create(id), prompt("a1", new Deadline.Unsaid(), tools(tools)));
    }

    private Job asked(Job running, String... tools) {
        Job paused = bench.pause(running, prompt("a1", new Deadline.Unsaid(), tools(tools)));
        return bench.claim(bench.resolve(paused, "a1"), "a1", "worker");
    }

    private static HistoryQuery tool(String name) { return new HistoryQuery(null, null, null, name, null, null, null); }

    private static HistoryQuery text(String part) { return new HistoryQuery(null, null, null, null, part, null, null); }

    protected Page<Job> turns(String conversation, String cursor, int limit) {
        return got(archive.turns(Space.TENANTLESS, new ConversationId(conversation), null, cursor, limit));
    }

    protected Page<Job> history(HistoryQuery query, String cursor, int limit) {
        return got(archive.history(Space.TENANTLESS, query, cursor, limit));
    }

    private static List<Job> walk(Function<String, Page<Job>> list) { return walk(null, list); }

    /** Everything on the pages from a cursor on. */
    private static List<Job> walk(String cursor, Function<String, Page<Job>> list) {
        List<Job> seen = new ArrayList<>();
        for (Page<Job> page = list.apply(cursor);; page = list.apply(page.next())) {
            seen.addAll(page.items());
            if (page.next() == null) return seen;
        }
    }
}
