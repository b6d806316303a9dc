package dev.holdpoint.store.memory;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.details;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.user;
import static dev.holdpoint.store.Bench.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobEvent.Reported;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.JudgedCall;
import dev.holdpoint.job.Judgement;
import dev.holdpoint.job.NewPause;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.StoreTrouble.Kind;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.policy.Grant;
import dev.holdpoint.policy.GrantId;
import dev.holdpoint.policy.NewGrant;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.policy.RuleStore.Giving;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.Race;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import org.junit.jupiter.api.Test;

/** The embedded store is bounded: what has no room is refused, and nothing makes room but time. */
class MemoryLimitsTest {
    private static final int JOBS = 5;
    private static final long BYTES = 100_000;

    private final Bench bench = within(new MemoryLimits(JOBS, BYTES, 100, 100, BYTES / 2, 0, 100));

    private static Bench within(MemoryLimits limits) {
        return new Bench((clock, timing, bounds) -> {
            MemoryJobStore store = new MemoryJobStore(timing, limits, clock);
            return new Ports(store, store, store, store.rules(), store::losePrompt);
        });
    }

    @Test
    void fullStoreRefusesNewJobsAndEvictsNone() {
        List<Job> jobs = new ArrayList<>(List.of(bench.paused("paused", "a1"), bench.complete(bench.create("ended"))));
        while (jobs.size() < JOBS) jobs.add(bench.create("job-" + jobs.size()));

        assertThat(tryCreate("one-more")).isEqualTo(new Transition.StoreFull());

        jobs.forEach(job -> assertThat(bench.find(job.key())).isEqualTo(job));
        assertThat(bench.exists(key("one-more"))).isFalse();
        assertThat(tryCreate("job-3")).as("takes the place of its predecessor").isInstanceOf(Transition.Won.class);
        assertThat(bench.resolve(jobs.getFirst(), "a1").status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void reclaimedJobsMakeRoom() {
        for (int number = 0; number < JOBS; number++) bench.complete(bench.create("job-" + number));
        Job ended = bench.find(key("job-0"));
        bench.payAll();
        bench.advance(TIMING.terminalRetention());

        assertThat(tryCreate("one-more")).isEqualTo(new Transition.StoreFull());
        assertThat(bench.tryReclaim(ended)).isInstanceOf(Transition.Won.class);
        assertThat(tryCreate("one-more")).isInstanceOf(Transition.Won.class);
    }

    @Test
    void ofManyCallersOnlySoManyGetIn() {
        List<Transition> outcomes = Race.of(50, runner -> tryCreate("job-" + runner));

        assertThat(outcomes.stream().filter(Transition.Won.class::isInstance)).hasSize(JOBS);
    }

    @Test
    void logBeyondItsBytesIsFullAndTakesNoPartOfTheBatch() {
        Job job = bench.create("job");

        assertThat(append(job, 20_000)).isInstanceOf(Transition.Won.class);
        assertThat(append(job, 40_000)).isEqualTo(new Transition.LogFull());
        assertThat(append(job, 10_000)).isInstanceOf(Transition.Won.class);
        assertThat(bench.log(job)).hasSize(3);
    }

    @Test
    void storeBeyondItsBytesRefusesEventsAndJobsButLetsEverybodyFinish() {
        Job one = bench.create("one");
        Job two = bench.create("two");
        Job three = bench.create("three");
        append(one, 45_000);
        append(two, 45_000);

        assertThat(append(three, 20_000)).isEqualTo(new Transition.StoreFull());

        assertThat(bench.resolve(bench.pause(one, "a1"), "a1").status()).isEqualTo(JobStatus.RUNNING);
        assertThat(bench.complete(two).status()).isEqualTo(JobStatus.COMPLETE);
        assertThat(bench.abort(three).status()).isEqualTo(JobStatus.ABORTED);
    }

    @Test
    void bytesComeBackWhenJobsAreReplacedAndReclaimed() {
        for (int turn = 0; turn < 50; turn++) {
            Job job = bench.create("job");
            assertThat(append(job, 30_000)).isInstanceOf(Transition.Won.class);
            bench.complete(job);
            bench.payAll();
            bench.advance(TIMING.terminalRetention());
            if (turn % 2 == 0) bench.tryReclaim(bench.find(job.key()));
            bench.due();
        }
    }

    @Test
    void bytesOfATrimmedLogComeBack() {
        Bench trimming = within(new MemoryLimits(JOBS, BYTES, 100, 100, BYTES / 2, 2, 100));
        Job job = trimming.create("job");

        for (int batch = 0; batch < 5_000; batch++) trimming.append(job, "token");

        assertThat(trimming.find(job.key()).lastSeq()).isEqualTo(5_001);
    }

    @Test
    void whatOutlivesItsTrimmedEventsCounts() {
        Bench trimming = within(new MemoryLimits(JOBS, BYTES, 100, 100, BYTES / 2, 2, 100));
        Job job = trimming.create("job");
        for (int name = 0; name < 7; name++)
            assertThat(append(trimming, job, "n" + name, 10_000)).as("value " + name)
                    .isInstanceOf(Transition.Won.class);

        assertThat(append(trimming, job, "n7", 10_000)).isEqualTo(new Transition.StoreFull());
        assertThat(append(trimming, job, "n7", 100)).isInstanceOf(Transition.Won.class);
        assertThat(append(trimming, job, "n0", 100)).as("a value that goes").isInstanceOf(Transition.Won.class);
        trimming.append(job, "a", "b");
        assertThat(append(trimming, job, "n7", 10_000)).isInstanceOf(Transition.Won.class);
    }

    @Test
    void decisionsThatAGenerationInheritsCount() {
        for (int id = 0; id < 4; id++) {
            Job job = bench.create("job-" + id);
            bench.resolve(bench.pause(job, large("a1", 15_000)), "a1");
            bench.create("job-" + id);
            bench.payAll();
            bench.advance(TIMING.terminalRetention());
            bench.due();
        }

        assertThat(append(bench.find(key("job-0")), 45_000)).isEqualTo(new Transition.StoreFull());
        for (int id = 0; id < 4; id++) {
            bench.complete(bench.find(key("job-" + id)));
            bench.payAll();
            bench.advance(TIMING.terminalRetention());
            assertThat(bench.tryReclaim(bench.find(key("job-" + id)))).isInstanceOf(Transition.Won.class);
        }
        assertThat(append(bench.create("job"), 45_000)).isInstanceOf(Transition.Won.class);
        assertThat(append(bench.create("other"), 45_000)).isInstanceOf(Transition.Won.class);
    }

    @Test
    void promptsDontFillTheProcessWhileTheArchiveIsAway() {
        Bench trimming = within(new MemoryLimits(1_000, BYTES, 100, 100, BYTES / 2, 2, 100));
        Job job = trimming.create("job");
        Transition refused = null;
        for (int turn = 0; turn < 1_000 && refused == null; turn++) {
            Transition paused = trimming.tryPause(job, prompt("a" + turn));
            if (paused instanceof Transition.StoreFull) refused = paused;
            else job = trimming.claim(trimming.resolve(((Transition.Won) paused).job(), "a" + turn), "a" + turn, "w");
        }

        assertThat(refused).isEqualTo(new Transition.StoreFull());
        trimming.payAll();
        assertThat(trimming.pause(job, "again").status()).isEqualTo(JobStatus.REQUIRES_ACTION);
    }

    @Test
    void fullStoreHasNoRoomForALargePrompt() {
        Job one = bench.create("one");
        append(one, 45_000);
        append(bench.create("two"), 45_000);

        assertThat(bench.tryPause(one, large("a1", 20_000))).isEqualTo(new Transition.StoreFull());
        assertThat(bench.find(one.key()).status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void fullStoreLetsJudgedCallsPassAsLongAsThereIsAReserve() {
        Job one = bench.create("one");
        append(one, 45_000);
        append(bench.create("two"), 45_000);
        Job three = bench.create("three");
        while (append(three, 500) instanceof Transition.Won) {}
        Judgement judgement = new Judgement(0, List.of(new JudgedCall(new ToolCallId("c1"), "send_email", List.of(),
                new Json("\"" + "x".repeat(2_500) + "\""), "allow", null, Json.EMPTY_OBJECT, null, 0)));

        assertThat(got(bench.store.pass(one.key(), one.fence(), judgement))).isInstanceOf(Transition.Won.class);
        assertThat(got(bench.store.pass(one.key(), one.fence(), judgement))).isEqualTo(new Transition.StoreFull());
        bench.payAll();
        assertThat(got(bench.store.pass(one.key(), one.fence(), judgement))).isInstanceOf(Transition.Won.class);
    }

    @Test
    void jobsGoOnHoweverManyEntriesTheArchiveIsOwed() {
        Job job = bench.create("job");
        for (int turn = 0; turn < 2 * JOBS; turn++) {
            job = bench.claim(bench.resolve(bench.pause(job, "a" + turn), "a" + turn), "a" + turn, "w");
        }

        assertThat(tryCreate("one-more")).isEqualTo(new Transition.StoreFull());
        assertThat(bench.complete(job).status()).isEqualTo(JobStatus.COMPLETE);
    }

    @Test
    void rulesWaitWhileTheArchiveIsOwedTooMuchAndWhatTakesRightsAwayNeverDoes() {
        Note large = new Note("note", "policy", Space.TENANTLESS, bench.now(), Json.EMPTY_OBJECT,
                new Json("\"" + "x".repeat((int) BYTES) + "\""));
        NewGrant wanted = new NewGrant(new GrantId("grant"), Space.TENANTLESS, user("ann"), null, "mail",
                new ResolutionId("resolution"), "rita", null);
        RuleStore rules = bench.rules;
        Grant given = ((Giving.Given) got(rules.give(wanted, large))).grant();

        assertThatThrownBy(() -> got(rules.change(Space.TENANTLESS, 0, Json.EMPTY_OBJECT, large)))
                .isInstanceOfSatisfying(StoreTrouble.class, full -> assertThat(full.kind()).isEqualTo(Kind.OVERLOADED));
        assertThatThrownBy(() -> got(rules.give(wanted, large))).isInstanceOf(StoreTrouble.class);
        assertThat(got(rules.standing(Space.TENANTLESS)).version()).isZero();
        assertThat(got(rules.revoke(given, large))).isTrue();

        bench.payAll();
        assertThat(got(rules.change(Space.TENANTLESS, 0, Json.EMPTY_OBJECT, large)))
                .isEqualTo(new RuleStore.Change.Changed(1));
    }

    private static NewPause large(String action, int bytes) {
        NewPause small = prompt(action);
        return new NewPause(small.action(), small.payload(), small.deadline(), small.references(),
                new Json("\"" + "x".repeat(bytes) + "\""), null);
    }

    @Test
    void listenerThatFallsTooFarBehindIsFailedAndNotSkippedOver() {
        Bench wide = MemoryBench.bench();
        AssertSubscriber<Change> asleep = wide.log.changes().subscribe().withSubscriber(AssertSubscriber.create(1));

        for (int turn = 0; turn < 10_000; turn++) wide.create("job");

        asleep.awaitFailure(Duration.ofSeconds(10));
        assertThat(asleep.getItems()).hasSize(1);
    }

    @Test
    void listenerThatThrowsDoesNotSilenceTheOthers() {
        Bench wide = MemoryBench.bench();
        wide.log.changes().subscribe().with(change -> {
            throw new IllegalStateException("broken listener");
        }, failure -> {});
        AssertSubscriber<Change> well =
                wide.log.changes().subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));

        for (int turn = 0; turn < 5; turn++) wide.create("job-" + turn);

        assertThat(well.getItems()).hasSize(5);
    }

    private Transition tryCreate(String id) { return got(bench.store.create(wanted(key(id), details("ann")))); }

    private Transition append(Job job, int bytes) { return append(bench, job, "blob", bytes); }

    private static Transition append(Bench bench, Job job, String name, int bytes) {
        return got(bench.store.append(job.key(), job.fence(), OptionalLong.empty(),
                List.of(new Reported(new EventName(name), new Json("\"" + "x".repeat(bytes) + "\""),
                        !name.equals("blob")))));
    }
}
