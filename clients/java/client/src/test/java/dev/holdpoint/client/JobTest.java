package dev.holdpoint.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import dev.holdpoint.client.JobView.Status;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JobTest {
    private static Service service;
    private static Holdpoint worker;
    private static Holdpoint ada;

    private final String id = "job-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        service = new Service("holdpoint.timing.lease=PT6S");
        worker = service.as(Service.AGENT);
        ada = service.as(Service.ADA);
    }

    @AfterAll
    static void stop() {
        worker.close();
        ada.close();
        service.close();
    }

    private Job create() { return worker.create(NewJob.of("ada").id(id).agentId(id)); }

    @Test
    void eventsLandInOrderAndOnce() {
        Job job = create();

        EventId first = job.append("token", Map.of("text", "Hello"));
        EventId second =
                job.append(List.of(NewEvent.of("token", Map.of("text", "Ada")), NewEvent.of("usage", 7).retained()));

        assertThat(second).isEqualTo(new EventId(job.generation(), first.seq() + 2));
        assertThat(job.state().retained().path("usage").asInt()).isEqualTo(7);
    }

    @Test
    void questionIsAnsweredAndTheJobGoesOnUnderANewFence() {
        Job job = create();
        String fence = job.fence();
        CompletableFuture<Outcome<String>> asked =
                CompletableFuture.supplyAsync(() -> job.ask(Question.of("Which region?").option("Europe", "eu")));

        PendingAction waits = Until.waits(ada, id);
        Submission submission = ada.answer(id, waits.actionId(), "eu");

        assertThat(submission).isInstanceOf(Submission.Won.class);
        assertThat(asked.join().orElseThrow()).isEqualTo("eu");
        assertThat(job.fence()).isNotEqualTo(fence);
        job.append("token", "going on");
        job.complete(Map.of("text", "Done."));
        assertThat(ada.job(id).status()).isEqualTo(Status.COMPLETE);
    }

    @Test
    void questionsOfABatchAreAnsweredById() {
        Job job = create();
        CompletableFuture<Outcome<Map<String, String>>> asked = CompletableFuture.supplyAsync(() -> job.askAll(
                List.of(Question.of("region", "Which region?"), Question.of("budget", "How much?")), Terms.open()));

        ada.answer(id, Until.waits(ada, id).actionId(), Map.of("budget", "500", "region", "eu"));

        assertThat(asked.join().orElseThrow()).isEqualTo(Map.of("region", "eu", "budget", "500"));
    }

    @Test
    void everyKindOfDecisionBecomesAVerdictOnItsCall() {
        Job job = create();
        List<ToolCall> calls = List.of(call("c1"), call("c2"), call("c3"), call("c4"));
        Review mayRespond = Review.of(call("c4"), "approve", "respond");
        CompletableFuture<Outcome<Decisions>> asked =
                CompletableFuture.supplyAsync(() -> job.approve(calls, Terms.open().reviews(mayRespond)));

        String action = Until.waits(ada, id).actionId();
        ada.resolve(id, action, Decision.respond("c4", "use the cached copy"), Decision.edit("c3", Map.of("to", "eve")),
                Decision.reject("c2", "wrong account"), Decision.approve("c1"));

        assertThat(asked.join().orElseThrow().all()).containsExactly(new Verdict.Run("c1", call("c1").arguments()),
                new Verdict.Refuse("c2", "wrong account"), new Verdict.Run("c3", Json.objectOf(Map.of("to", "eve"))),
                new Verdict.Respond("c4", "use the cached copy"));
    }

    @Test
    void whatThePolicyDecidesAsksNobody() {
        String tenant = "tenant-" + UUID.randomUUID();
        try (Holdpoint admin = Holdpoint.at(service.url()).key(Service.ADMIN).tenant(tenant).build();
                Holdpoint agent = Holdpoint.at(service.url()).key(Service.AGENT).tenant(tenant).build()) {
            putPolicy(admin, "{\"enabled\":true,\"allow\":[\"read_*\"],\"deny\":[\"drop_*\"]}");
            Job job = agent.create(NewJob.of("ada").id(id));

            Decisions decisions = job.approve(List.of(ToolCall.of("c1", "read_order", "{}"),
                    ToolCall.of("c2", "drop_table", "{}"))).orElseThrow();

            assertThat(decisions.of("c1")).isInstanceOf(Verdict.Run.class);
            assertThat(decisions.of("c2")).isInstanceOf(Verdict.Refuse.class);
            assertThat(job.view().status()).isEqualTo(Status.RUNNING);
        }
    }

    private static void putPolicy(Holdpoint admin, String policy) {
        admin.http()
                .call(new Http.Call("PUT", "/v1/policy", Json.parse(policy), Map.of(), Duration.ofSeconds(10), false));
    }

    @Test
    void everyEndOfAPromptIsAValue() {
        Job expires = create();
        assertThat(expires.ask(Question.of("Quick?"), Terms.within(Duration.ofMillis(300))))
                .isInstanceOf(Outcome.Expired.class);

        Job aborted = create();
        String action = aborted.pause(Interrupt.question(Question.of("Now?")), Terms.open());
        assertThat(aborted.await(action, Duration.ofMillis(50))).isEqualTo(new Outcome.Waiting<>(action));
        ada.abort(id);
        assertThat(aborted.await(action)).isEqualTo(new Outcome.Aborted<>(action));
        assertThatThrownBy(() -> aborted.await(action).orElseThrow()).isInstanceOf(NotDecided.class);

        Job replaced = create();
        String old = replaced.pause(Interrupt.question(Question.of("Still?")), Terms.open());
        create();
        assertThat(replaced.await(old)).isEqualTo(new Outcome.Replaced<>(old));
    }

    @Test
    void onlyOneWorkerGoesOnAndTheOtherIsToldSo() {
        Job first = create();
        String action = first.pause(Interrupt.question(Question.of("Who?")), Terms.open());
        ada.answer(id, action, "you");
        try (Holdpoint other = service.as(Service.AGENT); Claims claims = other.claims(id)) {

            Job taken = claims.next();

            assertThat(taken.id()).isEqualTo(id);
            assertThat(taken.claim().orElseThrow().resolution().answer()).isEqualTo("you");
            assertThat(first.await(action)).isEqualTo(new Outcome.Taken<>(action));
            assertThat(catchThrowableOfType(HoldpointProblem.class, first::check).slug())
                    .isEqualTo("execution-replaced");
            taken.check();
        }
    }

    @Test
    void decisionGoesToOneDriverAlsoWhereOneProcessWaitsForItAndClaimsWhatComes() {
        Job waits = create();
        String action = waits.pause(Interrupt.question(Question.of("Who?")), Terms.open());
        ada.answer(id, action, "you");
        try (Claims claims = worker.claims(id)) {

            Job taken = claims.next();

            assertThat(waits.await(action)).isEqualTo(new Outcome.Taken<>(action));
            taken.complete();
        }
    }

    @Test
    void decisionTakenOverByAClaimIsNotAskedForAgainButCountsOnce() {
        Job first = create();
        Gate gate = first.gate(List.of(call("c1")), Terms.open().threadId("t-1").resumeContext(Map.of("step", 3)));
        ada.resolve(id, gate.pendingAction().actionId(), Decision.approve("c1"));
        try (Holdpoint other = service.as(Service.AGENT)) {
            Job taken = other.claims(id).next();

            assertThat(taken.claim().orElseThrow().action().threadId()).isEqualTo("t-1");
            assertThat(taken.claim().orElseThrow().resumeContext().path("step").asInt()).isEqualTo(3);
            Terms briefly = Terms.open().patience(Duration.ofMillis(50));
            assertThat(taken.approve(List.of(call("c1")), briefly).orElseThrow().of("c1"))
                    .isEqualTo(new Verdict.Run("c1", call("c1").arguments()));
            assertThat(taken.approve(List.of(call("c1")), briefly)).isInstanceOf(Outcome.Waiting.class);
        }
    }

    @Test
    void decisionOnOtherArgumentsIsNoDecision() {
        Job first = create();
        Gate gate = first.gate(List.of(call("c1")), Terms.open());
        ada.resolve(id, gate.pendingAction().actionId(), Decision.approve("c1"));
        try (Holdpoint other = service.as(Service.AGENT)) {
            Job taken = other.claims(id).next();

            Outcome<Decisions> outcome =
                    taken.approve(List.of(ToolCall.of("c1", "send_email", Map.of("to", "mallory"))),
                            Terms.open().patience(Duration.ofMillis(50)));

            assertThat(outcome).isInstanceOf(Outcome.Waiting.class);
        }
    }

    @Test
    void heartbeatsKeepALeaseThatIsLongerThanItself() {
        Job job = create();
        String action = job.pause(Interrupt.question(Question.of("Go on?")), Terms.open());
        ada.answer(id, action, "yes");
        Claim claim = job.await(action).orElseThrow();
        try (Holdpoint other = service.as(Service.AGENT)) {

            Until.there(() -> Instant.now().isAfter(claim.leaseExpiresAt().plusSeconds(2)) ? true : null);

            assertThat(other.claim(id, action, Duration.ZERO)).isInstanceOf(Outcome.Taken.class);
        }
        job.complete();
    }

    @Test
    void workerThatWasReplacedIsToldByItsHeartbeat() throws InterruptedException {
        Job replaced = create();
        CountDownLatch told = new CountDownLatch(1);
        replaced.onLost(problem -> told.countDown());

        create();

        told.await();
        assertThat(replaced.lost().orElseThrow().slug()).isEqualTo("generation-replaced");
        assertThat(catchThrowableOfType(HoldpointProblem.class, () -> replaced.append("token", 1))
                .member("currentGeneration")
                .asLong()).isGreaterThan(replaced.generation());
    }

    @Test
    void failedJobTellsWhy() {
        Job job = create();

        job.fail("model_unavailable", "The model did not answer.");

        assertThat(ada.job(id).error())
                .isEqualTo(new JobView.Failure("model_unavailable", "The model did not answer."));
    }

    @Test
    void loserOfADecisionLearnsWhoWon() {
        Job job = create();
        String action = job.pause(Interrupt.approval(List.of(call("c1"))), Terms.open());
        try (Holdpoint rita = service.as(Service.REVIEWER)) {
            rita.resolve(id, action, Decision.reject("c1", "no"));

            Submission late = ada.resolve(id, action, Decision.approve("c1"));

            assertThat(late).isInstanceOfSatisfying(Submission.AlreadyDecided.class,
                    won -> assertThat(won.by()).isEqualTo("rita"));
        }
    }

    @Test
    void decisionOnWhatWasShownLeavesThePromptThatTookItsPlace() {
        create().pause(Interrupt.approval(List.of(call("c1"))), Terms.open().actionId("a1"));
        Approval shown = shown();
        create().pause(Interrupt.approval(List.of(call("c1"))), Terms.open().actionId("a1"));

        assertThat(ada.resolve(shown, Decision.approve("c1"))).isInstanceOf(Submission.Closed.class);
        assertThat(ada.resolve(shown(), Decision.approve("c1"))).isInstanceOf(Submission.Won.class);
    }

    private Approval shown() {
        return ada.approvals().stream().filter(waits -> waits.jobId().equals(id)).findFirst().orElseThrow();
    }

    @Test
    void claimsEndWhenTheyAreClosed() throws InterruptedException {
        Claims claims = worker.claims("nobody-" + id);
        CompletableFuture<Boolean> next = CompletableFuture.supplyAsync(claims::hasNext);

        claims.close();

        assertThat(next.join()).isFalse();
    }

    private static ToolCall call(String id) {
        return ToolCall.of(id, "send_email", Map.of("to", "bob", "cents", 4900));
    }
}
