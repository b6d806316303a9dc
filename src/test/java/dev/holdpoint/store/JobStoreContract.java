package dev.holdpoint.store;

import static dev.holdpoint.store.Bench.BROKEN;
import static dev.holdpoint.store.Bench.EVERY_PROMPT;
import static dev.holdpoint.store.Bench.RESULT;
import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.action;
import static dev.holdpoint.store.Bench.by;
import static dev.holdpoint.store.Bench.details;
import static dev.holdpoint.store.Bench.detailsOf;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.reports;
import static dev.holdpoint.store.Bench.tools;
import static dev.holdpoint.store.Bench.user;
import static dev.holdpoint.store.Bench.wanted;
import static dev.holdpoint.store.Bench.won;
import static dev.holdpoint.store.Bench.worker;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ClosedAction.Outcome;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.EventLog.Extent;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Fence;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobEvent.Reported;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Judgement;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.Move;
import dev.holdpoint.job.NewJob;
import dev.holdpoint.job.NewJob.IfActive;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.PendingQuery;
import dev.holdpoint.job.PendingQuery.Order;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.Timing;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.Lost;
import dev.holdpoint.job.Transition.Won;
import dev.holdpoint.job.UserId;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import dev.holdpoint.store.Bench.Sight;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every job store promises. A store proves itself by extending this and adding only how to make an empty one. */
public abstract class JobStoreContract {
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SHORT = Duration.ofMinutes(1);

    private Bench bench;

    protected abstract Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds);

    @BeforeEach
    void setUp() {
        bench = new Bench(this::emptyStore);
    }

    private Bench within(Bounds bounds) { return new Bench(this::emptyStore, TIMING, bounds); }

    // --- the transition table

    /** Every way into a store that makes a {@link Move}. */
    enum Door {
        APPEND(Move.APPEND), HEARTBEAT(Move.HEARTBEAT), PAUSE(Move.PAUSE), PASS(Move.PASS), RESOLVE(Move.RESOLVE),
        CLAIM(Move.CLAIM),
        CLAIM_OLDEST(Move.CLAIM), REOPEN(Move.REOPEN), COMPLETE(Move.COMPLETE_JOB), FAIL(Move.FAIL), REAP(Move.REAP),
        EXPIRE_DEAD(Move.EXPIRE), EXPIRE_BY_HAND(Move.EXPIRE), ABORT(Move.ABORT), REPLACE(Move.REPLACE);

        final Move move;

        Door(Move move) { this.move = move; }
    }

    static Stream<Arguments> legal() { return doors(true); }

    /** A new generation may begin over any ended one. */
    static Stream<Arguments> illegal() {
        return doors(false).filter(one -> one.get()[0] != Door.REPLACE);
    }

    private static Stream<Arguments> doors(boolean legal) {
        return Stream.of(Door.values()).flatMap(door -> Stream.of(JobStatus.values())
                .filter(status -> door.move.isLegalFrom(status) == legal).map(status -> Arguments.of(door, status)));
    }

    @Test
    void everyMoveHasADoor() {
        assertThat(Stream.of(Door.values()).map(door -> door.move)).containsOnly(Move.values());
    }

    @ParameterizedTest
    @MethodSource("legal")
    void legalMoveLeadsWhereTheTableSays(Door door, JobStatus status) {
        Job job = ready(door, status);

        Transition outcome = go(door, job);

        if (door == Door.REPLACE) {
            assertThat(bench.log(job).getLast().event()).isEqualTo(new JobEvent.JobEnded(new Ending.Replaced()));
            assertThat(new Ending.Replaced().status()).isEqualTo(door.move.to(status));
        } else {
            assertThat(won(outcome).status()).isEqualTo(door.move.to(status));
            assertThat(bench.find(job.key())).isEqualTo(won(outcome));
        }
    }

    @ParameterizedTest
    @MethodSource("illegal")
    void illegalMoveLosesAndChangesNothing(Door door, JobStatus status) {
        Job job = bench.find(in(status).key());
        Sight before = bench.sight(job.key());

        Transition outcome = go(door, job);

        assertThat(outcome).isEqualTo(refusal(door, job));
        assertThat(bench.sight(job.key())).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(value = Door.class, mode = EnumSource.Mode.EXCLUDE, names = "REPLACE")
    void moveOfAJobThatIsNotThereLosesAndMakesNone(Door door) {
        Job other = bench.paused("job", "a1");
        Sight before = bench.sight(other.key());
        Job unknown = new Job(key("unknown"), other.generation(), 1, other.details(), other.phase(), other.createdAt(),
                other.lastActiveAt(), other.lastSeq(), other.closed());

        Transition outcome = go(door, unknown);

        assertThat(outcome).isEqualTo(switch (door) {
            case REOPEN, REAP, EXPIRE_DEAD -> new Transition.NotDue();
            case CLAIM_OLDEST -> new Transition.StillUndecided();
            default -> new Transition.NoSuchJob();
        });
        assertThat(bench.exists(unknown.key())).isFalse();
        assertThat(bench.sight(other.key())).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(value = JobStatus.class, names = {"COMPLETE", "ERROR", "ABORTED"})
    void newGenerationOverAnEndedOneLeavesItsEndingAlone(JobStatus status) {
        Job ended = bench.find(in(status).key());
        List<LoggedEvent> log = bench.log(ended);

        Job next = bench.create("job");

        assertThat(next.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(bench.log(ended)).isEqualTo(log);
        assertThat(bench.owed()).containsExactly(ended);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void lifecycleChangeIsExactlyOneEventAndAnythingElseNone(Door door) {
        JobStatus from = door.move.from().contains(JobStatus.RUNNING) ? JobStatus.RUNNING : JobStatus.REQUIRES_ACTION;
        Job job = ready(door, from);
        int before = bench.log(job).size();

        go(door, job);

        List<LoggedEvent> added = bench.log(job).subList(before, bench.log(job).size());
        assertThat(added).hasSize(Set.of(Door.HEARTBEAT, Door.PASS, Door.REOPEN).contains(door) ? 0 : 1);
        assertThat(added.stream().filter(one -> one.event() instanceof JobEvent.Lifecycle))
                .hasSize(Set.of(Door.HEARTBEAT, Door.PASS, Door.REOPEN, Door.APPEND).contains(door) ? 0 : 1);
    }

    /** A job from which the door may be taken. */
    private Job ready(Door door, JobStatus from) {
        Job job = switch (door) {
            case CLAIM, CLAIM_OLDEST -> bench.resolved("job", "a1");
            case REOPEN -> bench.claimed("job", "a1", "w1");
            default -> in(from);
        };
        if (door == Door.REOPEN) bench.advance(TIMING.lease());
        if (door == Door.REAP) bench.advance(TIMING.runningTtl());
        if (door == Door.EXPIRE_DEAD) bench.advance(TIMING.pauseBackstop());
        return bench.find(job.key());
    }

    private Job in(JobStatus status) {
        return switch (status) {
            case RUNNING -> bench.create("job");
            case REQUIRES_ACTION -> bench.paused("job", "a1");
            case COMPLETE -> bench.complete(bench.create("job"));
            case ERROR -> {
                Job job = bench.create("job");
                yield won(got(bench.store.fail(job.key(), job.fence(), BROKEN)));
            }
            case ABORTED -> bench.abort(bench.create("job"));
        };
    }

    private Transition go(Door door, Job job) {
        JobKey key = job.key();
        long generation = job.generation();
        return switch (door) {
            case APPEND -> bench.tryAppend(job, OptionalLong.empty(), "token");
            case HEARTBEAT -> got(bench.store.heartbeat(key, job.fence()));
            case PAUSE -> bench.tryPause(job, prompt("a9"));
            case PASS -> got(bench.store.pass(key, job.fence(), new Judgement(0, List.of())));
            case RESOLVE -> bench.tryResolve(job, "a1", "ann");
            case CLAIM -> bench.tryClaim(key, "a1", "w9");
            case CLAIM_OLDEST -> bench.tryClaimOldest("w9");
            case REOPEN -> got(bench.store.reopen(key, generation));
            case COMPLETE -> got(bench.store.complete(key, job.fence(), RESULT));
            case FAIL -> got(bench.store.fail(key, job.fence(), BROKEN));
            case REAP -> got(bench.store.reap(key, generation));
            case EXPIRE_DEAD -> got(bench.store.expireDead(key, generation, action("a1")));
            case EXPIRE_BY_HAND -> got(bench.store.expireByHand(key, action("a1")));
            case ABORT -> got(bench.store.abort(key, OptionalLong.empty()));
            case REPLACE -> got(bench.store.create(wanted(key, details("ann"))));
        };
    }

    private static Lost refusal(Door door, Job job) {
        JobStatus status = job.status();
        boolean waits = status == JobStatus.REQUIRES_ACTION;
        return switch (door) {
            case APPEND, HEARTBEAT, ABORT -> new Transition.AlreadySettled(status);
            case PAUSE, PASS -> waits ? new Transition.AlreadyPaused(action("a1")) : new Transition.NotRunning(status);
            case COMPLETE, FAIL -> new Transition.NotRunning(status);
            case RESOLVE, EXPIRE_BY_HAND -> new Transition.NotWaiting(status);
            case CLAIM -> waits ? new Transition.StillUndecided() : new Transition.NoSuchAction();
            case CLAIM_OLDEST -> new Transition.StillUndecided();
            case REOPEN, REAP, EXPIRE_DEAD -> new Transition.NotDue();
            case REPLACE -> throw new AssertionError("is never refused by a status");
        };
    }

    // --- generations

    @Nested
    class Generations {
        @Test
        void generationIsTheStoresTime() {
            assertThat(bench.create("job").generation()).isEqualTo(bench.now().toEpochMilli());
        }

        @Test
        void generationGrowsWhileTheClockStandsStill() {
            long first = bench.create("job").generation();
            long second = bench.create("job").generation();
            long third = bench.create("job").generation();

            assertThat(second).isGreaterThan(first);
            assertThat(third).isGreaterThan(second);
        }

        @Test
        void generationGrowsWhenTheClockStepsBack() {
            long first = bench.create("job").generation();

            bench.advance(Duration.ofHours(-1));

            assertThat(bench.create("job").generation()).isGreaterThan(first);
        }

        @Test
        void generationGrowsEvenAfterTheJobWasReclaimedAndTheClockSteppedBack() {
            Job first = bench.complete(bench.create("job"));
            bench.payAll();
            bench.advance(TIMING.terminalRetention());
            won(bench.tryReclaim(first));

            bench.advance(Duration.ofHours(-1));

            assertThat(bench.create("job").generation()).isGreaterThan(first.generation());
        }

        @Test
        void idReuseLeaksNothing() {
            Json message = new Json("{\"text\":\"hello\"}");
            JobDetails rich = new JobDetails(user("ann"), details("ann").conversation(), new AgentId("writer"), "run-1",
                    "msg-1", message, new Json("{\"a\":1}"));
            Job old = bench.create(wanted(key("job"), rich));
            won(got(bench.store.append(old.key(), old.fence(), OptionalLong.empty(),
                    List.of(new Reported(new EventName("plan"), message, true)))));
            bench.claim(bench.resolve(bench.pause(old, "a1"), "a1"), "a1", "w1");
            bench.pause(bench.find(old.key()), "a2");
            bench.advance(SHORT);

            Job fresh = bench.create("job");

            Instant now = bench.now();
            assertThat(fresh).isEqualTo(new Job(key("job"), fresh.generation(), 1, details("ann"),
                    new Phase.Running(null), now, now, 1, fresh.closed()));
            assertThat(got(bench.store.resumeState(fresh.key()))).isEqualTo(new ResumeState(fresh, Map.of(), now));
            assertThat(bench.log(fresh)).singleElement()
                    .isEqualTo(
                            new LoggedEvent(new EventId(fresh.generation(), 1), now,
                                    new JobEvent.JobCreated(fresh.withoutMemory())));
            assertThat(bench.pending()).isEmpty();
            assertThat(bench.active("ann")).containsExactly(fresh);
            assertThat(bench.tryClaimOldest("w2")).isEqualTo(new Transition.StillUndecided());
            assertThat(bench.count(JobStatus.RUNNING)).isEqualTo(1);
            assertThat(bench.count(JobStatus.REQUIRES_ACTION)).isZero();
        }

        @Test
        void readersOfAReplacedJobCanReadItToItsEnd() {
            Job old = bench.append(bench.create("job"), "one", "two");

            Job next = bench.create("job");

            Slice rest = got(bench.log.read(old.key(), old.generation(), 2, 10));
            assertThat(rest.kept()).isTrue();
            assertThat(rest.events()).extracting(LoggedEvent::event).containsExactly(reports("two").getFirst(),
                    new JobEvent.JobEnded(new Ending.Replaced()));
            assertThat(bench.log(next)).hasSize(1);
        }

        @Test
        void replacedJobIsOwedToTheArchiveAsAbortedForBeingReplaced() {
            Job old = bench.paused("job", "a1");

            bench.create("job");

            assertThat(bench.owed()).singleElement().satisfies(ended -> {
                assertThat(ended.generation()).isEqualTo(old.generation());
                assertThat(ended.status()).isEqualTo(JobStatus.ABORTED);
                assertThat(ended.phase()).isEqualTo(new Phase.Ended(new Ending.Replaced(), bench.now()));
                assertThat(ended.ended().orElseThrow().how().error()).isEqualTo(JobError.REPLACED);
            });
        }

        @Test
        void lastReaderOfAReplacedJobIsToldWhenItsLogIsGone() {
            Job old = bench.create("job");
            bench.create("job");
            bench.create("job");

            Slice slice = got(bench.log.read(old.key(), old.generation(), 0, 10));

            assertThat(slice.kept() && slice.events().isEmpty()).isFalse();
        }

        @Test
        void anotherOwnerCannotTakeAnId() {
            bench.create("job");
            Sight before = bench.sight(key("job"));

            assertThat(got(bench.store.create(wanted(key("job"), details("bob")))))
                    .isEqualTo(new Transition.OwnedByAnother());
            assertThat(bench.sight(key("job"))).isEqualTo(before);
        }

        @Test
        void anotherOwnerCannotTakeTheIdOfAnEndedJob() {
            bench.complete(bench.create("job"));

            assertThat(got(bench.store.create(wanted(key("job"), details("bob")))))
                    .isEqualTo(new Transition.OwnedByAnother());
        }

        @Test
        void reclaimedIdIsFreeForAnybody() {
            Job job = bench.complete(bench.create("job"));
            bench.payAll();
            bench.advance(TIMING.terminalRetention());
            won(bench.tryReclaim(job));

            assertThat(bench.create(key("job"), "bob").details().owner()).isEqualTo(user("bob"));
        }

        @Test
        void sameIdInTwoTenantsIsTwoJobs() {
            JobKey here = new Space(new TenantId("acme")).job(new JobId("job"));
            JobKey there = new Space(new TenantId("globex")).job(new JobId("job"));
            Job ours = bench.create(here, "ann");
            Job theirs = bench.create(there, "bob");
            Job nobodys = bench.create("job");

            bench.pause(ours, "a1");
            bench.abort(theirs);

            assertThat(bench.find(here).status()).isEqualTo(JobStatus.REQUIRES_ACTION);
            assertThat(bench.find(there).status()).isEqualTo(JobStatus.ABORTED);
            assertThat(bench.find(nobodys.key())).isEqualTo(nobodys);
            assertThat(bench.log(nobodys)).hasSize(1);
            assertThat(bench.pending()).isEmpty();
            assertThat(got(bench.store.pending(here.space(), EVERY_PROMPT, null, 10)).items()).hasSize(1);
            assertThat(got(bench.store.pending(there.space(), EVERY_PROMPT, null, 10)).items()).isEmpty();
            assertThat(got(bench.store.activeJobs(there.space(), user("ann"), null, 10)).items()).isEmpty();
            assertThat(bench.count(here.space(), JobStatus.REQUIRES_ACTION)).isEqualTo(1);
            assertThat(bench.count(there.space(), JobStatus.REQUIRES_ACTION)).isZero();
        }

        @Test
        void activePredecessorIsRejectedOnRequest() {
            Job running = bench.create("job");

            assertThat(tryCreate(IfActive.REJECT, OptionalLong.empty()))
                    .isEqualTo(new Transition.JobActive(running.generation()));
            assertThat(bench.find(running.key())).isEqualTo(running);
        }

        @Test
        void pausedPredecessorIsActiveUntilItsDeadline() {
            Job paused = bench.pause(bench.create("job"), prompt("a1", SHORT));

            bench.advance(SHORT.minus(MILLI));
            assertThat(tryCreate(IfActive.REJECT, OptionalLong.empty()))
                    .isEqualTo(new Transition.JobActive(paused.generation()));

            bench.advance(MILLI);
            assertThat(tryCreate(IfActive.REJECT, OptionalLong.empty())).isInstanceOf(Won.class);
        }

        @Test
        void endedPredecessorIsNoReasonToReject() {
            bench.complete(bench.create("job"));

            assertThat(tryCreate(IfActive.REJECT, OptionalLong.empty())).isInstanceOf(Won.class);
        }

        @Test
        void expectedGenerationMustBeTheNewest() {
            assertThat(tryCreate(IfActive.REPLACE, OptionalLong.of(7))).isEqualTo(new Transition.GenerationMismatch(0));
            Job first = won(tryCreate(IfActive.REPLACE, OptionalLong.of(0)));

            assertThat(tryCreate(IfActive.REPLACE, OptionalLong.of(0)))
                    .isEqualTo(new Transition.GenerationMismatch(first.generation()));
            assertThat(bench.find(first.key())).isEqualTo(first);
            assertThat(tryCreate(IfActive.REPLACE, OptionalLong.of(first.generation()))).isInstanceOf(Won.class);
        }

        private Transition tryCreate(IfActive ifActive, OptionalLong expected) {
            return got(bench.store.create(new NewJob(key("job"), details("ann"), ifActive, expected)));
        }
    }

    // --- fences

    @Nested
    class Fences {
        @Test
        void workerOfAnOlderGenerationIsRefusedEverywhere() {
            Fence replaced = bench.create("job").fence();
            Job job = bench.create("job");

            eachWrite(job.key(), replaced, new Transition.GenerationReplaced(job.generation()));
            bench.complete(job);
            eachWrite(job.key(), replaced, new Transition.GenerationReplaced(job.generation()));
        }

        @Test
        void workerOfANewerGenerationIsRefusedEverywhere() {
            Job job = bench.create("job");

            eachWrite(job.key(), new Fence(job.generation() + 1, 1),
                    new Transition.GenerationReplaced(job.generation()));
        }

        @Test
        void workerOfAnOlderExecutionIsRefusedEverywhere() {
            Fence replaced = bench.create("job").fence();
            Job claimed = bench.claim(bench.resolve(bench.pause(bench.find(key("job")), "a1"), "a1"), "a1", "w2");

            eachWrite(claimed.key(), replaced, new Transition.ExecutionReplaced(2));
            bench.pause(claimed, "a2");
            eachWrite(claimed.key(), replaced, new Transition.ExecutionReplaced(2));
        }

        @Test
        void nobodyWritesBetweenResolutionAndClaim() {
            Job resolved = bench.resolved("job", "a1");

            eachWrite(resolved.key(), resolved.fence(), new Transition.NotClaimed());
        }

        @Test
        void workerWhoseLeaseLapsedMustClaimAgain() {
            Job claimed = bench.claimed("job", "a1", "w1");
            bench.advance(TIMING.lease());

            eachWrite(claimed.key(), claimed.fence(), new Transition.NotClaimed());
        }

        @Test
        void workerWhoseLeaseWasReopenedMustClaimAgain() {
            Job claimed = bench.claimed("job", "a1", "w1");
            bench.advance(TIMING.lease());
            won(got(bench.store.reopen(claimed.key(), claimed.generation())));

            eachWrite(claimed.key(), claimed.fence(), new Transition.NotClaimed());
        }

        @Test
        void workerThatWasReplacedCannotComplete() {
            Job replaced = bench.create("job");
            Job inForce = bench.create("job");

            assertThat(got(bench.store.complete(key("job"), replaced.fence(), null)))
                    .isEqualTo(new Transition.GenerationReplaced(inForce.generation()));
            assertThat(bench.complete(inForce).status()).isEqualTo(JobStatus.COMPLETE);
        }

        private void eachWrite(JobKey job, Fence fence, Lost expected) {
            Sight before = bench.sight(job);
            writes(job, fence).forEach((name, outcome) -> assertThat(outcome).as(name).isEqualTo(expected));
            assertThat(bench.sight(job)).isEqualTo(before);
        }

        /** Every write that a worker can make, done one after the other. */
        private Map<String, Transition> writes(JobKey job, Fence fence) {
            Map<String, Transition> outcomes = new LinkedHashMap<>();
            outcomes.put("append",
                    got(bench.store.append(job, fence, OptionalLong.empty(), reports("token"))));
            outcomes.put("append with a sequence",
                    got(bench.store.append(job, fence, OptionalLong.of(1), reports("token"))));
            outcomes.put("heartbeat", got(bench.store.heartbeat(job, fence)));
            outcomes.put("pause", got(bench.store.pause(job, fence, prompt("a9"), null)));
            outcomes.put("pass", got(bench.store.pass(job, fence, new Judgement(0, List.of()))));
            outcomes.put("complete", got(bench.store.complete(job, fence, RESULT)));
            outcomes.put("fail", got(bench.store.fail(job, fence, BROKEN)));
            return outcomes;
        }
    }

    // --- continuations

    @Nested
    class Continuations {
        @Test
        void claimHandsOverResolutionLeaseAndAHigherExecution() {
            Job resolved = bench.resolved("job", "a1");

            Job claimed = bench.claim(resolved, "a1", "w1");

            Continuation continuation = claimed.continuation().orElseThrow();
            assertThat(continuation.hold())
                    .isEqualTo(new Continuation.Hold.Claimed(worker("w1"), bench.now().plus(TIMING.lease())));
            assertThat(continuation.resolution()).isEqualTo(resolved.continuation().orElseThrow().resolution());
            assertThat(continuation.resolution().action().references().threadId()).isEqualTo("thread-1");
            assertThat(continuation.resolution().action().references().trace()).isEqualTo(Bench.PAUSE_TRACE);
            assertThat(continuation.resolution().decidedBy().trace()).isEqualTo(Bench.DECISION_TRACE);
            assertThat(continuation.resolution().action().resumeContext()).isEqualTo(prompt("a1").resumeContext());
            assertThat(claimed.fence()).isEqualTo(new Fence(resolved.generation(), 2));
            assertThat(bench.log(claimed).getLast().event()).isEqualTo(new JobEvent.JobClaimed(worker("w1"), 2));
        }

        @Test
        void sameWorkerGetsTheSameLeaseAgain() {
            Job claimed = bench.claimed("job", "a1", "w1");
            bench.advance(Duration.ofSeconds(1));
            Sight before = bench.sight(claimed.key());

            assertThat(bench.claim(claimed, "a1", "w1")).isEqualTo(claimed);
            assertThat(bench.sight(claimed.key())).isEqualTo(before);
        }

        @Test
        void anotherWorkerIsToldWhoHoldsIt() {
            Job claimed = bench.claimed("job", "a1", "w1");

            assertThat(bench.tryClaim(claimed.key(), "a1", "w2"))
                    .isEqualTo(new Transition.AlreadyClaimed(worker("w1")));
            assertThat(bench.find(claimed.key())).isEqualTo(claimed);
        }

        @Test
        void leaseHoldsUntilItsLastInstantAndNotLonger() {
            Job claimed = bench.claimed("job", "a1", "w1");

            bench.advance(TIMING.lease().minus(MILLI));
            assertThat(bench.tryClaim(claimed.key(), "a1", "w2")).isInstanceOf(Transition.AlreadyClaimed.class);

            bench.advance(MILLI);
            assertThat(bench.claim(claimed, "a1", "w2").execution()).isEqualTo(3);
        }

        @Test
        void lapsedLeaseIsANewExecutionEvenForTheSameWorker() {
            Job claimed = bench.claimed("job", "a1", "w1");
            bench.advance(TIMING.lease());

            assertThat(bench.claim(claimed, "a1", "w1").execution()).isEqualTo(3);
        }

        @Test
        void heartbeatsAndAppendsRenewTheLease() {
            Job claimed = bench.claimed("job", "a1", "w1");

            for (int beats = 0; beats < 10; beats++) {
                bench.advance(TIMING.lease().dividedBy(2));
                Job alive = beats % 2 == 0 ? bench.heartbeat(claimed) : bench.append(claimed, "token");
                assertThat(alive.continuation().orElseThrow().hold()).isEqualTo(
                        new Continuation.Hold.Claimed(worker("w1"), bench.now().plus(TIMING.lease())));
            }
            assertThat(bench.due()).isEmpty();
        }

        @Test
        void executionGrowsWithEachClaim() {
            Job job = bench.create("job");
            for (int round = 1; round <= 5; round++) {
                job = bench.claim(bench.resolve(bench.pause(job, "a" + round), "a" + round), "a" + round, "w");

                assertThat(job.execution()).isEqualTo(round + 1);
            }
        }

        @Test
        void claimOldestFollowsTheOrderOfDecisions() {
            Job first = bench.paused("one", "a1");
            Job second = bench.paused("two", "a1");
            Job third = bench.paused("three", "a1");
            for (Job job : List.of(third, first, second)) {
                bench.advance(MILLI);
                bench.resolve(job, "a1");
            }

            List<JobKey> claimed = IntStream.range(0, 3).mapToObj(at -> won(bench.tryClaimOldest("w")).key()).toList();

            assertThat(claimed).containsExactly(third.key(), first.key(), second.key());
            assertThat(bench.tryClaimOldest("w")).isEqualTo(new Transition.StillUndecided());
        }

        @Test
        void claimOldestKeepsToTheAgentsThatAreNamed() {
            for (String agent : List.of("writer", "coder", "painter")) {
                bench.advance(MILLI);
                Job job = bench.create(wanted(key(agent), detailsOf("ann", agent)));
                bench.resolve(bench.pause(job, "a1"), "a1");
            }
            bench.resolved("without", "a1");

            Set<AgentId> agents = Set.of(new AgentId("painter"), new AgentId("coder"));
            assertThat(won(claimOldest(agents)).key()).isEqualTo(key("coder"));
            assertThat(won(claimOldest(agents)).key()).isEqualTo(key("painter"));
            assertThat(claimOldest(agents)).isEqualTo(new Transition.StillUndecided());
            assertThat(claimOldest(Set.of(new AgentId("nobody")))).isEqualTo(new Transition.StillUndecided());
            assertThat(won(claimOldest(Set.of())).key()).isEqualTo(key("writer"));
            assertThat(won(claimOldest(Set.of())).key()).isEqualTo(key("without"));
        }

        @Test
        void claimOldestKeepsToItsSpace() {
            Space acme = new Space(new TenantId("acme"));
            Job ours = bench.create(acme.job(new JobId("job")), "ann");
            bench.resolve(bench.pause(ours, "a1"), "a1");

            assertThat(bench.tryClaimOldest("w")).isEqualTo(new Transition.StillUndecided());
            assertThat(won(got(bench.store.claimOldest(acme, Set.of(), worker("w")))).key()).isEqualTo(ours.key());
        }

        @Test
        void claimOldestPassesOverWhatEndedOrPausedMeanwhile() {
            bench.abort(bench.resolved("aborted", "a1"));
            bench.resolved("replaced", "a1");
            bench.create("replaced");
            bench.pause(bench.claimed("paused", "a1", "w1"), "a2");

            assertThat(bench.tryClaimOldest("w")).isEqualTo(new Transition.StillUndecided());
        }

        @Test
        void claimOldestFindsALapsedLeaseOnceItIsReopened() {
            Job claimed = bench.claimed("job", "a1", "w1");
            bench.advance(TIMING.lease());
            won(got(bench.store.reopen(claimed.key(), claimed.generation())));

            assertThat(won(bench.tryClaimOldest("w2")).execution()).isEqualTo(3);
        }

        @Test
        void leaseIsNotReopenedBeforeItLapsed() {
            Job claimed = bench.claimed("job", "a1", "w1");
            bench.advance(TIMING.lease().minus(MILLI));

            assertThat(got(bench.store.reopen(claimed.key(), claimed.generation()))).isEqualTo(new Transition.NotDue());
            assertThat(bench.find(claimed.key())).isEqualTo(claimed);
        }

        @Test
        void leaseOfAnotherGenerationIsNotReopened() {
            Job claimed = bench.claimed("job", "a1", "w1");
            bench.advance(TIMING.lease());

            assertThat(got(bench.store.reopen(claimed.key(), claimed.generation() - 1)))
                    .isEqualTo(new Transition.NotDue());
        }

        @Test
        void claimBeforeTheDecisionIsTooEarlyAndAfterTheDeadlineTooLate() {
            Job paused = bench.pause(bench.create("job"), prompt("a1", SHORT));

            assertThat(bench.tryClaim(paused.key(), "a1", "w")).isEqualTo(new Transition.StillUndecided());
            bench.advance(SHORT);
            assertThat(bench.tryClaim(paused.key(), "a1", "w"))
                    .isEqualTo(new Transition.PromptDead(paused.generation(), action("a1")));
        }

        @Test
        void claimOfAnActionThatNeverWasIsToldSo() {
            bench.paused("job", "a1");

            assertThat(bench.tryClaim(key("job"), "a9", "w")).isEqualTo(new Transition.NoSuchAction());
        }

        @Test
        void continuationThatWentOnCannotBeClaimedAgain() {
            Job claimed = bench.claimed("job", "a1", "w1");

            bench.pause(claimed, "a2");
            assertThat(bench.tryClaim(claimed.key(), "a1", "w1")).isEqualTo(new Transition.AlreadyClaimed(null));
        }

        private Transition claimOldest(Set<AgentId> agents) {
            return got(bench.store.claimOldest(Space.TENANTLESS, agents, worker("w")));
        }
    }

    // --- decisions

    @Nested
    class Decisions {
        @Test
        void resolutionTellsWhoDecidedWhatAndWhen() {
            Job paused = bench.paused("job", "a1");
            PendingAction asked = paused.prompt().orElseThrow();
            bench.advance(SHORT);

            Job resolved = bench.resolve(paused, "a1");

            Resolution resolution = resolved.continuation().orElseThrow().resolution();
            assertThat(resolution).isEqualTo(new Resolution(new ResolutionId("res-ann-a1"), paused.key(),
                    paused.generation(), asked, details("ann").conversation(), user("ann"), null, by("ann"),
                    bench.now(), Bench.approval(), resolution.durability()));
            assertThat(resolution.durability()).isNotBlank();
            assertThat(resolution.waited()).isEqualTo(SHORT);
            assertThat(resolved.continuation().orElseThrow().isOpen()).isTrue();
            assertThat(bench.log(resolved).getLast().event()).isEqualTo(new JobEvent.JobResumed(resolution));
        }

        @Test
        void secondDecisionLearnsTheFirst() {
            Job paused = bench.paused("job", "a1");
            Resolution winner = bench.resolve(paused, "a1").continuation().orElseThrow().resolution();

            assertThat(bench.tryResolve(paused, "a1", "bob")).isEqualTo(new Transition.AlreadyDecided(winner));
        }

        @Test
        void resolutionOfAnActionIsKnownForAsLongAsTheActionIs() {
            Job resolved = bench.resolved("job", "a1");
            Resolution resolution = resolved.continuation().orElseThrow().resolution();

            bench.pause(bench.claim(resolved, "a1", "w1"), "a2");

            assertThat(got(bench.store.resolution(key("job"), action("a1")))).isEqualTo(resolution);
            assertThat(got(bench.store.resolution(key("job"), action("a2")))).isNull();
            assertThat(got(bench.store.resolution(key("none"), action("a1")))).isNull();
            bench.create("job");
            assertThat(got(bench.store.resolution(key("job"), action("a1")))).isEqualTo(resolution);
        }

        @Test
        void staleDecisionLeavesTheCurrentPromptOpen() {
            Job again = bench.pause(bench.claimed("job", "a1", "w1"), "a2");
            Sight before = bench.sight(again.key());

            assertThat(bench.tryResolve(again, "a1", "bob")).isEqualTo(new Transition.StaleAction(action("a2")));
            assertThat(bench.sight(again.key())).isEqualTo(before);
            assertThat(bench.resolve(again, "a2").status()).isEqualTo(JobStatus.RUNNING);
        }

        @Test
        void deadlineItselfIsTooLate() {
            Job early = bench.pause(bench.create("early"), prompt("a1", SHORT));
            Job late = bench.pause(bench.create("late"), prompt("a1", SHORT));

            bench.advance(SHORT.minus(MILLI));
            assertThat(bench.tryResolve(early, "a1", "ann")).isInstanceOf(Won.class);

            bench.advance(MILLI);
            assertThat(bench.tryResolve(late, "a1", "ann"))
                    .isEqualTo(new Transition.PromptDead(late.generation(), action("a1")));
        }

        @Test
        void decisionOfAnEarlierGenerationNeverLandsInALaterOne() {
            Job old = bench.paused("job", "a1");
            Job fresh = bench.pause(bench.create("job"), "a1");

            assertThat(bench.tryResolve(old, "a1", "ann")).isEqualTo(new Transition.ActionClosed(Outcome.REPLACED));
            assertThat(bench.find(fresh.key())).isEqualTo(fresh);
        }

        @Test
        void decisionOfAnEarlierGenerationIsNotToldTheWinnerOfALaterOneWithItsActionId() {
            Job old = bench.paused("job", "a1");
            bench.resolve(bench.pause(bench.create("job"), "a1"), "a1");

            assertThat(bench.tryResolve(old, "a1", "bob")).isEqualTo(new Transition.ActionClosed(Outcome.REPLACED));
        }

        @Test
        void decisionOfAnEarlierGenerationIsToldItsOwnWinner() {
            Job old = bench.resolved("job", "a1");
            Resolution winner = old.continuation().orElseThrow().resolution();
            bench.resolve(bench.pause(bench.create("job"), "a1"), "a1");

            assertThat(bench.tryResolve(old, "a1", "bob")).isEqualTo(new Transition.AlreadyDecided(winner));
        }

        @Test
        void latecomersLearnHowAnActionEnded() {
            Job expired = bench.pause(bench.create("expired"), prompt("a1", SHORT));
            Job aborted = bench.paused("aborted", "a1");
            Job replaced = bench.paused("replaced", "a1");
            bench.advance(SHORT);
            bench.expire(expired, "a1");
            bench.abort(aborted);
            bench.create("replaced");

            Map<Job, Outcome> outcomes = Map.of(expired, Outcome.EXPIRED, aborted, Outcome.ABORTED, replaced,
                    Outcome.REPLACED);
            outcomes.forEach((job, outcome) -> {
                assertThat(bench.tryResolve(job, "a1", "bob")).isEqualTo(new Transition.ActionClosed(outcome));
                assertThat(bench.tryClaim(job.key(), "a1", "w")).isEqualTo(new Transition.ActionClosed(outcome));
            });
        }

        @Test
        void latecomersLearnTheWinnerEvenAfterTheJobEnded() {
            Job claimed = bench.claimed("job", "a1", "w1");
            Resolution winner = claimed.continuation().orElseThrow().resolution();

            bench.complete(claimed);
            assertThat(bench.tryResolve(claimed, "a1", "bob")).isEqualTo(new Transition.AlreadyDecided(winner));

            bench.create("job");
            assertThat(bench.tryResolve(claimed, "a1", "bob")).isEqualTo(new Transition.AlreadyDecided(winner));
            assertThat(bench.tryClaim(claimed.key(), "a1", "w1"))
                    .isEqualTo(new Transition.ActionClosed(Outcome.REPLACED));
        }

        @Test
        void resolvedButUnclaimedContinuationDiesWithItsJob() {
            Job resolved = bench.resolved("job", "a1");
            bench.abort(resolved);

            assertThat(bench.tryClaim(resolved.key(), "a1", "w"))
                    .isEqualTo(new Transition.ActionClosed(Outcome.ABORTED));
        }

        @Test
        void memoryOfClosedActionsIsBounded() {
            Job job = bench.create("job");
            for (int round = 0; round < 100; round++) {
                job = bench.claim(bench.resolve(bench.pause(job, "a" + round), "a" + round), "a" + round, "w");
            }

            assertThat(job.closed().getLast().id()).isEqualTo(action("a99"));
            assertThat(got(bench.store.recall(job.key())).job().closed()).hasSizeBetween(16, 99)
                    .endsWith(job.closed().getLast());
        }
    }

    // --- pauses

    @Nested
    class Pauses {
        @Test
        void pauseKeepsWhatWasAsked() {
            Interrupt payload = new Interrupt.AskUserQuestion(true, List.of(new Interrupt.Question("region", "Region",
                    "Which region?", "Where to run", List.of(new Interrupt.Option("EU", "eu")), true)), null);

            Job paused = bench.pause(bench.create("job"), prompt("a1", new Deadline.In(SHORT), payload));

            PendingAction action = bench.find(paused.key()).prompt().orElseThrow();
            assertThat(action).isEqualTo(new PendingAction(action("a1"), payload, bench.now(), bench.now().plus(SHORT),
                    bench.now().plus(SHORT), prompt("a1").references(), prompt("a1").resumeContext(), null));
            assertThat(bench.log(paused).getLast().event()).isEqualTo(new JobEvent.JobPaused(action));
        }

        @Test
        void sameActionFromTheSameFenceIsTheSamePause() {
            Job paused = bench.paused("job", "a1");
            bench.advance(SHORT);
            Sight before = bench.sight(paused.key());

            assertThat(bench.pause(paused, prompt("a1", Duration.ofHours(1)))).isEqualTo(paused);
            assertThat(bench.sight(paused.key())).isEqualTo(before);
        }

        @Test
        void anotherActionFindsTheJobPaused() {
            Job paused = bench.paused("job", "a1");

            assertThat(bench.tryPause(paused, prompt("a2"))).isEqualTo(new Transition.AlreadyPaused(action("a1")));
            assertThat(bench.find(paused.key())).isEqualTo(paused);
        }

        @Test
        void actionIdServesOnceInAGeneration() {
            Job claimed = bench.claimed("job", "a1", "w1");

            assertThat(bench.tryPause(claimed, prompt("a1"))).isEqualTo(new Transition.ActionIdReused(action("a1")));
            assertThat(bench.find(claimed.key())).isEqualTo(claimed);
        }

        @Test
        void actionIdMayServeAgainInTheNextGeneration() {
            bench.paused("job", "a1");

            Job next = bench.pause(bench.create("job"), "a1");

            assertThat(bench.resolve(next, "a1").status()).isEqualTo(JobStatus.RUNNING);
        }

        @Test
        void pauseWhoseDeadlineHasPassedIsRefusedAndTheJobRunsOn() {
            Job job = bench.create("job");
            Sight before = bench.sight(job.key());

            assertThat(bench.tryPause(job, prompt("a1", new Deadline.At(bench.now()))))
                    .isEqualTo(new Transition.DeadlinePassed());
            assertThat(bench.tryPause(job, prompt("a1", new Deadline.At(bench.now().minus(SHORT)))))
                    .isEqualTo(new Transition.DeadlinePassed());
            assertThat(bench.tryPause(job, prompt("a1", Duration.ZERO))).isEqualTo(new Transition.DeadlinePassed());
            assertThat(bench.sight(job.key())).isEqualTo(before);
        }

        @Test
        void refusedPauseDoesNotUseUpItsActionId() {
            Job job = bench.create("job");
            bench.tryPause(job, prompt("a1", Duration.ZERO));

            assertThat(bench.pause(job, "a1").status()).isEqualTo(JobStatus.REQUIRES_ACTION);
        }

        @Test
        void promptWithoutADeadlineDiesAtTheBackstop() {
            Job paused = bench.paused("job", "a1");
            PendingAction action = paused.prompt().orElseThrow();
            assertThat(action.expiresAt()).isNull();
            assertThat(action.deadline()).isEqualTo(bench.now().plus(TIMING.pauseBackstop()));

            bench.advance(TIMING.pauseBackstop().minus(MILLI));
            assertThat(bench.pending()).containsExactly(paused);
            assertThat(bench.due()).isEmpty();

            bench.advance(MILLI);
            assertThat(bench.pending()).isEmpty();
            assertThat(bench.due()).containsExactly(paused.key());
            assertThat(bench.expire(paused, "a1").status()).isEqualTo(JobStatus.ABORTED);
        }

        @Test
        void promptMayWaitForDaysWhateverLandsAfterThePause() {
            Job paused = bench.pause(bench.create("job"), prompt("a1", Duration.ofDays(7)));
            bench.append(paused, "flushed");
            bench.heartbeat(paused);

            bench.advance(Duration.ofDays(7).minus(MILLI));

            assertThat(bench.due()).isEmpty();
            assertThat(got(bench.store.reap(paused.key(), paused.generation()))).isEqualTo(new Transition.NotDue());
            assertThat(bench.tryReclaim(paused)).isEqualTo(new Transition.NotDue());
            assertThat(bench.pending()).hasSize(1);
            assertThat(bench.resolve(paused, "a1").status()).isEqualTo(JobStatus.RUNNING);
        }

        @Test
        void jobThatPausedForHoursIsNotReapedWhenItResumes() {
            Job paused = bench.paused("job", "a1");
            bench.advance(Duration.ofHours(20));

            Job resumed = bench.resolve(paused, "a1");

            assertThat(resumed.lastActiveAt()).isEqualTo(bench.now());
            assertThat(got(bench.store.reap(resumed.key(), resumed.generation()))).isEqualTo(new Transition.NotDue());
            bench.advance(TIMING.runningTtl().minus(MILLI));
            assertThat(bench.due()).isEmpty();
        }

        @Test
        void pausedJobStillTakesWhatItsWorkerHadInFlight() {
            Job paused = bench.paused("job", "a1");

            Job after = bench.append(paused, "one", "two");

            assertThat(after.prompt()).isEqualTo(paused.prompt());
            assertThat(bench.log(paused)).extracting(one -> one.id().seq()).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    // --- expiry

    @Nested
    class Expiry {
        @Test
        void observedExpiryNeverKillsALaterPause() {
            Job first = bench.pause(bench.create("job"), prompt("a1", SHORT));
            Job claimed = bench.claim(bench.resolve(first, "a1"), "a1", "w1");
            Job second = bench.pause(claimed, prompt("a2", SHORT));
            bench.advance(SHORT);

            assertThat(got(bench.store.expireDead(first.key(), first.generation(), action("a1"))))
                    .isEqualTo(new Transition.NotDue());
            assertThat(got(bench.store.expireDead(first.key(), first.generation(), null)))
                    .isEqualTo(new Transition.NotDue());
            assertThat(bench.find(first.key())).isEqualTo(second);
        }

        @Test
        void livePromptDoesNotExpireByItself() {
            Job paused = bench.pause(bench.create("job"), prompt("a1", SHORT));
            bench.advance(SHORT.minus(MILLI));

            assertThat(got(bench.store.expireDead(paused.key(), paused.generation(), action("a1"))))
                    .isEqualTo(new Transition.NotDue());
            assertThat(bench.find(paused.key())).isEqualTo(paused);
        }

        @Test
        void manyThatWereSeenDeadExpireEachAsIfAlone() {
            Space elsewhere = new Space(new TenantId("t1"));
            List<Sighting> seen = new ArrayList<>();
            for (int number = 0; number < 70; number++) {
                JobId id = new JobId("job-" + number);
                Job paused = bench.pause(bench.create((number % 3 == 0 ? elsewhere : Space.TENANTLESS).job(id), "ann"),
                        prompt("a1", SHORT));
                if (number == 0) bench.losePrompt(paused.key());
                seen.add(new Sighting(number == 0 ? bench.find(paused.key()) : paused, bench.now()));
            }
            Job decided = bench.resolve(seen.get(1).job(), "a1");
            Job replaced = bench.pause(bench.create("job-2"), prompt("a1", SHORT));
            Job live = bench.pause(bench.create("live"), prompt("a1", SHORT.plus(MILLI)));
            seen.add(new Sighting(live, bench.now()));
            bench.advance(SHORT);

            List<Transition> outcomes = got(bench.store.expireDead(seen).collect().asList());

            assertThat(outcomes).hasSize(seen.size()).filteredOn(new Transition.NotDue()::equals).hasSize(3);
            assertThat(outcomes).filteredOn(Won.class::isInstance)
                    .extracting(won -> ((Won) won).job()).hasSize(68).allSatisfy(ended -> {
                        assertThat(ended).isEqualTo(bench.find(ended.key()));
                        assertThat(ended.ended().orElseThrow().how().error()).isEqualTo(JobError.APPROVAL_EXPIRED);
                    });
            assertThat(bench.find(decided.key())).isEqualTo(decided);
            assertThat(bench.find(replaced.key())).isEqualTo(replaced);
            assertThat(bench.find(live.key())).isEqualTo(live);
            assertThat(got(bench.store.expireDead(seen.subList(3, 70)).collect().asList()))
                    .containsOnly(new Transition.NotDue());
            for (Sighting ended : seen.subList(3, 70)) {
                assertThat(bench.tryResolve(ended.job(), "a1", "ann"))
                        .isEqualTo(new Transition.ActionClosed(Outcome.EXPIRED));
                assertThat(bench.log(ended.job())).last().extracting(LoggedEvent::event)
                        .isInstanceOf(JobEvent.JobEnded.class);
            }
            assertThat(bench.owed()).extracting(Job::key).containsExactlyInAnyOrderElementsOf(
                    IntStream.range(0, 70).filter(number -> number != 1)
                            .mapToObj(number -> seen.get(number).job().key()).toList());
            assertThat(got(bench.store.count(elsewhere))).isEqualTo(Map.of(JobStatus.ABORTED, 24L));
            assertThat(got(bench.store.count(Space.TENANTLESS))).isEqualTo(
                    Map.of(JobStatus.ABORTED, 44L, JobStatus.RUNNING, 1L, JobStatus.REQUIRES_ACTION, 2L));
            assertThat(got(bench.store.pending(Space.TENANTLESS, EVERY_PROMPT, null, 100)).items())
                    .containsExactly(live);
            assertThat(got(bench.store.activeJobs(Space.TENANTLESS, user("ann"), null, 100)).items())
                    .containsExactlyInAnyOrder(decided, live);
        }

        @Test
        void expiryOfAnEarlierGenerationSparesALaterOne() {
            Job old = bench.pause(bench.create("job"), prompt("a1", SHORT));
            Job fresh = bench.pause(bench.create("job"), prompt("a1", SHORT));
            bench.advance(SHORT);

            assertThat(got(bench.store.expireDead(old.key(), old.generation(), action("a1"))))
                    .isEqualTo(new Transition.NotDue());
            assertThat(bench.find(fresh.key())).isEqualTo(fresh);
        }

        @Test
        void expiredJobTellsWhenAndWhy() {
            Job paused = bench.pause(bench.create("job"), prompt("a1", SHORT));
            bench.advance(SHORT);

            Job expired = bench.expire(paused, "a1");

            assertThat(expired.phase()).isEqualTo(new Phase.Ended(new Ending.Expired(action("a1")), bench.now()));
            assertThat(expired.ended().orElseThrow().how().error()).isEqualTo(JobError.APPROVAL_EXPIRED);
            assertThat(bench.log(expired).getLast().event())
                    .isEqualTo(new JobEvent.JobEnded(new Ending.Expired(action("a1"))));
            assertThat(bench.owed()).containsExactly(expired);
        }

        @Test
        void personCanExpireALivePromptByHand() {
            Job paused = bench.paused("job", "a1");

            assertThat(got(bench.store.expireByHand(paused.key(), action("a9"))))
                    .isEqualTo(new Transition.StaleAction(action("a1")));
            assertThat(bench.find(paused.key())).isEqualTo(paused);
            assertThat(won(got(bench.store.expireByHand(paused.key(), action("a1")))).status())
                    .isEqualTo(JobStatus.ABORTED);
        }

        @Test
        void personCanExpireWhateverWaits() {
            Job paused = bench.paused("job", "a1");

            assertThat(won(got(bench.store.expireByHand(paused.key(), null))).phase())
                    .isEqualTo(new Phase.Ended(new Ending.Expired(action("a1")), bench.now()));
        }

        @Test
        void readingADeadPromptDoesNotWrite() {
            Job paused = bench.pause(bench.create("job"), prompt("a1", SHORT));
            bench.advance(SHORT);

            bench.sight(paused.key());

            assertThat(bench.find(paused.key())).isEqualTo(paused);
            assertThat(bench.find(paused.key()).isActive(bench.now())).isFalse();
            assertThat(bench.active("ann")).isEmpty();
            assertThat(bench.pending()).isEmpty();
        }

        @Test
        void promptThatCannotBeReadIsMissing() {
            Job paused = bench.paused("job", "a1");
            bench.losePrompt(paused.key());

            Job lost = bench.find(paused.key());
            assertThat(lost.status()).isEqualTo(JobStatus.REQUIRES_ACTION);
            assertThat(lost.prompt()).isEmpty();
            assertThat(lost.isActive(bench.now())).isFalse();
            assertThat(bench.pending()).isEmpty();
            assertThat(bench.active("ann")).isEmpty();
            assertThat(bench.due()).containsExactly(paused.key());
            assertThat(bench.tryResolve(paused, "a1", "ann"))
                    .isEqualTo(new Transition.PromptDead(paused.generation(), null));
            assertThat(bench.tryClaim(paused.key(), "a1", "w"))
                    .isEqualTo(new Transition.PromptDead(paused.generation(), null));
            assertThat(bench.tryPause(paused, prompt("a1"))).isEqualTo(new Transition.AlreadyPaused(null));
        }

        @Test
        void promptThatCannotBeReadExpiresWithoutAName() {
            Job paused = bench.paused("job", "a1");
            bench.losePrompt(paused.key());

            assertThat(got(bench.store.expireDead(paused.key(), paused.generation(), action("a1"))))
                    .isEqualTo(new Transition.NotDue());
            Job expired = won(got(bench.store.expireDead(paused.key(), paused.generation(), null)));

            assertThat(expired.phase()).isEqualTo(new Phase.Ended(new Ending.Expired(null), bench.now()));
            assertThat(bench.count(JobStatus.ABORTED)).isEqualTo(1);
            assertThat(bench.count(JobStatus.REQUIRES_ACTION)).isZero();
        }

        @Test
        void promptThatCannotBeReadCanBeAbortedExpiredByHandAndReplaced() {
            for (String id : List.of("abort", "expire", "replace")) bench.losePrompt(bench.paused(id, "a1").key());

            won(got(bench.store.abort(key("abort"), OptionalLong.empty())));
            won(got(bench.store.expireByHand(key("expire"), action("a1"))));
            bench.create("replace");

            assertThat(bench.count(JobStatus.REQUIRES_ACTION)).isZero();
        }

        @Test
        void abortNamesItsGenerationOrAny() {
            Job job = bench.create("job");

            assertThat(got(bench.store.abort(job.key(), OptionalLong.of(job.generation() - 1))))
                    .isEqualTo(new Transition.GenerationMismatch(job.generation()));
            Job aborted = won(got(bench.store.abort(job.key(), OptionalLong.of(job.generation()))));

            assertThat(aborted.phase())
                    .isEqualTo(new Phase.Ended(new Ending.Aborted(JobError.ABORTED_BY_USER), bench.now()));
        }
    }

    // --- the log

    @Nested
    class Log {
        @Test
        void eventsAreNumberedFromOneWithoutAHole() {
            Job job = bench.append(bench.create("job"), "a", "b", "c");
            bench.complete(bench.claim(bench.resolve(bench.pause(job, "a1"), "a1"), "a1", "w"));

            List<LoggedEvent> log = bench.log(job);

            assertThat(log).extracting(LoggedEvent::id).containsExactlyElementsOf(LongStream.rangeClosed(1, 8)
                    .mapToObj(seq -> new EventId(job.generation(), seq)).toList());
            assertThat(bench.find(job.key()).lastEventId()).isEqualTo(log.getLast().id());
            assertThat(log.getLast().isTerminal()).isTrue();
        }

        @Test
        void batchKeepsItsOrderAndItsData() {
            Job job = bench.create("job");
            List<Reported> batch = List.of(new Reported(new EventName("b"), new Json("[1,2.50,\"\\u00e9\"]"), false),
                    new Reported(new EventName("a"), Json.NULL, true), new Reported(new EventName("b"), RESULT, false));

            Job after = won(got(bench.store.append(job.key(), job.fence(), OptionalLong.empty(), batch)));

            assertThat(after.lastSeq()).isEqualTo(4);
            assertThat(bench.log(job).stream().skip(1)).extracting(LoggedEvent::event)
                    .containsExactlyElementsOf(batch);
        }

        @Test
        void logOfSeveralMegabytesIsReadWithoutAHole() {
            Job job = bench.create("job");
            Json large = new Json("\"" + "x".repeat(100_000) + "\"");
            for (int number = 0; number < 30; number++) {
                got(bench.store.append(job.key(), job.fence(), OptionalLong.empty(),
                        List.of(new Reported(new EventName("large"), large, false))));
            }

            List<Long> told = new ArrayList<>();
            while (told.size() < 31) {
                List<LoggedEvent> next =
                        got(bench.log.read(job.key(), job.generation(), told.size(), 100)).events();
                assertThat(next).isNotEmpty();
                next.forEach(event -> told.add(event.id().seq()));
            }

            assertThat(told).isEqualTo(LongStream.rangeClosed(1, 31).boxed().toList());
        }

        @Test
        void appendLandsOnlyRightBehindWhatItsCallerKnows() {
            Job job = bench.create("job");

            assertThat(bench.tryAppend(job, OptionalLong.of(1), "a", "b")).isInstanceOf(Won.class);
            assertThat(bench.tryAppend(job, OptionalLong.of(3), "c")).isInstanceOf(Won.class);
            assertThat(bench.tryAppend(job, OptionalLong.of(9), "d"))
                    .isEqualTo(new Transition.SequenceMismatch(new EventId(job.generation(), 4)));
            assertThat(bench.log(job)).hasSize(4);
        }

        @Test
        void retryThatAlreadyLandedIsToldSo() {
            Job job = bench.create("job");
            bench.tryAppend(job, OptionalLong.of(1), "a", "b");

            assertThat(bench.tryAppend(job, OptionalLong.of(1), "a", "b"))
                    .isEqualTo(new Transition.SequenceMismatch(new EventId(job.generation(), 3)));
            assertThat(bench.log(job)).hasSize(3);
        }

        @Test
        void batchBeyondTheLimitLeavesNothing() {
            bench = within(new Bounds(100, 5, 0, 100));
            Job job = bench.append(bench.create("job"), "a", "b", "c");
            Sight before = bench.sight(job.key());

            assertThat(bench.tryAppend(job, OptionalLong.empty(), "d", "e")).isEqualTo(new Transition.LogFull());
            assertThat(bench.sight(job.key())).isEqualTo(before);
            assertThat(bench.append(job, "d").lastSeq()).isEqualTo(5);
        }

        @Test
        void fullLogStillLetsTheJobPauseResumeAndEnd() {
            bench = within(new Bounds(100, 3, 0, 100));
            Job job = bench.append(bench.create("job"), "a", "b");

            Job claimed = bench.claim(bench.resolve(bench.pause(job, "a1"), "a1"), "a1", "w");

            assertThat(bench.complete(claimed).status()).isEqualTo(JobStatus.COMPLETE);
        }

        @Test
        void newestValueOfEachRetainedNameIsKept() {
            Job job = bench.create("job");
            won(got(bench.store.append(job.key(), job.fence(), OptionalLong.empty(),
                    List.of(retained("plan", "1"), retained("title", "\"x\""), retained("plan", "2")))));
            won(got(bench.store.append(job.key(), job.fence(), OptionalLong.empty(),
                    List.of(new Reported(new EventName("plan"), new Json("9"), false), retained("plan", "3")))));

            ResumeState state = got(bench.store.resumeState(job.key()));

            assertThat(state.retained()).isEqualTo(Map.of(new EventName("plan"), new Json("3"),
                    new EventName("title"), new Json("\"x\"")));
            assertThat(state.job()).isEqualTo(bench.find(job.key()));
        }

        @Test
        void retainedNamesAreBounded() {
            bench = within(new Bounds(100, 100, 0, 2));
            Job job = bench.create("job");
            won(got(bench.store.append(job.key(), job.fence(), OptionalLong.empty(),
                    List.of(retained("one", "1"), retained("two", "2")))));
            Sight before = bench.sight(job.key());

            assertThat(got(bench.store.append(job.key(), job.fence(), OptionalLong.empty(),
                    List.of(retained("two", "3"), retained("three", "3"))))).isEqualTo(new Transition.LogFull());
            assertThat(bench.sight(job.key())).isEqualTo(before);
        }

        @Test
        void readGoesOnBehindAPosition() {
            Job job = bench.append(bench.create("job"), "a", "b", "c", "d");

            Slice slice = got(bench.log.read(job.key(), job.generation(), 2, 2));

            assertThat(slice.kept()).isTrue();
            assertThat(slice.events()).extracting(one -> one.id().seq()).containsExactly(3L, 4L);
            assertThat(got(bench.log.read(job.key(), job.generation(), 5, 2))).isEqualTo(new Slice(List.of(), true));
        }

        @Test
        void positionAheadOfTheLogIsNotKept() {
            Job job = bench.create("job");

            assertThat(got(bench.log.read(job.key(), job.generation(), 2, 10)).kept()).isFalse();
            assertThat(got(bench.log.extent(job.key())).reaches(2)).isFalse();
            assertThat(got(bench.log.extent(job.key())).reaches(1)).isTrue();
            assertThat(got(bench.log.extent(job.key())).reaches(0)).isTrue();
        }

        @Test
        void logOfAnUnknownJobOrGenerationIsNotKept() {
            Job job = bench.create("job");

            assertThat(got(bench.log.read(key("none"), 1, 0, 10))).isEqualTo(new Slice(List.of(), false));
            assertThat(got(bench.log.read(job.key(), job.generation() - 1, 0, 10)))
                    .isEqualTo(new Slice(List.of(), false));
            assertThat(got(bench.log.extent(key("none")))).isNull();
        }

        @Test
        void trimmingIsAnnounced() {
            bench = within(new Bounds(100, 100_000, 10, 100));
            Job job = bench.create("job");
            for (int batch = 0; batch < 20; batch++) job = bench.append(job, "a", "b", "c");

            Extent extent = got(bench.log.extent(job.key()));
            assertThat(job.lastSeq()).isEqualTo(61);
            assertThat(extent.firstKept()).isEqualTo(52);
            assertThat(extent.reaches(50)).isFalse();
            assertThat(extent.reaches(51)).isTrue();
            assertThat(got(bench.log.read(job.key(), job.generation(), 50, 100)))
                    .isEqualTo(new Slice(List.of(), false));
            assertThat(got(bench.log.read(job.key(), job.generation(), 51, 100)).events())
                    .extracting(one -> one.id().seq())
                    .containsExactlyElementsOf(LongStream.rangeClosed(52, 61).boxed().toList());
        }

        @Test
        void retainedValueOutlivesItsTrimmedEvent() {
            bench = within(new Bounds(100, 100_000, 2, 100));
            Job job = bench.create("job");
            won(got(bench.store.append(job.key(), job.fence(), OptionalLong.empty(), List.of(retained("plan", "1")))));
            bench.append(job, "a", "b", "c");

            assertThat(got(bench.store.resumeState(job.key())).retained())
                    .isEqualTo(Map.of(new EventName("plan"), new Json("1")));
        }

        private static Reported retained(String name, String json) {
            return new Reported(new EventName(name), new Json(json), true);
        }
    }

    // --- lists

    @Nested
    class Lists {
        @Test
        void promptsOfAllSpacesAreCountedTogether() {
            assertThat(got(bench.store.waiting())).isEqualTo(new JobStore.Waiting(0, null));
            bench.create("running");
            Job first = bench.paused("first", "a1");
            Instant then = bench.now();
            bench.advance(SHORT);
            Job second =
                    bench.pause(bench.create(new Space(new TenantId("acme")).job(new JobId("second")), "ann"), "a1");
            Job third = bench.paused("third", "a1");

            assertThat(got(bench.store.waiting())).isEqualTo(new JobStore.Waiting(3, then));

            bench.resolve(first, "a1");
            bench.abort(second);
            assertThat(got(bench.store.waiting())).isEqualTo(new JobStore.Waiting(1, bench.now()));

            bench.create("third");
            assertThat(got(bench.store.waiting())).isEqualTo(new JobStore.Waiting(0, null));
            assertThat(bench.find(third.key()).status()).isEqualTo(JobStatus.RUNNING);
        }

        @Test
        void promptThatExpiresAndIsAskedAgainCountsOnce() {
            Job paused = bench.pause(bench.create("job"), prompt("a1", SHORT));
            bench.advance(SHORT);
            bench.expire(paused, "a1");
            assertThat(got(bench.store.waiting()).prompts()).isZero();

            bench.paused("job", "a2");

            assertThat(got(bench.store.waiting())).isEqualTo(new JobStore.Waiting(1, bench.now()));
        }

        @Test
        void activeJobsAreTheRunningAndTheDecidableOnesOldestFirst() {
            Job running = bench.create("running");
            bench.advance(MILLI);
            Job paused = bench.pause(bench.create("paused"), prompt("a1", SHORT));
            bench.advance(MILLI);
            Job dead = bench.pause(bench.create("dead"), prompt("a1", MILLI));
            bench.complete(bench.create("complete"));
            bench.create(key("others"), "bob");
            bench.advance(MILLI);

            assertThat(bench.active("ann")).containsExactly(running, paused);
            assertThat(dead.status()).isEqualTo(JobStatus.REQUIRES_ACTION);
        }

        @Test
        void activeJobsArePagedWithoutRepeatingOrHidingAny() {
            List<Job> jobs = new ArrayList<>();
            for (int number = 0; number < 25; number++) {
                if (number % 3 == 0) bench.advance(MILLI); // many share their instant
                jobs.add(bench.create("job-" + number));
            }

            List<JobKey> seen = new ArrayList<>();
            Page<Job> page = activePage(null);
            bench.abort(jobs.get(0)); // was listed
            bench.abort(jobs.get(3)); // stood at the border
            bench.abort(jobs.get(20)); // was not listed yet
            bench.create("late");
            for (;; page = activePage(page.next())) {
                assertThat(page.items()).hasSizeLessThanOrEqualTo(4);
                page.items().forEach(job -> seen.add(job.key()));
                if (page.next() == null) break;
            }

            Set<JobKey> expected = new HashSet<>(jobs.stream().map(Job::key).toList());
            expected.remove(key("job-20"));
            expected.add(key("late"));
            assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
        }

        @Test
        void pageThatJustFitsIsTheLast() {
            bench.create("one");
            bench.create("two");

            Page<Job> page = got(bench.store.activeJobs(Space.TENANTLESS, user("ann"), null, 2));

            assertThat(page.items()).hasSize(2);
            assertThat(page.next()).isNull();
            assertThat(page.at()).isEqualTo(bench.now());
        }

        @ParameterizedTest
        @EnumSource(Order.class)
        void promptsArePagedInEachOrderWhileEntriesComeAndGo(Order order) {
            List<Job> jobs = new ArrayList<>();
            for (int number = 0; number < 25; number++) {
                if (number % 2 == 0) bench.advance(MILLI);
                Duration ttl = Duration.ofMinutes(10 + (number * 7) % 25);
                jobs.add(bench.pause(bench.create("job-" + number), prompt("a" + number, ttl)));
            }
            PendingQuery query = new PendingQuery(null, null, null, null, order);

            List<Job> seen = new ArrayList<>();
            Page<Job> page = got(bench.store.pending(Space.TENANTLESS, query, null, 4));
            bench.resolve(page.items().getFirst(), page.items().getFirst().prompt().orElseThrow().id().value());
            bench.abort(page.items().getLast());
            for (;; page = got(bench.store.pending(Space.TENANTLESS, query, page.next(), 4))) {
                seen.addAll(page.items());
                if (page.next() == null) break;
            }

            assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(jobs);
            List<Instant> instants = seen.stream().map(job -> job.prompt().orElseThrow())
                    .map(prompt -> order == Order.DEADLINE ? prompt.deadline() : prompt.createdAt()).toList();
            List<Instant> sorted = new ArrayList<>(instants.stream().sorted().toList());
            assertThat(instants).isEqualTo(order == Order.NEWEST ? sorted.reversed() : sorted);
        }

        @ParameterizedTest
        @EnumSource(Order.class)
        void promptsOfOneInstantAreAllPagedWhateverScriptTheirIdsAreWrittenIn(Order order) {
            List<Job> jobs = Stream.of("a", "\uff21", "\ud840\udc00").map(id -> bench.paused(id, "a1")).toList();

            for (UserId owner : Arrays.asList(null, user("ann"))) {
                PendingQuery query = new PendingQuery(owner, null, null, null, order);
                List<Job> seen = new ArrayList<>();
                String cursor = null;
                do {
                    Page<Job> page = got(bench.store.pending(Space.TENANTLESS, query, cursor, 1));
                    seen.addAll(page.items());
                    cursor = page.next();
                } while (cursor != null);

                assertThat(seen).containsExactlyInAnyOrderElementsOf(jobs);
            }
        }

        @Test
        void promptsAreFilteredByOwnerToolAndWords() {
            Job mail = bench.pause(bench.create(key("mail"), "ann"),
                    prompt("a1", new Deadline.Unsaid(), tools("send_email", "search")));
            Job shell = bench.pause(bench.create(key("shell"), "bob"),
                    prompt("a1", new Deadline.Unsaid(), tools("shell")));
            Job ask = bench.pause(bench.create(key("ask"), "bob"), prompt("a1", new Deadline.Unsaid(),
                    new Interrupt.AskUserQuestion(false, List.of(
                            new Interrupt.Question(null, null, "Which Region?", null, List.of(), false)), null)));

            assertThat(matching(user("bob"), null, null)).containsExactlyInAnyOrder(shell, ask);
            assertThat(matching(null, "send_email", null)).containsExactly(mail);
            assertThat(matching(null, "search", null)).containsExactly(mail);
            assertThat(matching(null, "send", null)).isEmpty();
            assertThat(matching(null, null, "ABOUT SHELL")).containsExactly(shell);
            assertThat(matching(null, null, "region")).containsExactly(ask);
            assertThat(matching(user("ann"), null, "region")).isEmpty();
            assertThat(matching(null, null, "mail")).containsExactly(mail);
        }

        @Test
        void filteredPagesSkipWhatDoesNotMatch() {
            for (int number = 0; number < 9; number++) {
                bench.advance(MILLI);
                bench.pause(bench.create(key("job-" + number), number % 3 == 0 ? "ann" : "bob"), prompt("a1"));
            }
            PendingQuery query = new PendingQuery(user("ann"), null, null, null, Order.DEADLINE);

            Page<Job> first = got(bench.store.pending(Space.TENANTLESS, query, null, 2));
            Page<Job> second = got(bench.store.pending(Space.TENANTLESS, query, first.next(), 2));

            assertThat(first.items()).extracting(Job::key).containsExactly(key("job-0"), key("job-3"));
            assertThat(second.items()).extracting(Job::key).containsExactly(key("job-6"));
            assertThat(second.next()).isNull();
        }

        @Test
        void jobsAreCountedByStatus() {
            bench.create("running");
            bench.resolved("resumed", "a1");
            bench.paused("paused", "a1");
            bench.complete(bench.create("complete"));
            bench.abort(bench.create("aborted"));
            bench.create("replaced");
            bench.create("replaced");

            assertThat(bench.count(JobStatus.RUNNING)).isEqualTo(3);
            assertThat(bench.count(JobStatus.REQUIRES_ACTION)).isEqualTo(1);
            assertThat(bench.count(JobStatus.COMPLETE)).isEqualTo(1);
            assertThat(bench.count(JobStatus.ABORTED)).isEqualTo(1);
            assertThat(bench.count(JobStatus.ERROR)).isZero();
        }

        private Page<Job> activePage(String cursor) {
            return got(bench.store.activeJobs(Space.TENANTLESS, user("ann"), cursor, 4));
        }

        private List<Job> matching(UserId owner, String tool, String text) {
            return got(bench.store.pending(Space.TENANTLESS, new PendingQuery(owner, null, tool, text, Order.DEADLINE),
                    null,
                    10)).items();
        }
    }

    // --- what the sweep is told

    @Nested
    class Due {
        @Test
        void nothingIsDueInAnEmptyStore() {
            assertThat(bench.dueJobs().jobs()).isEmpty();
            assertThat(bench.dueJobs().nextIn()).isNull();
        }

        @Test
        void eachPhaseFallsDueAtItsInstantAndNotEarlier() {
            bench.create("silent");
            bench.pause(bench.create("prompt"), prompt("a1", SHORT));
            bench.claimed("leased", "a1", "w1");
            bench.complete(bench.create("ended"));
            Instant start = bench.now();

            assertDueFrom(start.plus(SHORT), key("prompt"), key("leased"));
            assertDueFrom(start.plus(TIMING.terminalRetention()), key("prompt"), key("leased"), key("ended"));
            assertDueFrom(start.plus(TIMING.runningTtl()), key("prompt"), key("leased"), key("ended"), key("silent"));
        }

        @Test
        void nextInTellsWhenToLookAgain() {
            bench.create("silent");
            assertThat(bench.dueJobs().nextIn()).isEqualTo(TIMING.runningTtl());

            bench.pause(bench.create("prompt"), prompt("a1", SHORT));
            assertThat(bench.dueJobs().nextIn()).isEqualTo(SHORT);

            bench.advance(Duration.ofSeconds(59));
            assertThat(bench.dueJobs().nextIn()).isEqualTo(Duration.ofSeconds(1));

            bench.advance(Duration.ofSeconds(1));
            assertThat(bench.dueJobs().jobs()).hasSize(1);
            assertThat(bench.dueJobs().nextIn()).isEqualTo(TIMING.runningTtl().minus(SHORT));
        }

        @Test
        void nextInNeverComesTooLateForAJobThatMoved() {
            Job job = bench.create("job");
            bench.advance(SHORT);
            bench.heartbeat(job);
            assertThat(bench.dueJobs().nextIn()).isLessThanOrEqualTo(TIMING.runningTtl());

            bench.pause(job, prompt("a1", SHORT));
            assertThat(bench.dueJobs().nextIn()).isLessThanOrEqualTo(SHORT);

            bench.resolve(job, "a1");
            bench.claim(job, "a1", "w1");
            assertThat(bench.dueJobs().nextIn()).isLessThanOrEqualTo(TIMING.lease());
        }

        @Test
        void earliestComeFirstAndNoMoreThanAskedFor() {
            for (int number = 0; number < 9; number++) {
                bench.pause(bench.create("job-" + number), prompt("a1", Duration.ofSeconds(10 + (number * 4) % 9)));
            }
            bench.advance(Duration.ofSeconds(30));

            List<JobKey> four = got(bench.store.due(4)).jobs().stream().map(one -> one.job().key()).toList();

            assertThat(four).containsExactlyElementsOf(bench.due().subList(0, 4));
            assertThat(got(bench.store.due(4)).nextIn()).isEqualTo(Duration.ZERO);
            assertThat(bench.dueJobs().jobs()).hasSize(9).extracting(one -> one.job().prompt().orElseThrow().deadline())
                    .isSorted();
            assertThat(bench.dueJobs().nextIn()).isNull();
        }

        @Test
        void lookingIsNotTaking() {
            bench.pause(bench.create("job"), prompt("a1", SHORT));
            bench.advance(SHORT);

            assertThat(bench.due()).isEqualTo(bench.due()).containsExactly(key("job"));
        }

        @Test
        void signsOfLifePutTheReaperOff() {
            Job job = bench.create("job");
            bench.advance(TIMING.runningTtl().minus(MILLI));
            bench.heartbeat(job);
            bench.advance(TIMING.runningTtl().minus(MILLI));
            bench.append(job, "token");
            bench.advance(TIMING.runningTtl().minus(MILLI));

            assertThat(bench.due()).isEmpty();
            assertThat(got(bench.store.reap(job.key(), job.generation()))).isEqualTo(new Transition.NotDue());
            bench.advance(MILLI);
            assertThat(bench.due()).containsExactly(job.key());
        }

        @Test
        void silentWorkerIsLost() {
            Job job = bench.create("job");
            bench.advance(TIMING.runningTtl());

            Job lost = won(got(bench.store.reap(job.key(), job.generation())));

            assertThat(lost.phase()).isEqualTo(new Phase.Ended(new Ending.Failed(JobError.WORKER_LOST), bench.now()));
            assertThat(lost.status()).isEqualTo(JobStatus.ERROR);
            assertThat(got(bench.store.heartbeat(job.key(), job.fence())))
                    .isEqualTo(new Transition.AlreadySettled(JobStatus.ERROR));
        }

        @Test
        void reaperSparesALaterGeneration() {
            Job old = bench.create("job");
            bench.create("job");
            bench.advance(TIMING.runningTtl());

            assertThat(got(bench.store.reap(old.key(), old.generation()))).isEqualTo(new Transition.NotDue());
        }

        @Test
        void endedJobIsKeptForItsRetention() {
            Job ended = bench.complete(bench.append(bench.create("job"), "token"));
            bench.payAll();
            bench.advance(TIMING.terminalRetention().minus(MILLI));

            assertThat(bench.tryReclaim(ended)).isEqualTo(new Transition.NotDue());
            assertThat(bench.log(ended)).hasSize(3);
            assertThat(bench.find(ended.key())).isEqualTo(ended);

            bench.advance(MILLI);
            assertThat(bench.due()).containsExactly(ended.key());
            assertThat(bench.tryReclaim(ended)).isEqualTo(new Won(ended, bench.now()));
            assertThat(bench.exists(ended.key())).isFalse();
            assertThat(got(bench.log.extent(ended.key()))).isNull();
            assertThat(bench.count(JobStatus.COMPLETE)).isZero();
            assertThat(bench.due()).isEmpty();
            assertThat(bench.tryReclaim(ended)).isEqualTo(new Transition.NotDue());
        }

        @Test
        void endedJobIsKeptUntilTheArchiveHasIt() {
            Job ended = bench.complete(bench.create("job"));
            bench.advance(TIMING.terminalRetention().plus(SHORT));

            assertThat(bench.tryReclaim(ended)).isEqualTo(new Transition.NotDue());
            assertThat(bench.find(ended.key())).isEqualTo(ended);

            bench.payAll();
            bench.advance(SHORT);
            assertThat(bench.due()).containsExactly(ended.key());
            assertThat(bench.tryReclaim(ended)).isInstanceOf(Won.class);
        }

        @Test
        void archiveIsOwedEachJobByItself() {
            Job first = bench.complete(bench.create("first"));
            Job second = bench.complete(bench.create("second"));
            assertThat(first.lastEventId()).as("same instant, same length").isEqualTo(second.lastEventId());
            bench.pay(first);
            bench.advance(TIMING.terminalRetention());

            assertThat(bench.tryReclaim(second)).isEqualTo(new Transition.NotDue());
            assertThat(bench.tryReclaim(first)).isInstanceOf(Won.class);
        }

        @Test
        void liveJobIsNeverReclaimed() {
            Job running = bench.create("running");
            Job paused = bench.paused("paused", "a1");
            bench.advance(Duration.ofDays(30));

            assertThat(bench.tryReclaim(running)).isEqualTo(new Transition.NotDue());
            assertThat(bench.tryReclaim(paused)).isEqualTo(new Transition.NotDue());
            assertThat(bench.due()).containsExactlyInAnyOrder(running.key(), paused.key());
        }

        @Test
        void outboxHoldsEachEndingOnce() {
            Job first = bench.complete(bench.create("first"));
            Job second = bench.abort(bench.paused("second", "a1"));
            Job third = bench.pause(bench.create("third"), prompt("a1", SHORT));
            bench.advance(SHORT);
            third = bench.expire(third, "a1");
            bench.create("fourth");

            assertThat(bench.owed()).containsExactlyInAnyOrder(first, second, third);

            bench.pay(first);
            bench.pay(first);
            assertThat(bench.owed()).containsExactlyInAnyOrder(second, third);
            bench.payAll();
            assertThat(bench.owed()).isEmpty();
        }

        @Test
        void newsIsOwedOfWhatEndsNothingAndInOrder() {
            bench = within(Bounds.WITH_NEWS);
            Job created = bench.create(wanted(key("job"), detailsOf("ann", "mail")));
            Job paused = bench.pause(created, "a1");
            Job claimed = bench.claim(bench.resolve(paused, "a1"), "a1", "w1");
            bench.heartbeat(claimed);
            bench.complete(bench.append(claimed, "said"));

            List<LoggedEvent> log = bench.log(created);
            assertThat(bench.owed(Debt.class)).extracting(debt -> debt.getClass().getSimpleName())
                    .containsExactly("News", "News", "ClosedPrompt", "News", "EndedJob");
            assertThat(bench.owed(Debt.News.class)).containsExactly(news(created, log.get(0)),
                    news(created, log.get(1)), news(created, log.get(3)));
        }

        private Debt.News news(Job job, LoggedEvent event) {
            return new Debt.News(job.key(), event.id(), event.at(), job.details().owner(),
                    job.details().conversation(), job.details().agent(), (JobEvent.Lifecycle) event.event());
        }

        @Test
        void whereNobodyIsToldNoNewsIsOwed() {
            bench.claimed("job", "a1", "w1");

            assertThat(bench.owed(Debt.News.class)).isEmpty();
        }

        @Test
        void outboxKeepsTheOrderOfOneJobsGenerations() {
            List<Job> ended = new ArrayList<>();
            for (int turn = 0; turn < 5; turn++) {
                ended.add(bench.complete(bench.create("job")));
                bench.abort(bench.create("other"));
            }

            assertThat(bench.owed()).filteredOn(job -> job.key().equals(key("job"))).isEqualTo(ended);
            assertThat(got(bench.outbox.owed(3))).hasSize(3);
        }

        private void assertDueFrom(Instant instant, JobKey... expected) {
            bench.clock.set(instant.minus(MILLI));
            assertThat(bench.due()).hasSizeLessThan(expected.length);
            bench.clock.set(instant);
            assertThat(bench.due()).containsExactlyInAnyOrder(expected);
        }
    }

    // --- bounds

    @Test
    void userMayHaveOnlySoManyActiveJobs() {
        bench = within(new Bounds(3, 100, 0, 100));
        Job one = bench.create("one");
        Job two = bench.pause(bench.create("two"), prompt("a1", SHORT));
        bench.create("three");

        assertThat(got(bench.store.create(wanted(key("four"), details("ann")))))
                .isEqualTo(new Transition.TooManyActiveJobs(3));
        assertThat(bench.exists(key("four"))).isFalse();
        assertThat(bench.create(key("another"), "bob").status()).isEqualTo(JobStatus.RUNNING);
        assertThat(bench.create("three").status()).as("replacing adds none").isEqualTo(JobStatus.RUNNING);

        bench.advance(SHORT);
        assertThat(bench.create("four").status()).as("a dead prompt is not active").isEqualTo(JobStatus.RUNNING);
        bench.abort(one);
        assertThat(bench.create("five").status()).isEqualTo(JobStatus.RUNNING);
        assertThat(bench.find(two.key())).isEqualTo(two);
    }

    // --- what is told

    @Nested
    class Notices {
        @Test
        void eachChangeOfAJobsLogWakesItsWatchers() {
            Job job = bench.create("job");
            try (Heard<EventId> heard = new Heard<>(bench.log.watch(job.key()))) {
                bench.append(job, "a");
                hear(heard, new EventId(job.generation(), 2));

                bench.pause(job, "a1");
                assertThat(heard.next()).isEqualTo(new EventId(job.generation(), 3));

                bench.abort(job);
                assertThat(heard.next()).isEqualTo(new EventId(job.generation(), 4));
            }
        }

        /** Word of the creation may still be on its way when somebody begins to watch. */
        private static void hear(Heard<EventId> heard, EventId wanted) {
            EventId woken = heard.next();
            while (woken.seq() < wanted.seq()) woken = heard.next();
            assertThat(woken).isEqualTo(wanted);
        }

        @Test
        void watcherOfAReplacedJobIsWoken() {
            Job job = bench.create("job");
            try (Heard<EventId> heard = new Heard<>(bench.log.watch(job.key()))) {
                Job next = bench.create("job");

                Set<EventId> woken = new HashSet<>();
                while (!woken.contains(new EventId(next.generation(), 1))) woken.add(heard.next());
            }
        }

        @Test
        void watcherIsNotWokenForOtherJobsNorAfterItLeft() {
            Job job = bench.create("job");
            Heard<EventId> heard = new Heard<>(bench.log.watch(job.key()));
            bench.create("other");
            bench.append(job, "a");
            hear(heard, new EventId(job.generation(), 2));

            heard.close();
            bench.append(job, "b");

            assertThat(heard.rest()).isEmpty();
        }

        @Test
        void readerWhoComesBackHearsWhatWasWrittenWhileNobodyFollowed() {
            Job job = bench.create("job");
            try (Heard<EventId> heard = new Heard<>(bench.log.watch(job.key()))) {
                bench.append(job, "a");
                heard.next();
            }
            bench.append(job, "b", "c");

            try (Heard<EventId> again = new Heard<>(bench.log.watch(job.key()))) {
                assertThat(bench.heard(job, 2, 10).events())
                        .extracting(one -> one.id().seq()).containsExactly(3L, 4L);
                bench.append(job, "d");
                again.next();
                assertThat(bench.heard(job, 1, 10).events())
                        .extracting(one -> one.id().seq()).containsExactly(2L, 3L, 4L, 5L);
            }
        }

        @Test
        void changesTellEachLifecycleChangeOnceAndInOrder() {
            try (Heard<Change> heard = new Heard<>(bench.log.changes())) {
                Job created = bench.append(bench.create("job"), "a", "b");
                Job paused = bench.pause(created, "a1");
                bench.tryPause(paused, prompt("a1"));
                bench.tryResolve(paused, "a9", "bob");
                Job resolved = bench.resolve(paused, "a1");
                bench.tryResolve(paused, "a1", "bob");
                Job claimed = bench.claim(resolved, "a1", "w1");
                bench.claim(resolved, "a1", "w1");
                bench.heartbeat(claimed);
                Job replacing = bench.create("job");
                Job completed = bench.complete(replacing);
                bench.create("the end");

                List<Change> changes = heard.next(8);
                assertThat(changes.stream().map(change -> change.what().getClass().getSimpleName()))
                        .containsExactly("JobCreated", "JobPaused", "JobResumed", "JobClaimed", "JobEnded",
                                "JobCreated", "JobEnded", "JobCreated");
                assertThat(changes.get(1).job()).isEqualTo(paused);
                assertThat(changes.get(3).job()).isEqualTo(claimed);
                assertThat(changes.get(4).job().phase()).isEqualTo(new Phase.Ended(new Ending.Replaced(), bench.now()));
                assertThat(changes.get(6).job()).isEqualTo(completed);
                assertThat(heard.rest()).isEmpty();
            }
        }

        @Test
        void openedTellsAResolutionAndALapsedLease() {
            try (Heard<JobKey> heard = new Heard<>(bench.store.opened())) {
                Job claimed = bench.claimed("job", "a1", "w1");
                assertThat(heard.next()).isEqualTo(key("job"));

                bench.advance(TIMING.lease());
                won(got(bench.store.reopen(claimed.key(), claimed.generation())));
                assertThat(heard.next()).isEqualTo(key("job"));

                bench.resolved("next", "a1");
                assertThat(heard.next()).isEqualTo(key("next"));
                assertThat(heard.rest()).isEmpty();
            }
        }
    }

    // --- races

    @Nested
    class Races {
        private static final int MANY = 100;

        @Test
        void ofManyDecisionsOneWinsAndAllLosersNameIt() {
            Job paused = bench.paused("job", "a1");

            List<Transition> outcomes = Race.of(MANY, runner -> bench.tryResolve(paused, "a1", "person-" + runner));

            List<Transition> winners = outcomes.stream().filter(Won.class::isInstance).toList();
            assertThat(winners).hasSize(1);
            Resolution winner = won(winners.getFirst()).continuation().orElseThrow().resolution();
            assertThat(outcomes).filteredOn(Lost.class::isInstance).hasSize(MANY - 1)
                    .containsOnly(new Transition.AlreadyDecided(winner));
            assertThat(bench.find(paused.key()).continuation().orElseThrow().resolution()).isEqualTo(winner);
            assertThat(bench.log(paused)).hasSize(3);
        }

        @Test
        void ofDecisionExpiryAndAbortOneClosesThePrompt() {
            for (int round = 0; round < 50; round++) {
                Job paused = bench.paused("job-" + round, "a1");

                List<Transition> outcomes = Race.of(9, runner -> switch (runner % 3) {
                    case 0 -> bench.tryResolve(paused, "a1", "person-" + runner);
                    case 1 -> got(bench.store.expireByHand(paused.key(), action("a1")));
                    default -> got(bench.store.abort(paused.key(), OptionalLong.of(paused.generation())));
                });

                Job after = bench.find(paused.key());
                Optional<Resolution> winner = after.closed(action("a1")).map(closed -> closed.resolution());
                List<LoggedEvent> log = bench.log(paused);
                long resumed = log.stream().filter(one -> one.event() instanceof JobEvent.JobResumed).count();
                long ended = log.stream().filter(LoggedEvent::isTerminal).count();
                assertThat(outcomes.stream().filter(Won.class::isInstance)).hasSize((int) (resumed + ended));
                assertThat(resumed).isEqualTo(winner.isPresent() ? 1 : 0);
                assertThat(ended).isEqualTo(after.status().isTerminal() ? 1 : 0).isLessThanOrEqualTo(1);
                outcomes.forEach(outcome -> {
                    if (outcome instanceof Transition.AlreadyDecided decided)
                        assertThat(Optional.of(decided.winner())).isEqualTo(winner);
                });
            }
        }

        @Test
        void decisionsAtTheDeadlineAreAllTooLate() {
            Job paused = bench.pause(bench.create("job"), prompt("a1", SHORT));
            bench.advance(SHORT);

            List<Transition> outcomes = Race.of(MANY, runner -> runner % 2 == 0
                    ? bench.tryResolve(paused, "a1", "person-" + runner)
                    : got(bench.store.expireDead(paused.key(), paused.generation(), action("a1"))));

            assertThat(outcomes.stream().filter(Won.class::isInstance)).hasSize(1);
            assertThat(bench.find(paused.key()).status()).isEqualTo(JobStatus.ABORTED);
        }

        @Test
        void ofManyClaimsOneGetsTheLease() {
            Job resolved = bench.resolved("job", "a1");

            List<Transition> outcomes = Race.of(MANY, runner -> bench.tryClaim(resolved.key(), "a1", "w" + runner));

            assertThat(outcomes.stream().filter(Won.class::isInstance)).hasSize(1);
            Continuation.Hold hold = bench.find(resolved.key()).continuation().orElseThrow().hold();
            assertThat(outcomes).filteredOn(Lost.class::isInstance).hasSize(MANY - 1)
                    .containsOnly(new Transition.AlreadyClaimed(((Continuation.Hold.Claimed) hold).worker()));
        }

        @Test
        void manyWorkersShareOutTheOldestContinuations() {
            for (int number = 0; number < 50; number++) bench.resolved("job-" + number, "a1");

            List<Transition> outcomes = Race.of(MANY, runner -> bench.tryClaimOldest("w" + runner));

            assertThat(outcomes.stream().filter(Won.class::isInstance).map(Bench::won).map(Job::key))
                    .hasSize(50).doesNotHaveDuplicates();
            assertThat(outcomes).filteredOn(Lost.class::isInstance).hasSize(50)
                    .containsOnly(new Transition.StillUndecided());
        }

        @Test
        void ofManyAppendsBehindTheSameEventOneLands() {
            Job job = bench.create("job");

            List<Transition> outcomes = Race.of(MANY,
                    runner -> bench.tryAppend(job, OptionalLong.of(1), "from" + runner, "more" + runner));

            assertThat(outcomes.stream().filter(Won.class::isInstance)).hasSize(1);
            assertThat(outcomes).filteredOn(Lost.class::isInstance).hasSize(MANY - 1)
                    .containsOnly(new Transition.SequenceMismatch(new EventId(job.generation(), 3)));
            assertThat(bench.log(job)).hasSize(3);
        }

        @Test
        void batchesOfManyWritersStayWholeAndContiguous() {
            Job job = bench.create("job");

            Race.of(50, runner -> bench.append(job, "first" + runner, "second" + runner));

            List<LoggedEvent> log = bench.log(job);
            assertThat(log).extracting(one -> one.id().seq())
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, 101).boxed().toList());
            for (int at = 1; at < log.size(); at += 2) {
                String name = ((Reported) log.get(at).event()).name().value();
                assertThat(((Reported) log.get(at + 1).event()).name().value())
                        .isEqualTo(name.replace("first", "second"));
            }
        }

        @Test
        void ofManySweepersOneExpiresReapsReopensAndReclaims() {
            Job silent = bench.create("silent");
            Job leased = bench.claimed("leased", "a1", "w1");
            Job paused = bench.paused("paused", "a1");
            Job ended = bench.complete(bench.create("ended"));
            bench.payAll();
            bench.advance(TIMING.pauseBackstop());

            assertThat(winners(() -> got(bench.store.reap(silent.key(), silent.generation())))).isEqualTo(1);
            assertThat(winners(() -> got(bench.store.reopen(leased.key(), leased.generation())))).isEqualTo(1);
            assertThat(winners(() -> got(
                    bench.store.expireDead(paused.key(), paused.generation(), action("a1"))))).isEqualTo(1);
            assertThat(winners(() -> bench.tryReclaim(ended))).isEqualTo(1);
        }

        @Test
        void manyGenerationsOfOneIdAreAllDifferent() {
            List<Transition> outcomes =
                    Race.of(MANY, runner -> got(bench.store.create(wanted(key("job"), details("ann")))));

            assertThat(outcomes.stream().map(Bench::won).map(Job::generation)).doesNotHaveDuplicates();
            assertThat(bench.count(JobStatus.RUNNING)).isEqualTo(1);
            assertThat(bench.owed()).hasSize(MANY - 1);
        }

        @Test
        void ofManyCreationsThatRejectAnActiveJobOneWins() {
            List<Transition> outcomes = Race.of(MANY, runner -> got(bench.store.create(
                    new NewJob(key("job"), details("ann"), IfActive.REJECT, OptionalLong.empty()))));

            assertThat(outcomes.stream().filter(Won.class::isInstance)).hasSize(1);
            assertThat(outcomes).filteredOn(Lost.class::isInstance)
                    .containsOnly(new Transition.JobActive(bench.find(key("job")).generation()));
        }

        @Test
        void callsOfOneWorkerNeverGetTheSameOpenContinuation() {
            for (int number = 0; number < 5; number++) bench.resolved("job-" + number, "a1");

            List<Transition> outcomes = Race.of(20, runner -> bench.tryClaimOldest("w"));

            assertThat(outcomes.stream().filter(Won.class::isInstance).map(Bench::won).map(Job::key)).hasSize(5)
                    .doesNotHaveDuplicates();
        }

        @Test
        void limitOfActiveJobsHoldsForManyCallersAtOnce() {
            bench = within(new Bounds(10, 100, 0, 100));

            List<Transition> outcomes = Race.of(MANY,
                    runner -> got(bench.store.create(wanted(key("job-" + runner), details("ann")))));

            assertThat(outcomes.stream().filter(Won.class::isInstance)).hasSize(10);
            assertThat(bench.active("ann")).hasSize(10);
        }

        @Test
        void changesOfManyWritersArriveOnceAndInTheOrderOfTheLog() {
            try (Heard<Change> heard = new Heard<>(bench.log.changes())) {
                Race.of(20, runner -> {
                    Job job = bench.create("job-" + runner);
                    for (int round = 0; round < 10; round++) {
                        String action = "a" + round;
                        job = bench.claim(bench.resolve(bench.pause(job, action), action), action, "w");
                    }
                    return bench.complete(job);
                });

                Map<JobKey, Long> newest = new LinkedHashMap<>();
                for (Change change : heard.next(20 * 32)) {
                    long before = newest.getOrDefault(change.job().key(), 0L);
                    assertThat(change.event().id().seq()).isEqualTo(before + 1);
                    newest.put(change.job().key(), before + 1);
                }
                assertThat(heard.rest()).isEmpty();
            }
        }

        private long winners(Supplier<Transition> move) {
            return Race.of(20, runner -> move.get()).stream().filter(Won.class::isInstance).count();
        }
    }
}
