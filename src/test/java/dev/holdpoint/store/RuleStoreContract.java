package dev.holdpoint.store;

import static dev.holdpoint.store.Bench.TIMING;
import static dev.holdpoint.store.Bench.decision;
import static dev.holdpoint.store.Bench.got;
import static dev.holdpoint.store.Bench.prompt;
import static dev.holdpoint.store.Bench.user;
import static dev.holdpoint.store.Bench.won;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Debt.Note;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.JudgedCall;
import dev.holdpoint.job.Judgement;
import dev.holdpoint.job.NewResolution;
import dev.holdpoint.job.Outbox.Backlog;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.Timing;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.UserId;
import dev.holdpoint.policy.Grant;
import dev.holdpoint.policy.GrantId;
import dev.holdpoint.policy.NewGrant;
import dev.holdpoint.policy.RuleStore;
import dev.holdpoint.policy.RuleStore.Change;
import dev.holdpoint.policy.RuleStore.Giving;
import dev.holdpoint.policy.RuleStore.Standing;
import dev.holdpoint.store.Bench.Bounds;
import dev.holdpoint.store.Bench.Ports;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises of policies, grants, and the moves that rest on them. */
public abstract class RuleStoreContract {
    private static final Space HERE = Space.TENANTLESS;
    private static final Space ELSEWHERE = new Space(new TenantId("acme: 100%"));
    private static final UserId ANN = user("ann");
    private static final ConversationId TALK = new ConversationId("talk");
    private static final Duration HOUR = Duration.ofHours(1);

    private Bench bench;
    private RuleStore rules;

    protected abstract Ports emptyStore(InstantSource clock, Timing timing, Bounds bounds);

    @BeforeEach
    void setUp() {
        bench = new Bench(this::emptyStore);
        rules = bench.rules;
    }

    // --- the policy

    @Test
    void policyStandsAtZeroUntilSomebodyChangesIt() {
        assertThat(got(rules.standing(HERE))).isEqualTo(new Standing(0, null, 0));

        assertThat(change(HERE, 0, "{\"a\":1}")).isEqualTo(new Change.Changed(1));

        assertThat(got(rules.standing(HERE))).isEqualTo(new Standing(1, new Json("{\"a\":1}"), 1));
        assertThat(got(rules.standing(ELSEWHERE))).isEqualTo(new Standing(0, null, 0));
    }

    @Test
    void changeOfAnotherVersionIsStaleAndChangesNothing() {
        change(HERE, 0, "{\"a\":1}");

        assertThat(change(HERE, 0, "{\"b\":1}")).isEqualTo(new Change.Stale(1));
        assertThat(change(HERE, 2, "{\"b\":1}")).isEqualTo(new Change.Stale(1));

        assertThat(got(rules.standing(HERE))).isEqualTo(new Standing(1, new Json("{\"a\":1}"), 1));
        assertThat(bench.owed(Note.class)).hasSize(1);
    }

    @Test
    void ofManyWhoChangeTheSameVersionOneWins() {
        List<Change> outcomes = Race.of(20, runner -> change(HERE, 0, "{\"by\":" + runner + "}"));

        assertThat(outcomes).containsOnlyOnce(new Change.Changed(1));
        assertThat(outcomes).filteredOn(new Change.Stale(1)::equals).hasSize(19);
        assertThat(bench.owed(Note.class)).hasSize(1);
    }

    @Test
    void archiveIsOwedEachChangeWordForWord() {
        Note changed = note(ELSEWHERE, "{\"n\":1.50}", new Json("{\"secret\":\"…\"}"));
        Note given = note(ELSEWHERE, "{}", null);

        got(rules.change(ELSEWHERE, 0, Json.EMPTY_OBJECT, changed));
        got(rules.give(grant("g1", ELSEWHERE, null, "mail", null), given));
        got(bench.outbox.owe(note(ELSEWHERE, "[]", null)));

        assertThat(bench.owed(Note.class)).containsExactlyInAnyOrder(changed, given, note(ELSEWHERE, "[]", null));
        assertThat(got(bench.outbox.backlog()).entries()).isEqualTo(3);
        assertThat(got(bench.outbox.backlog()).since()).isNotNull();
        bench.payAll();
        assertThat(got(bench.outbox.backlog())).isEqualTo(new Backlog(0, null));
        assertThat(bench.owed(Debt.class)).isEmpty();
    }

    // --- moves that rest on rules

    @Test
    void moveUnderOlderRulesThanThoseInForceIsRefusedAndOneUnderTheNewestIsNot() {
        Job job = bench.create("job");
        change(HERE, 0, "{}");

        assertThat(pass(job, 0)).isEqualTo(new Transition.RulesChanged(1));
        assertThat(pauseUnder(job, 0)).isEqualTo(new Transition.RulesChanged(1));
        assertThat(bench.find(job.key())).isEqualTo(job);

        assertThat(pass(job, 1)).isInstanceOf(Transition.Won.class);
        assertThat(won(pauseUnder(job, 1)).prompt().orElseThrow().id().value()).isEqualTo("a1");
    }

    @Test
    void rulesOfOneSpaceDoNotHoldUpAnother() {
        Job job = bench.create("job");
        change(ELSEWHERE, 0, "{}");

        assertThat(pass(job, 0)).isInstanceOf(Transition.Won.class);
    }

    @Test
    void repeatedPauseUnderOlderRulesIsRefusedToo() {
        Job job = bench.create("job");
        won(pauseUnder(job, 0));
        change(HERE, 0, "{}");

        assertThat(pauseUnder(job, 0)).isEqualTo(new Transition.RulesChanged(1));
        assertThat(won(pauseUnder(job, 1))).isEqualTo(bench.find(job.key()));
    }

    @Test
    void decisionThatRestsOnOlderRulesIsRefusedAndThePromptStaysOpen() {
        Job paused = bench.paused("job", "a1");
        change(HERE, 0, "{}");
        NewResolution wanted = decision(paused, "a1", "ann");

        assertThat(got(bench.store.resolve(paused.key(), under(wanted, 0)))).isEqualTo(new Transition.RulesChanged(1));
        assertThat(bench.find(paused.key())).isEqualTo(paused);
        assertThat(got(bench.store.resolve(paused.key(), under(wanted, 1)))).isInstanceOf(Transition.Won.class);
    }

    @Test
    void decisionThatRestsOnNoRulesIsNotHeldUp() {
        Job paused = bench.paused("job", "a1");
        change(HERE, 0, "{}");

        assertThat(bench.resolve(paused, "a1").continuation()).isPresent();
    }

    @Test
    void passingRenewsTheLeaseAsASignOfLife() {
        Job claimed = bench.claimed("job", "a1", "w1");
        bench.advance(TIMING.lease().minusMillis(1));

        Job passed = won(pass(claimed, 0));

        assertThat(passed.lastActiveAt()).isEqualTo(bench.now());
        assertThat(passed.dueAt(TIMING)).isEqualTo(bench.now().plus(TIMING.lease()));
        assertThat(passed.lastSeq()).isEqualTo(claimed.lastSeq());
    }

    @Test
    void archiveIsOwedTheCallsThatAWorkerWasToldAbout() {
        Job passing = bench.create("passing");
        Job asking = bench.create("asking");

        pass(passing, 0);
        pauseUnder(asking, 0);
        pauseUnder(asking, 0);

        assertThat(bench.owed(Debt.JudgedCalls.class)).containsExactlyInAnyOrder(told(passing), told(asking));
    }

    @Test
    void ofManyGatesAndOneChangeNoneThatComesAfterItIsLetThroughUnderTheOldRules() {
        List<Job> jobs = new ArrayList<>();
        for (int number = 0; number < 40; number++) jobs.add(bench.create("job-" + number));

        List<Transition> outcomes = Race.of(jobs.size(), runner -> {
            if (runner == 0) change(HERE, 0, "{}");
            Transition during = pass(jobs.get(runner), 0);
            Transition after = runner == 0 ? pass(jobs.get(0), 0) : during;
            return runner == 0 ? after : during;
        });

        assertThat(outcomes.getFirst()).isEqualTo(new Transition.RulesChanged(1));
        assertThat(jobs).allSatisfy(job -> assertThat(pass(job, 0)).isEqualTo(new Transition.RulesChanged(1)));
    }

    // --- how a prompt ended

    @Test
    void archiveIsOwedEachPromptThatWaitsNoLongerAndHowItEnded() {
        Job decided = bench.resolved("decided", "a1");
        Job expired = bench.paused("expired", "a1");
        bench.advance(TIMING.pauseBackstop());
        expired = bench.expire(expired, "a1");
        Job aborted = bench.abort(bench.paused("aborted", "a1"));
        Job replaced = bench.paused("replaced", "a1");
        bench.create("replaced");
        Job malformed = bench.paused("malformed", "a1");
        bench.losePrompt(malformed.key());
        got(bench.store.expireDead(malformed.key(), malformed.generation(), null));

        List<Debt.ClosedPrompt> closed = bench.owed(Debt.ClosedPrompt.class);

        assertThat(closed).extracting(one -> one.job().id() + " " + (one.action() == null ? "malformed"
                : one.outcome().word())).containsExactlyInAnyOrder("decided decided", "expired expired",
                        "aborted aborted", "replaced replaced", "malformed malformed");
        Debt.ClosedPrompt resolution =
                closed.stream().filter(one -> one.job().equals(decided.key())).findFirst().orElseThrow();
        assertThat(resolution.resolution()).isEqualTo(decided.continuation().orElseThrow().resolution());
        assertThat(resolution.event()).isEqualTo(decided.lastEventId());
        assertThat(resolution.owner()).isEqualTo(decided.details().owner());
        Job ended = expired;
        assertThat(closed).filteredOn(one -> one.job().equals(ended.key())).singleElement()
                .satisfies(one -> {
                    assertThat(one.action()).isEqualTo(
                            bench.log(ended).stream().map(event -> event.event())
                                    .filter(dev.holdpoint.job.JobEvent.JobPaused.class::isInstance)
                                    .map(event -> ((dev.holdpoint.job.JobEvent.JobPaused) event).action()).findFirst()
                                    .orElseThrow());
                    assertThat(one.event()).isEqualTo(ended.lastEventId());
                    assertThat(one.at()).isEqualTo(ended.ended().orElseThrow().at());
                });
        assertThat(bench.owed()).extracting(Job::status).hasSize(4);
        assertThat(aborted.status().isTerminal()).isTrue();
        assertThat(replaced.prompt()).isPresent();
    }

    // --- grants

    @Test
    void grantHoldsForItsUserToolAndConversationUntilItExpires() {
        Grant session = given("g1", TALK, "mail", HOUR);
        Grant always = given("g2", null, "mail", null);

        assertThat(got(rules.grants(HERE, ANN))).containsExactly(session, always);
        assertThat(session.expiresAt()).isEqualTo(bench.now().plus(HOUR));
        assertThat(got(rules.grants(HERE, user("bob")))).isEmpty();
        assertThat(got(rules.grants(ELSEWHERE, ANN))).isEmpty();

        bench.advance(HOUR);
        assertThat(got(rules.grants(HERE, ANN))).containsExactly(always);
        assertThat(got(rules.find(HERE, session.id()))).isNull();
        assertThat(got(rules.find(HERE, always.id()))).isEqualTo(always);
        assertThat(got(rules.find(ELSEWHERE, always.id()))).isNull();
    }

    @Test
    void grantIsFoundByItsWholeIdAlone() {
        give(new NewGrant(new GrantId("g1"), HERE, user("ann of acme"), null, "mail", new ResolutionId("res-1"), "rita",
                null));

        assertThat(got(rules.find(HERE, new GrantId("g1")))).isNotNull();
        assertThat(got(rules.find(HERE, new GrantId("g1 ann")))).isNull();
        assertThat(got(rules.find(HERE, new GrantId("g1 ann of")))).isNull();
        assertThat(got(rules.find(HERE, new GrantId("g")))).isNull();
    }

    @Test
    void newGrantOfTheSameKindTakesTheOldersPlace() {
        given("g1", TALK, "mail", HOUR);
        bench.advance(Duration.ofMinutes(30));

        Grant newer = given("g2", TALK, "mail", HOUR);

        assertThat(got(rules.grants(HERE, ANN))).containsExactly(newer);
        assertThat(got(rules.list(HERE, null, null, 10)).items()).containsExactly(newer);
        assertThat(got(rules.find(HERE, new GrantId("g1")))).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void capsHoldAndWhatExpiredMakesRoom(boolean conversation) {
        int most = conversation ? RuleStore.MOST_OF_A_CONVERSATION : RuleStore.MOST_OF_A_USER;
        ConversationId where = conversation ? TALK : null;
        for (int number = 0; number < most; number++) given("g" + number, where, "tool-" + number, HOUR);

        assertThat(give(grant("more", HERE, where, "one more", HOUR))).isEqualTo(new Giving.Full());
        assertThat(give(grant("again", HERE, where, "tool-1", HOUR))).isInstanceOf(Giving.Given.class);
        if (conversation) {
            assertThat(give(grant("other", HERE, new ConversationId("other talk"), "mail", HOUR)))
                    .isInstanceOf(Giving.Given.class);
        }
        assertThat(bench.owed(Note.class)).hasSize(most + (conversation ? 2 : 1));
        bench.advance(HOUR);
        assertThat(give(grant("more", HERE, where, "one more", HOUR))).isInstanceOf(Giving.Given.class);
        assertThat(got(rules.grants(HERE, ANN))).hasSize(1);
    }

    @Test
    void capsHoldWhenManyGiveAtOnce() {
        Race.of(16, runner -> {
            for (int number = 0; number < 20; number++)
                give(grant("g" + runner + "-" + number, HERE, TALK, "tool " + runner + "-" + number, HOUR));
            return runner;
        });

        assertThat(got(rules.grants(HERE, ANN))).hasSize(RuleStore.MOST_OF_A_CONVERSATION);
    }

    @Test
    void revokedGrantIsGoneAndNoMoveThatMayHaveRestedOnItIsLetThrough() {
        Job job = bench.create("job");
        Grant grant = given("g1", null, "mail", null);
        Grant other = given("g2", null, "shell", null);

        assertThat(got(rules.revoke(grant, note(HERE, "{}", null)))).isTrue();
        assertThat(got(rules.revoke(grant, note(HERE, "{}", null)))).isFalse();

        assertThat(got(rules.grants(HERE, ANN))).containsExactly(other);
        assertThat(got(rules.list(HERE, null, null, 10)).items()).containsExactly(other);
        assertThat(pass(job, 0)).isInstanceOf(Transition.RulesChanged.class);
        assertThat(pass(job, got(rules.standing(HERE)).revision())).isInstanceOf(Transition.Won.class);
    }

    @Test
    void usesAreCounted() {
        Grant grant = given("g1", null, "mail", null);
        given("g2", null, "shell", null);
        bench.advance(HOUR);

        got(rules.used(HERE, ANN, Map.of(grant.id(), 2)));
        got(rules.used(HERE, ANN, Map.of(grant.id(), 1)));
        got(rules.used(HERE, user("nobody"), Map.of()));

        assertThat(got(rules.grants(HERE, ANN))).extracting(Grant::uses).containsExactly(3L, 0L);
        assertThat(got(rules.grants(HERE, ANN)).getFirst().lastUsedAt()).isEqualTo(bench.now());
    }

    @Test
    void useOfAGrantThatWasRevokedMeanwhileIsNotCounted() {
        Grant grant = given("g1", null, "mail", null);
        given("g2", null, "shell", null);
        got(rules.revoke(grant, note(HERE, "{}", null)));

        got(rules.used(HERE, ANN, Map.of(grant.id(), 1, new GrantId("g2"), 1)));

        given("g1", null, "mail", null);
        assertThat(got(rules.grants(HERE, ANN))).extracting(one -> one.id().value() + " " + one.uses())
                .containsExactly("g1 0", "g2 1");
    }

    @Test
    void listTellsEveryGrantOfTheSpaceInPages() {
        Set<String> expected = new TreeSet<>();
        for (int number = 0; number < 25; number++) {
            String id = "g-" + (10 + number);
            give(new NewGrant(new GrantId(id), HERE, user("user " + number % 7), null, "tool\n" + number,
                    new ResolutionId("r"), "ann", number % 5 == 0 ? HOUR : null));
            if (number % 5 != 0) expected.add(id);
        }
        give(grant("g-elsewhere", ELSEWHERE, null, "mail", null));
        bench.advance(HOUR);

        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            Page<Grant> page = got(rules.list(HERE, null, cursor, 4));
            page.items().forEach(grant -> seen.add(grant.id().value()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(seen).containsExactlyElementsOf(expected);
        assertThat(got(rules.list(HERE, user("user 1"), null, 2)).items()).extracting(Grant::user)
                .containsExactly(user("user 1"), user("user 1"));
    }

    // --- given

    private static NewResolution under(NewResolution wanted, long revision) {
        return new NewResolution(wanted.id(), wanted.generation(), wanted.action(), wanted.decidedBy(),
                wanted.submission(), OptionalLong.of(revision));
    }

    private Transition pass(Job job, long revision) {
        return got(bench.store.pass(job.key(), job.fence(), new Judgement(revision, List.of(CALL))));
    }

    private Transition pauseUnder(Job job, long revision) {
        return got(bench.store.pause(job.key(), job.fence(), prompt("a1"), new Judgement(revision, List.of(CALL))));
    }

    private static final JudgedCall CALL = new JudgedCall(new ToolCallId("c1"), "mail", List.of("mcp:mail"),
            new Json("{\"n\":1.0}"), "allow", null, new Json("{\"list\":\"allow\"}"), "g1", 7);

    private Debt.JudgedCalls told(Job job) {
        return new Debt.JudgedCalls(job.key(), job.generation(), bench.now(), job.details().owner(),
                job.details().conversation(), List.of(CALL));
    }

    private Change change(Space space, long expected, String policy) {
        return got(rules.change(space, expected, new Json(policy), note(space, "{}", null)));
    }

    private Note note(Space space, String body, Json content) {
        return new Note("note-1", "policy", space, bench.now(), new Json(body), content);
    }

    private static NewGrant grant(String id, Space space, ConversationId conversation, String tool, Duration ttl) {
        return new NewGrant(new GrantId(id), space, ANN, conversation, tool, new ResolutionId("res-1"), "rita", ttl);
    }

    private Giving give(NewGrant wanted) { return got(rules.give(wanted, note(wanted.space(), "{}", null))); }

    private Grant given(String id, ConversationId conversation, String tool, Duration ttl) {
        Giving giving = give(grant(id, HERE, conversation, tool, ttl));
        assertThat(giving).isInstanceOf(Giving.Given.class);
        return ((Giving.Given) giving).grant();
    }
}
