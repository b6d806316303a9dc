package dev.holdpoint.store.redis;

import static dev.holdpoint.store.Bench.BROKEN;
import static dev.holdpoint.store.Bench.EVERY_PROMPT;
import static dev.holdpoint.store.Bench.RESULT;
import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.action;
import static dev.holdpoint.store.Bench.decision;
import static dev.holdpoint.store.Bench.details;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.reports;
import static dev.holdpoint.store.Bench.user;
import static dev.holdpoint.store.Bench.wanted;
import static dev.holdpoint.store.Bench.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobEvent.Reported;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.Won;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.redis.RedisBench.Shared;
import dev.holdpoint.sweep.Sweep;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Something else wrote into what is ours: nothing fails, nothing hangs, and what can't be read can be ended. */
@Timeout(value = 100, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StrangeContentsTest {
    /** As Lua writes them, for not all is text. */
    private static final List<String> STRANGE = List.of("'\\255\\0\\254\\195'", "'some text'", "''", "'-1'", "'0'",
            "'999999999999999'", "'99999999999999999999999'", "'nan'", "'{\"a\":[1]}'", "'{}'", "'running'",
            "'complete'", "'claimed'", "'1 decided a1\\n[]'", "'1 decided a1\\n[null,1]'",
            "string.rep('[', 100000)");

    private final String prefix = RedisBench.prefix();
    private final Keys keys = new Keys(prefix, RedisBench.BUCKETS);
    private final Bench bench = new Bench((clock, timing, bounds) -> RedisBench.emptyStore(Shared.WIRE,
            RedisBench.settings(prefix, RedisBench.BUCKETS, clock, timing, bounds, "async")), TIMING,
            new Bounds(100_000, 100_000, 20, 100));
    private int number;

    enum Standing {
        RUNNING, PAUSED, RESOLVED, CLAIMED, REPLACING, ENDED;

        Job of(Bench bench, String id) {
            Job job = bench.append(bench.create(id), "token", "token");
            return switch (this) {
                case RUNNING -> job;
                case PAUSED -> bench.pause(job, "a1");
                case RESOLVED -> bench.resolve(bench.pause(job, "a1"), "a1");
                case CLAIMED -> bench.claim(bench.resolve(bench.pause(job, "a1"), "a1"), "a1", "w1");
                case REPLACING -> bench.pause(bench.create(id), "a1");
                case ENDED -> bench.complete(bench.claim(bench.resolve(bench.pause(job, "a1"), "a1"), "a1", "w1"));
            };
        }
    }

    private enum Finaliser {
        EXPIRE_DEAD, ABORT, EXPIRE_BY_HAND, REPLACE, SWEEP
    }

    @ParameterizedTest
    @EnumSource
    void jobWithOneStrangeFieldFailsNobodyAndCanBeEnded(Standing standing) {
        List<String> fields = fields(standing.of(bench, "model").key());

        for (String field : fields) {
            for (String strange : STRANGE)
                tryOut(standing, field, "redis.call('HSET', KEYS[1], ARGV[1], " + strange + ")");
            tryOut(standing, field, "redis.call('HDEL', KEYS[1], ARGV[1])");
        }
        bench.payAll();
        bench.advance(Duration.ofDays(2));
        sweep();
        bench.payAll();
        bench.advance(Duration.ofDays(2));
        sweep();

        assertThat(Shared.SERVER.command("KEYS", prefix + ":*:job:*")).as("jobs that the sweep left")
                .isEqualTo(List.of());
    }

    @Test
    void promptWhoseLogIsNoLogDoesNotKeepOthersFromExpiring() {
        // All in one bucket, so that one script goes through them.
        List<Sighting> seen = new ArrayList<>(IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "together-" + number).filter(id -> keys.bucket(key(id)) == 0).limit(15)
                .map(id -> new Sighting(bench.paused(id, "a1"), bench.now())).toList());
        Job broken = seen.remove(5).job();
        Shared.SERVER.command("SET", keys.ofMove(broken.key()).get(1), "no log");
        bench.advance(TIMING.pauseBackstop());
        List<Sighting> all = new ArrayList<>(seen);
        all.add(5, new Sighting(broken, bench.now()));

        List<Transition> outcomes = new ArrayList<>();
        assertThatThrownBy(() -> got(bench.store.expireDead(all).invoke(outcomes::add).collect().asList()))
                .hasMessageContaining("WRONGTYPE");

        assertThat(outcomes).hasSize(14).allMatch(Won.class::isInstance);
        assertThat(seen).allMatch(one -> bench.find(one.job().key()).status() == JobStatus.ABORTED);
    }

    @Test
    void jobThatSomethingElseTookThePlaceOfKeepsNobodyElseWaiting() {
        List<Job> gone = Stream.of(Standing.values()).map(standing -> standing.of(bench, standing.name())).toList();
        Job paused = bench.paused("good", "a1");
        for (Job job : gone) {
            for (String key : keys.ofMove(job.key()).subList(0, 2)) Shared.SERVER.command("SET", key, "no job");
        }

        assertThat(got(bench.store.pending(Space.TENANTLESS, EVERY_PROMPT, null, 100)).items()).contains(paused);
        assertThat(got(bench.store.activeJobs(Space.TENANTLESS, user("ann"), null, 100)).items()).contains(paused);
        got(bench.store.claimOldest(Space.TENANTLESS, Set.of(), worker("w3")));
        got(bench.store.count(Space.TENANTLESS));
        bench.payAll();
        bench.advance(TIMING.pauseBackstop());
        sweep();

        assertThat(bench.find(paused.key()).status()).isEqualTo(JobStatus.ABORTED);
        assertThat(bench.due()).isEmpty();
    }

    @Test
    void jobIsBegunWhereSomethingElseTookItsPlace() {
        Shared.SERVER.command("SET", keys.ofMove(key("job")).getFirst(), "no job");

        Job begun = bench.create("job");

        assertThat(bench.find(begun.key())).isEqualTo(begun);
        assertThat(bench.count(JobStatus.RUNNING)).isEqualTo(1);
    }

    @Test
    void logThatSomethingElseTookThePlaceOfKeepsNobodyElseFromBeingDue() {
        Job replacing = Standing.REPLACING.of(bench, "replacing");
        Job strange = bench.paused("strange", "a1");
        Job paused = bench.paused("good", "a1");
        for (Job job : List.of(replacing, strange))
            Shared.SERVER.command("SET", keys.ofMove(job.key()).get(1), "no log");
        Shared.SERVER.command("HSET", keys.ofMove(strange.key()).getFirst(), "status", "strange");
        bench.advance(TIMING.pauseBackstop());

        assertThat(bench.due()).contains(replacing.key(), strange.key(), paused.key());
    }

    private List<String> fields(JobKey job) {
        return ((List<?>) Shared.SERVER.command("HKEYS", keys.ofMove(job).getFirst())).stream().map(Object::toString)
                .toList();
    }

    private void tryOut(Standing standing, String field, String change) {
        Job job = standing.of(bench, "job" + ++number);
        Finaliser finaliser = Finaliser.values()[number % Finaliser.values().length];
        try {
            Shared.SERVER.command("EVAL", change, "1", keys.ofMove(job.key()).getFirst(), field);
            lookAt(job);
            for (Function<Job, Uni<Transition>> move : moves(bench)) got(move.apply(job));
            Shared.SERVER.command("EVAL", change, "1", keys.ofMove(job.key()).getFirst(), field);
            lookAt(job);
            end(job, finaliser);
            lookAt(job);
        } catch (RuntimeException | AssertionError failed) {
            throw new AssertionError(standing + ", " + change + " of " + field + ", then " + finaliser, failed);
        }
    }

    private void lookAt(Job job) {
        Sighting seen = got(bench.store.find(job.key()));
        if (seen != null) assertThat(seen.job().fence()).isNotNull();
        got(bench.store.resumeState(job.key()));
        got(bench.log.extent(job.key()));
        got(bench.log.read(job.key(), job.generation(), 0, 100));
        got(bench.log.read(job.key(), job.generation() - 1, 0, 100));
    }

    private static List<Function<Job, Uni<Transition>>> moves(Bench bench) {
        return List.of(job -> bench.store.heartbeat(job.key(), job.fence()),
                job -> bench.store.append(job.key(), job.fence(), OptionalLong.empty(), reports("token", "token")),
                job -> bench.store.resolve(job.key(), decision(job, "a1", "ann")),
                job -> bench.store.resolve(job.key(), decision(job, "a2", "ann")),
                job -> bench.store.claim(job.key(), action("a1"), worker("w1")),
                job -> bench.store.claim(job.key(), action("a1"), worker("w2")),
                job -> bench.store.claimOldest(Space.TENANTLESS, Set.of(), worker("w3")),
                job -> bench.store.pause(job.key(), job.fence(), prompt("a2"), null),
                job -> bench.store.reap(job.key(), job.generation()),
                job -> bench.store.reopen(job.key(), job.generation()),
                job -> bench.store.reclaim(job.key(), job.generation()),
                job -> bench.store.complete(job.key(), job.fence(), RESULT),
                job -> bench.store.fail(job.key(), job.fence(), BROKEN));
    }

    private void end(Job job, Finaliser finaliser) {
        Sighting seen = got(bench.store.find(job.key()));
        if (seen == null) return;
        Transition outcome = got(switch (finaliser) {
            case EXPIRE_DEAD -> bench.store.expireDead(job.key(), seen.job().generation(), null);
            case ABORT -> bench.store.abort(job.key(), OptionalLong.empty());
            case EXPIRE_BY_HAND -> bench.store.expireByHand(job.key(), null);
            case REPLACE -> bench.store.create(wanted(job.key(), details("ann")));
            case SWEEP -> bench.store.due(1_000).replaceWith(new Transition.NotDue());
        });
        if (finaliser == Finaliser.ABORT)
            assertThat(bench.find(job.key()).status()).as(outcome.toString()).matches(JobStatus::isTerminal);
        if (outcome instanceof Won won && finaliser == Finaliser.REPLACE) bench.abort(won.job());
    }

    private void sweep() {
        got(new Sweep(bench.store, (prompt, at) -> {}).run());
    }

    @Test
    void listsAndTheSweepPassOverStrangeJobs() {
        Job paused = bench.paused("good", "a1");
        for (Standing standing : Standing.values()) {
            for (String field : List.of("status", "details", "lastSeq", "generation", "closed:1", "action")) {
                Job job = standing.of(bench, standing + field.replace(':', '-'));
                Shared.SERVER.command("HSET", keys.ofMove(job.key()).getFirst(), field, "{\"a\":1}");
            }
        }

        assertThat(got(bench.store.pending(Space.TENANTLESS, EVERY_PROMPT, null, 100)).items()).contains(paused);
        assertThat(got(bench.store.activeJobs(Space.TENANTLESS, user("ann"), null, 100)).items()).contains(paused);
        assertThat(bench.owed()).isNotEmpty();
        got(bench.store.count(Space.TENANTLESS));
        bench.advance(TIMING.pauseBackstop());
        sweep();

        assertThat(bench.due()).isEmpty();
    }

    @Test
    void retainedEventsThatNobodyCanHaveSaidAreLeftOut() {
        Job job = bench.create("job");
        got(bench.store.append(job.key(), job.fence(), OptionalLong.empty(),
                List.of(new Reported(new EventName("plan"), new Json("{\"n\":1}"), true))));
        for (String name : List.of("", "job.ended", "é", "x y"))
            Shared.SERVER.command("HSET", keys.ofMove(job.key()).get(2), name, "1");
        Shared.SERVER.command("HSET", keys.ofMove(job.key()).get(2), "fine", "{\"not\":json");

        ResumeState state = got(bench.store.resumeState(job.key()));

        assertThat(state.retained()).containsOnlyKeys(new EventName("plan"));
    }

    @Test
    void readerIsToldOfALogEntryThatCannotBeReadAndGoesOnBehindIt() {
        Job job = bench.append(bench.create("job"), "one");
        Shared.SERVER.command("XADD", keys.ofMove(job.key()).get(1), new EventId(job.generation(), 3).toString(),
                "kind", "nonsense");
        Job after = bench.append(job, "two");

        assertThat(after.lastSeq()).isEqualTo(4);
        assertThat(read(job, 0).events()).extracting(event -> event.id().seq()).containsExactly(1L, 2L);
        assertThat(read(job, 2)).isEqualTo(new Slice(List.of(), false));
        assertThat(read(job, 3).events()).hasSize(1);
    }

    private Slice read(Job job, long after) { return got(bench.log.read(job.key(), job.generation(), after, 100)); }

    @Test
    void outboxEntryThatCannotBeReadHoldsNothingUp() {
        Job ended = bench.complete(bench.create("job"));
        List<String> outbox = new ArrayList<>();
        for (int bucket = 0; bucket < RedisBench.BUCKETS; bucket++) outbox.add(keys.outbox(bucket));
        for (String stream : outbox) {
            Shared.SERVER.command("XADD", stream, "*", "no", "job");
            Shared.SERVER.command("XADD", stream, "*", "name", "nocolon");
            Shared.SERVER.command("XADD", stream, "*", "name", ":job", "status", "running");
        }

        assertThat(bench.owed()).containsExactly(ended);
        bench.payAll();
        assertThat(outbox.stream().map(stream -> Shared.SERVER.command("XLEN", stream))).containsOnly(0L);
    }

    @Test
    void jobThatIsGoneWaitsForNobody() {
        Job paused = bench.paused("job", "a1");
        Shared.SERVER.command("DEL", keys.ofMove(paused.key()).getFirst());
        bench.advance(Duration.ofDays(2));

        sweep();

        assertThat(got(bench.store.waiting()).prompts()).isZero();
    }

    @Test
    void countThatIsNoNumberStopsNoMove() {
        Job job = bench.create("job");
        Shared.SERVER.command("HSET", keys.ofMove(job.key()).get(5), "running", "many", "complete", "few");

        Job ended = bench.complete(job);

        assertThat(bench.find(key("job"))).isEqualTo(ended);
        assertThat(Stream.of(JobStatus.values()).map(bench::count)).hasSize(5);
    }
}
