package dev.holdpoint.approval;

import static dev.holdpoint.store.Bench.action;
import static dev.holdpoint.store.Bench.by;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.key;
import static dev.holdpoint.store.Bench.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdpoint.approval.Decided.Accepted;
import dev.holdpoint.approval.Proposal.ProposedDecision;
import dev.holdpoint.job.ClosedAction.Outcome;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.Decision.Scope;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Interrupt.Question;
import dev.holdpoint.job.Interrupt.Review;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Submission;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.mask.MaskConfig;
import dev.holdpoint.mask.Masks;
import dev.holdpoint.policy.Grant;
import dev.holdpoint.policy.GrantId;
import dev.holdpoint.policy.NewGrant;
import dev.holdpoint.policy.Policies;
import dev.holdpoint.policy.Policy;
import dev.holdpoint.policy.Remembered;
import dev.holdpoint.policy.Remembered.Why;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Bench.Sight;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.memory.MemoryBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The checks of a submission in the order in which the contract lists them: each case
 * breaks its own rule and all that come later.
 */
class DecisionsTest {
    private static final Duration SHORT = Duration.ofMinutes(1);
    private static final Json ARGUMENTS = new Json("{\"to\":\"a@b.c\"}");
    private static final String DIGEST = ArgumentsDigest.of(ARGUMENTS).orElseThrow();
    private static final Json SCHEMA = new Json(
            "{\"type\":\"object\",\"required\":[\"to\"],\"properties\":{\"to\":{\"type\":\"string\",\"maxLength\":9}}}");

    private final Bench bench = MemoryBench.bench();
    private final Decisions decisions =
            new Decisions(bench.store, new CountedIds(), new Policies(bench.rules, new CountedIds(),
                    bench.clock, new Policies.Settings(Policy.BUILT_IN, null, null)), new Masking(Masks.NONE));
    private final List<Sight> untouched = new ArrayList<>();

    private static final class CountedIds implements Ids {
        private final AtomicLong last = new AtomicLong();

        @Override
        public String next() { return "res-" + last.incrementAndGet(); }

        @Override
        public String secret() { throw new UnsupportedOperationException(); }
    }

    @AfterEach
    void everyRefusalLeftThePromptAsItWas() {
        untouched.forEach(sight -> assertThat(sight).isEqualTo(untouched.getFirst()));
    }

    // --- 3: the job waits for something

    @Test
    void jobThatWaitsForNothingSaysWhatItDoesInstead() {
        Job running = bench.create("job");
        assertThat(decide(running, "a1", nothing())).isEqualTo(lost(new Transition.NotWaiting(JobStatus.RUNNING)));

        bench.complete(running);
        assertThat(decide(running, "a1", nothing())).isEqualTo(lost(new Transition.NotWaiting(JobStatus.COMPLETE)));
    }

    @Test
    void actionThatWasDecidedNamesItsWinner() {
        Job job = pausedOnTwoCalls();
        Accepted won = accepted(decide(job, "a1", approveBoth()));

        assertThat(decideAs("bob", job, "a1", approveBoth()))
                .isEqualTo(lost(new Transition.AlreadyDecided(won.resolution())));
        assertThat(decide(job, "a1", nothing())).isEqualTo(lost(new Transition.AlreadyDecided(won.resolution())));
    }

    @Test
    void actionThatClosedUndecidedSaysHow() {
        Job expired = bench.pause(bench.create("expired"), prompt("a1", SHORT));
        Job aborted = bench.abort(bench.paused("aborted", "a1"));
        bench.paused("replaced", "a1");
        Job replacing = bench.create("replaced");
        bench.advance(SHORT);
        bench.expire(expired, "a1");

        assertThat(decide(expired, "a1", nothing())).isEqualTo(lost(new Transition.ActionClosed(Outcome.EXPIRED)));
        assertThat(decide(aborted, "a1", nothing())).isEqualTo(lost(new Transition.ActionClosed(Outcome.ABORTED)));
        assertThat(decide(replacing, "a1", nothing())).isEqualTo(lost(new Transition.ActionClosed(Outcome.REPLACED)));
    }

    @Test
    void whoMayDecideForAJobDecidesNothingForWhatTookItsPlace() {
        Sighting judged = got(bench.store.find(bench.create("job").key()));
        Job other = bench.paused("job", "a1");

        assertThat(got(decisions.decide(judged, OptionalLong.empty(), action("a1"), approveBoth(), by("ann"))))
                .isEqualTo(lost(new Transition.ActionClosed(Outcome.REPLACED)));
        assertThat(bench.find(other.key()).status()).isEqualTo(JobStatus.REQUIRES_ACTION);
    }

    @Test
    void repeatedDecisionIsKnownThoughItsJobWasReplacedInBetween() {
        Job job = pausedOnTwoCalls();
        Accepted won = accepted(decideAs("ann", job, "a1", approveBoth()));
        Sighting judged = got(bench.store.find(job.key()));
        bench.create(job.key(), job.details().owner().value());

        assertThat(accepted(got(decisions.decide(judged, OptionalLong.empty(), action("a1"), approveBoth(), by("ann"))))
                .resolution())
                .isEqualTo(won.resolution());
        assertThat(got(decisions.decide(judged, OptionalLong.empty(), action("a1"), approveBoth(), by("bob"))))
                .isEqualTo(lost(new Transition.AlreadyDecided(won.resolution())));
    }

    @Test
    void decisionForAReplacedGenerationLeavesThePromptThatHasItsActionIdNow() {
        Job replaced = pausedOnTwoCalls();
        Job current = pausedOnTwoCalls();

        assertThat(decideIn(replaced, approveBoth())).isEqualTo(lost(new Transition.ActionClosed(Outcome.REPLACED)));
        assertThat(bench.find(current.key()).status()).isEqualTo(JobStatus.REQUIRES_ACTION);
        assertThat(accepted(decideIn(current, approveBoth())).resolution().generation())
                .isEqualTo(current.generation());
    }

    @Test
    void decisionForAReplacedGenerationIsKnownThoughItsActionIdWaitsAgain() {
        Job replaced = pausedOnTwoCalls();
        Accepted won = accepted(decide(replaced, "a1", approveBoth()));
        Job current = pausedOnTwoCalls();

        assertThat(accepted(decideIn(replaced, approveBoth())).resolution()).isEqualTo(won.resolution());
        assertThat(decideIn(replaced, nothing())).isEqualTo(lost(new Transition.AlreadyDecided(won.resolution())));
        assertThat(bench.find(current.key()).status()).isEqualTo(JobStatus.REQUIRES_ACTION);

        assertThat(decideIn(current, approveBoth())).isInstanceOf(Accepted.class);
        assertThat(accepted(decideIn(replaced, approveBoth())).resolution()).isEqualTo(won.resolution());
    }

    @Test
    void decisionForAGenerationThatIsNotThereYetIsTheNextOnesAndNotThisOnes() {
        Job job = pausedOnTwoCalls();

        Decided outcome = got(decisions.decide(got(bench.store.find(job.key())),
                OptionalLong.of(job.generation() + 1), action("a1"), approveBoth(), by("ann")));

        assertThat(outcome).isEqualTo(lost(new Transition.GenerationMismatch(job.generation())));
        assertThat(bench.find(job.key()).status()).isEqualTo(JobStatus.REQUIRES_ACTION);
    }

    // --- 4: the prompt is live

    @Test
    void deadPromptIsExpiredByWhoeverFindsIt() {
        Job job = bench.pause(bench.create("job"), prompt("a1", SHORT));
        bench.advance(SHORT);

        Decided outcome = decide(job, "a9", nothing());

        assertThat(outcome).isEqualTo(lost(new Transition.PromptDead(job.generation(), action("a1"))));
        assertThat(bench.find(job.key()).status()).isEqualTo(JobStatus.ABORTED);
        assertThat(bench.log(job).getLast().isTerminal()).isTrue();
    }

    @Test
    void unreadablePromptIsExpiredByWhoeverFindsIt() {
        Job job = bench.paused("job", "a1");
        bench.losePrompt(job.key());

        assertThat(decide(job, "a1", nothing())).isEqualTo(lost(new Transition.PromptDead(job.generation(), null)));
        assertThat(bench.find(job.key()).status()).isEqualTo(JobStatus.ABORTED);
    }

    @Test
    void promptThatDiesBetweenLookAndDecisionIsExpiredToo() {
        Job job = bench.pause(bench.create("job"), prompt("a1", SHORT));
        Sighting seenInTime = got(bench.store.find(job.key()));
        bench.advance(SHORT);

        Decided outcome =
                got(decisions.decide(seenInTime, OptionalLong.empty(), action("a1"), approveFirst(), by("ann")));

        assertThat(outcome).isEqualTo(lost(new Transition.PromptDead(job.generation(), action("a1"))));
        assertThat(bench.find(job.key()).status()).isEqualTo(JobStatus.ABORTED);
    }

    // --- 5: the action is the current one

    @Test
    void staleActionNamesTheCurrentOne() {
        Job job = pausedOnTwoCalls();

        assertThat(refused(job, "a0", nothing())).isEqualTo(lost(new Transition.StaleAction(action("a1"))));
    }

    // --- 6: every request is decided

    @Test
    void undecidedRequestsAreNamed() {
        Job job = pausedOnTwoCalls();

        assertThat(refused(job, "a1", nothing())).isEqualTo(new Decided.Undecided(calls("c1", "c2")));
        assertThat(refused(job, "a1", new Proposal(null, null, null)))
                .isEqualTo(new Decided.Undecided(calls("c1", "c2")));
        assertThat(refused(job, "a1", decided(respond("c1", ""), approve("c9"), approve("c9"))))
                .isEqualTo(new Decided.Undecided(calls("c2")));
    }

    @Test
    void answerDoesNotDecideToolCalls() {
        Job job = pausedOnTwoCalls();

        assertThat(refused(job, "a1", new Proposal(null, "yes", null)))
                .isEqualTo(new Decided.Undecided(calls("c1", "c2")));
    }

    // --- 7: no unknown id, each kind allowed

    @Test
    void unknownCallsAndKindsThatAreNotOfferedAreNamed() {
        Job job = pausedOnTwoCalls();

        assertThat(refused(job, "a1", decided(approve("c1"), approve("c2"), approve("c9"), approve("c9"))))
                .isEqualTo(new Decided.NotAllowed(calls("c9")));
        assertThat(refused(job, "a1", decided(respond("c2", ""), respond("c1", ""), approve("c1"))))
                .isEqualTo(new Decided.NotAllowed(calls("c2")));
    }

    @Test
    void scopeBeyondOnceIsRefusedWherePolicyOrPromptOfferNoMemory() {
        Job job = pausedOn(new Interrupt.ToolApproval(
                List.of(request("c1", new Review("send_email", Set.of(DecisionKind.values()), null, true)),
                        request("c2", new Review("send_email", Set.of(DecisionKind.values()), null, false)))));

        assertThat(refused(job, "a1", decided(remember("c1", Scope.ALWAYS), remember("c2", Scope.SESSION))))
                .isEqualTo(new Decided.ScopeNotOffered(calls("c2")));
        forbids("{\"enabled\":true,\"deny\":[\"send_*\"]}");
        assertThat(refused(job, "a1", decided(remember("c1", Scope.ALWAYS), approve("c2"))))
                .isEqualTo(new Decided.ScopeNotOffered(calls("c1")));
        forbids("{\"enabled\":true,\"remember\":false}");
        assertThat(refused(job, "a1", decided(remember("c1", Scope.SESSION), approve("c2"))))
                .isEqualTo(new Decided.ScopeNotOffered(calls("c1")));
    }

    @Test
    void rememberedApprovalIsGivenOnceHoweverOftenTheDecisionIsSent() {
        Job job = pausedOnTwoCalls();
        Proposal twoScopes = decided(remember("c1", Scope.ALWAYS), remember("c2", Scope.SESSION));

        Accepted accepted = (Accepted) decide(job, "a1", twoScopes);
        List<Grant> grants = got(bench.rules.grants(Space.TENANTLESS, job.details().owner()));
        grants.forEach(grant -> got(bench.rules.revoke(grant, note())));
        Accepted again = (Accepted) decide(job, "a1", twoScopes);

        assertThat(grants).extracting(Grant::tool, Grant::scope).containsExactly(tuple("send_email", Scope.ALWAYS),
                tuple("send_email", Scope.SESSION));
        assertThat(grants).extracting(Grant::resolution).containsOnly(accepted.resolution().id());
        assertThat(accepted.remembered()).extracting(one -> ((Remembered.Given) one).grant()).isEqualTo(grants);
        assertThat(again.remembered()).containsExactly(
                new Remembered.OnlyOnce(new ToolCallId("c1"), Why.DECIDED_BEFORE),
                new Remembered.OnlyOnce(new ToolCallId("c2"), Why.DECIDED_BEFORE));
        assertThat(got(bench.rules.grants(Space.TENANTLESS, job.details().owner()))).isEmpty();
    }

    @Test
    void approvalThatCannotBeRememberedStandsAndSaysSo() {
        Job job = pausedOnTwoCalls();
        for (int number = 0; number < RuleStore.MOST_OF_A_USER; number++)
            got(bench.rules.give(new NewGrant(new GrantId("g" + number), Space.TENANTLESS, job.details().owner(), null,
                    "tool-" + number, new ResolutionId("r"), "ann", null), note()));

        Accepted accepted = (Accepted) decide(job, "a1", decided(remember("c1", Scope.ALWAYS), approve("c2")));

        assertThat(accepted.job().status()).isEqualTo(JobStatus.RUNNING);
        assertThat(accepted.remembered())
                .containsExactly(new Remembered.OnlyOnce(new ToolCallId("c1"), Why.GRANTS_FULL));
    }

    @Test
    void editThatTheDenyListSpeaksOfIsRefusedAndConsumesNothing() {
        Job job = pausedOnTwoCalls();
        forbids("""
                {"enabled":true,"deny":[{"tool":"send_email","when":{"/to":{"matches":"*@evil.example"}}}]}""");
        Sight before = bench.sight(job.key());

        assertThat(refused(job, "a1", decided(approve("c1"), edit("c2", "{\"to\":\"x@evil.example\"}"))))
                .isEqualTo(new Decided.EditDenied(calls("c2")));
        assertThat(refused(job, "a1", decided(approve("c1"), edit("c2", "{}"))))
                .as("doubt denies").isEqualTo(new Decided.EditDenied(calls("c2")));
        assertThat(bench.sight(job.key())).isEqualTo(before);
        assertThat(decide(job, "a1", decided(approve("c1"), edit("c2", "{\"to\":\"x@good.example\"}"))))
                .isInstanceOf(Accepted.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"•••", "\"", "\\", "<\"hidden\">"})
    void editThatSendsTheMaskBackInASecretsPlaceIsRefused(String text) {
        Masks masks = Masks.of(new Hiding(text));
        Interrupt.ToolApproval asked = (Interrupt.ToolApproval) new Masking(masks).prompt(
                new Interrupt.ToolApproval(List.of(new ActionRequest(new ToolCallId("c1"), "send_email",
                        new Json("{\"to\":\"a\",\"key\":\"s3cret\"}"), DIGEST, null,
                        new Review("send_email", Set.of(DecisionKind.values()), null, null), List.of(), null))));
        Job job = pausedOn(asked);
        Decisions masking = new Decisions(bench.store, new CountedIds(), new Policies(bench.rules, new CountedIds(),
                bench.clock, new Policies.Settings(Policy.BUILT_IN, null, null)), new Masking(masks));
        Sighting seen = got(bench.store.find(job.key()));

        Decided shown = got(masking.decide(seen, OptionalLong.empty(), action("a1"),
                decided(edit("c1", asked.requests().getFirst().arguments().text().replace("\"a\"", "\"b\""))),
                by("ann")));
        Decided written = got(masking.decide(seen, OptionalLong.empty(), action("a1"),
                decided(edit("c1", "{\"to\":\"b\",\"key\":\"other\"}")), by("ann")));

        assertThat(faults(shown)).containsExactly("c1 ");
        assertThat(((Accepted) written).resolution().submission().toString()).as("what people see")
                .doesNotContain("other");
        assertThat(bench.find(job.key()).continuation().orElseThrow().resolution().submission().toString())
                .as("what the worker gets").contains("\"key\":\"other\"");
    }

    private record Hiding(String text) implements MaskConfig {
        @Override
        public Optional<List<String>> pointers() { return Optional.empty(); }

        @Override
        public Optional<List<String>> names() { return Optional.of(List.of("key")); }

        @Override
        public Optional<List<String>> detectors() { return Optional.empty(); }
    }

    private void forbids(String policy) {
        got(bench.rules.change(Space.TENANTLESS, got(bench.rules.standing(Space.TENANTLESS)).version(),
                new Json(policy), note()));
    }

    private Note note() {
        return new Note("note", "policy", Space.TENANTLESS, bench.now(), Json.EMPTY_OBJECT, null);
    }

    // --- 8: no duplicate

    @Test
    void duplicatesAreNamedEvenWhenTheyAgree() {
        Job job = pausedOnTwoCalls();

        assertThat(refused(job, "a1", decided(approve("c1"), approve("c2"), approve("c2"))))
                .isEqualTo(new Decided.Duplicate(calls("c2")));
        assertThat(refused(job, "a1", decided(approve("c1"), reject("c1"), edit("c2", "[]"))))
                .isEqualTo(new Decided.Duplicate(calls("c1")));
    }

    // --- the arguments are the ones that the person saw

    @Test
    void argumentsOtherThanThePersonSawAreRefused() {
        Job job = pausedOnTwoCalls();

        assertThat(refused(job, "a1", decided(saw(DIGEST), saw2("0".repeat(64)), edit("c2", "[]"))))
                .isInstanceOf(Decided.Duplicate.class);
        assertThat(refused(job, "a1", decided(edit("c1", "[]"), saw2("0".repeat(64)))))
                .isEqualTo(new Decided.ArgumentsChanged(calls("c2")));
        assertThat(decide(job, "a1", decided(saw(DIGEST), saw2(DIGEST)))).isInstanceOf(Accepted.class);
    }

    // --- 9: contents

    @Test
    void editNeedsAnObject() {
        Job job = pausedOnTwoCalls();

        for (String edited : Arrays.asList(null, "[]", "null", "7", "\"{}\"")) {
            assertThat(faults(refused(job, "a1", decided(edit("c1", edited), approve("c2"))))).containsExactly("c1 ");
        }
    }

    @Test
    void editMustSatisfyTheSchema() {
        Job job = pausedOnTwoCalls();

        assertThat(faults(refused(job, "a1", decided(edit("c1", "{\"to\":7}"), edit("c2", "{\"any\":1}")))))
                .containsExactly("c1 /to");
        assertThat(faults(refused(job, "a1", decided(edit("c1", "{}"), approve("c2"))))).containsExactly("c1 ");
        assertThat(faults(refused(job, "a1", decided(edit("c1", "{\"to\":\"far too long\"}"), approve("c2")))))
                .containsExactly("c1 /to");
    }

    @Test
    void editWithoutACanonicalFormIsRefused() {
        Job job = pausedOnTwoCalls();

        assertThat(faults(refused(job, "a1", decided(edit("c1", "{\"to\":\"x\",\"n\":1e999}"), approve("c2")))))
                .containsExactly("c1 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t"})
    void responseNeedsText(String text) {
        Job job = pausedOnTwoCalls();

        assertThat(faults(refused(job, "a1", decided(respond("c1", text), approve("c2"))))).containsExactly("c1 ");
    }

    @Test
    void membersOfAnotherKindAreRefused() {
        Job job = pausedOnTwoCalls();
        ToolCallId c1 = new ToolCallId("c1");

        assertThat(faults(refused(job, "a1",
                decided(new ProposedDecision(c1, DecisionKind.APPROVE, Scope.ONCE, null, ARGUMENTS, null, null),
                        approve("c2")))))
                .containsExactly("c1 ");
        assertThat(faults(refused(job, "a1",
                decided(new ProposedDecision(c1, DecisionKind.REJECT, Scope.ONCE, null, null, "no", null),
                        approve("c2")))))
                .containsExactly("c1 ");
    }

    @Test
    void singleQuestionNeedsOneAnswer() {
        Job job = pausedOn(question(false, new String[]{null}));

        for (String answer : Arrays.asList(null, "", "  ", "x".repeat(16_001))) {
            assertThat(refused(job, "a1", new Proposal(null, answer, null)))
                    .isEqualTo(new Decided.InvalidAnswers(List.of()));
        }
        assertThat(refused(job, "a1", approveFirst())).isEqualTo(new Decided.InvalidAnswers(List.of()));
        assertThat(refused(job, "a1", new Proposal(null, null, Map.of("region", "eu"))))
                .isEqualTo(new Decided.InvalidAnswers(List.of("region")));
        Accepted accepted = accepted(decide(job, "a1", new Proposal(null, "\uD83C\uDF0D".repeat(16_000), null)));
        assertThat(accepted.resolution().submission()).isInstanceOf(Submission.Answer.class);
    }

    @Test
    void batchNeedsEveryAnswerAndNoOther() {
        Job job = pausedOn(question(true, "region", "size"));

        assertThat(refused(job, "a1", answers(Map.of("region", "eu", "colour", "red"))))
                .isEqualTo(new Decided.InvalidAnswers(List.of("size", "colour")));
        assertThat(refused(job, "a1", answers(Map.of("region", "", "size", "big"))))
                .isEqualTo(new Decided.InvalidAnswers(List.of("region")));
        assertThat(refused(job, "a1", new Proposal(null, "eu", null)))
                .isEqualTo(new Decided.InvalidAnswers(List.of("region", "size")));
        Accepted accepted = accepted(decide(job, "a1", answers(Map.of("region", "eu", "size", "big"))));
        assertThat(accepted.resolution().submission())
                .isEqualTo(new Submission.Answers(Map.of("region", "eu", "size", "big")));
    }

    // --- 10 and ok

    @Test
    void acceptedDecisionIsWhatWasSent() {
        Job job = pausedOnTwoCalls();

        Accepted accepted = accepted(decide(job, "a1", decided(reject("c2"), edit("c1", "{\"to\":\"x@y.z\"}"))));

        Json edited = new Json("{\"to\":\"x@y.z\"}");
        assertThat(accepted.resolution().submission()).isEqualTo(new Submission.Decisions(List.of(
                new Decision(new ToolCallId("c2"), new Decision.Reject(), "wrong account", null),
                new Decision(new ToolCallId("c1"),
                        new Decision.Edit(edited, ArgumentsDigest.of(edited).orElseThrow()), null, null))));
        assertThat(accepted.job()).isEqualTo(bench.find(job.key()));
        assertThat(accepted.job().continuation().orElseThrow().resolution()).isEqualTo(accepted.resolution());
    }

    @Test
    void ofManyPeopleOneWinsAndTheOthersLearnIt() {
        Job job = pausedOnTwoCalls();
        Sighting seen = got(bench.store.find(job.key()));

        List<Decided> outcomes = Race.of(50,
                runner -> got(decisions.decide(seen, OptionalLong.empty(), action("a1"), approveBoth(),
                        by("person-" + runner))));

        List<Decided> winners = outcomes.stream().filter(Accepted.class::isInstance).toList();
        assertThat(winners).hasSize(1);
        assertThat(outcomes).filteredOn(Decided.Lost.class::isInstance).hasSize(49)
                .containsOnly(lost(new Transition.AlreadyDecided(accepted(winners.getFirst()).resolution())));
    }

    @Test
    void samePersonSendingTheSameManyTimesAtOnceIsAcceptedEachTime() {
        Job job = pausedOnTwoCalls();
        Sighting seen = got(bench.store.find(job.key()));

        List<Decided> outcomes =
                Race.of(20, runner -> got(
                        decisions.decide(seen, OptionalLong.empty(), action("a1"), approveBoth(), by("ann"))));

        assertThat(outcomes.stream().map(DecisionsTest::accepted).map(Accepted::resolution)).hasSize(20)
                .containsOnly(bench.find(job.key()).continuation().orElseThrow().resolution());
    }

    @Test
    void repeatedDecisionFindsItsOwnResolutionHoweverFarTheJobWentOn() {
        Job job = pausedOnTwoCalls();
        var resolution = accepted(decide(job, "a1", approveBoth())).resolution();
        Proposal inOtherOrder = decided(approve("c2"), approve("c1"));

        assertThat(accepted(decide(job, "a1", inOtherOrder)).resolution()).isEqualTo(resolution);
        Job claimed = bench.claim(job, "a1", "w1");
        assertThat(accepted(decide(job, "a1", approveBoth())).resolution()).isEqualTo(resolution);
        Job again = bench.pause(claimed, "a2");
        assertThat(accepted(decide(job, "a1", approveBoth())).resolution()).isEqualTo(resolution);
        bench.abort(again);
        assertThat(accepted(decide(job, "a1", approveBoth())).resolution()).isEqualTo(resolution);
    }

    @Test
    void otherDecisionOfTheSamePersonIsNoRepetition() {
        Job job = pausedOnTwoCalls();
        var resolution = accepted(decide(job, "a1", approveBoth())).resolution();

        assertThat(decide(job, "a1", decided(approve("c1"), reject("c2"))))
                .isEqualTo(lost(new Transition.AlreadyDecided(resolution)));
    }

    @Test
    void sameAnswerToTheSameActionIdInTheNextGenerationIsADecisionOfItsOwn() {
        Job old = pausedOnTwoCalls();
        var earlier = accepted(decide(old, "a1", approveBoth())).resolution();
        Job next = pausedOnTwoCalls();

        var later = accepted(decide(next, "a1", approveBoth())).resolution();

        assertThat(later.id()).isNotEqualTo(earlier.id());
        assertThat(later.generation()).isEqualTo(next.generation());
        assertThat(bench.find(next.key()).status()).isEqualTo(JobStatus.RUNNING);
    }

    // --- given

    private Job pausedOnTwoCalls() {
        Set<DecisionKind> noResponse = Set.of(DecisionKind.APPROVE, DecisionKind.REJECT, DecisionKind.EDIT);
        return pausedOn(new Interrupt.ToolApproval(List.of(
                request("c1", new Review("send_email", Set.of(DecisionKind.values()), SCHEMA, null)),
                request("c2", new Review("send_email", noResponse, null, null)))));
    }

    private static ActionRequest request(String id, Review review) {
        return new ActionRequest(new ToolCallId(id), "send_email", ARGUMENTS, DIGEST, null, review, List.of(), null);
    }

    private static Interrupt question(boolean batch, String... ids) {
        return new Interrupt.AskUserQuestion(batch, Arrays.stream(ids)
                .map(id -> new Question(id, null, "Which?", null, List.of(), false)).toList(), null);
    }

    private Job pausedOn(Interrupt payload) {
        return bench.pause(bench.create("job"), prompt("a1", new Deadline.Unsaid(), payload));
    }

    private static Proposal decided(ProposedDecision... decisions) {
        return new Proposal(List.of(decisions), null, null);
    }

    private static Proposal nothing() { return decided(); }

    private static Proposal approveFirst() { return decided(approve("c1")); }

    private static Proposal approveBoth() { return decided(approve("c1"), approve("c2")); }

    private static Proposal answers(Map<String, String> answers) { return new Proposal(null, null, answers); }

    private static ProposedDecision approve(String call) { return remember(call, Scope.ONCE); }

    private static ProposedDecision remember(String call, Scope scope) {
        return new ProposedDecision(new ToolCallId(call), DecisionKind.APPROVE, scope, null, null, null, null);
    }

    private static ProposedDecision saw(String digest) {
        return new ProposedDecision(new ToolCallId("c1"), DecisionKind.APPROVE, Scope.ONCE, null, null, null, digest);
    }

    private static ProposedDecision saw2(String digest) {
        return new ProposedDecision(new ToolCallId("c2"), DecisionKind.APPROVE, Scope.ONCE, null, null, null, digest);
    }

    private static ProposedDecision reject(String call) {
        return new ProposedDecision(new ToolCallId(call), DecisionKind.REJECT, Scope.ONCE, "wrong account", null, null,
                null);
    }

    private static ProposedDecision edit(String call, String arguments) {
        return new ProposedDecision(new ToolCallId(call), DecisionKind.EDIT, Scope.ONCE, null,
                arguments == null ? null : new Json(arguments), null, null);
    }

    private static ProposedDecision respond(String call, String text) {
        return new ProposedDecision(new ToolCallId(call), DecisionKind.RESPOND, Scope.ONCE, null, null, text, null);
    }

    private static List<ToolCallId> calls(String... ids) { return Arrays.stream(ids).map(ToolCallId::new).toList(); }

    // --- when and then

    private Decided decide(Job job, String action, Proposal proposal) { return decideAs("ann", job, action, proposal); }

    private Decided decideAs(String subject, Job job, String action, Proposal proposal) {
        return got(decisions.decide(got(bench.store.find(job.key())), OptionalLong.empty(), action(action), proposal,
                by(subject)));
    }

    private Decided decideIn(Job generation, Proposal proposal) {
        return got(decisions.decide(got(bench.store.find(generation.key())),
                OptionalLong.of(generation.generation()), action("a1"), proposal, by("ann")));
    }

    private Decided refused(Job job, String action, Proposal proposal) {
        untouched.add(bench.sight(key("job")));
        Decided outcome = decide(job, action, proposal);
        untouched.add(bench.sight(key("job")));
        assertThat(outcome).isInstanceOf(Decided.Refused.class);
        return outcome;
    }

    private static Decided lost(Transition.Lost why) { return new Decided.Lost(why); }

    private static Accepted accepted(Decided outcome) {
        assertThat(outcome).isInstanceOf(Accepted.class);
        return (Accepted) outcome;
    }

    private static List<String> faults(Decided outcome) {
        assertThat(outcome).isInstanceOf(Decided.Invalid.class);
        return ((Decided.Invalid) outcome).faults().stream().map(fault -> fault.call() + " " + fault.path()).toList();
    }
}
