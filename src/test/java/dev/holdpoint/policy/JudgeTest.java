package dev.holdpoint.policy;

import static dev.holdpoint.policy.Calls.call;
import static dev.holdpoint.policy.Calls.judge;
import static dev.holdpoint.policy.Calls.policy;
import static dev.holdpoint.policy.Calls.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.policy.Ground.ByGrant;
import dev.holdpoint.policy.Ground.ByMode;
import dev.holdpoint.policy.Ground.Fallthrough;
import dev.holdpoint.policy.Ground.ListName;
import dev.holdpoint.policy.Ground.Listed;
import dev.holdpoint.policy.Policy.Mode;
import dev.holdpoint.policy.Policy.Precedence;
import dev.holdpoint.policy.Ruling.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JudgeTest {
    private static final GrantId GRANT = new GrantId("g1");
    private static final int ROUNDS = 6_000;

    /** The origin's examples, with what each order makes of them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                                    | any          | ASK   | ASK
            'allow':['read_*'],'deny':['read_secret']             | read_secret  | DENY  | DENY
            'allow':['read_*'],'deny':['read_secret']             | read_file    | ALLOW | ALLOW
            'allow':['execute_safe'],'ask':['execute_*']          | execute_safe | ALLOW | ASK
            'allow':['execute_safe'],'ask':['execute_*']          | execute_x    | ASK   | ASK
            'mode':'bypass','deny':['delete_*']                   | delete_file  | DENY  | DENY
            'mode':'bypass','deny':['delete_*']                   | other        | ALLOW | ALLOW
            'mode':'bypass','ask':['pay_*']                       | pay_invoice  | ALLOW | ASK
            'mode':'bypass','ask':['pay_*']                       | other        | ALLOW | ALLOW
            'mode':'dontAsk','allow':['read_*'],'ask':['write_*'] | read_x       | ALLOW | ALLOW
            'mode':'dontAsk','allow':['read_*'],'ask':['write_*'] | write_x      | ASK   | ASK
            'mode':'dontAsk','allow':['read_*'],'ask':['write_*'] | other        | DENY  | DENY
            'deny':['x'],'ask':['x'],'allow':['x']                | x            | DENY  | DENY
            'mode':'bypass','deny':['x'],'allow':['x']            | x            | DENY  | DENY
            'mode':'dontAsk','deny':['x']                         | x            | DENY  | DENY
            """)
    void bothOrdersDecideAsWritten(String lists, String name, Verdict classic, Verdict strict) {
        String open = "{'enabled':true" + (lists.isEmpty() ? "" : "," + lists);

        assertThat(verdict(open + "}", name)).isEqualTo(classic);
        assertThat(verdict(open + ",'precedence':'classic'}", name)).isEqualTo(classic);
        assertThat(verdict(open + ",'precedence':'strict'}", name)).isEqualTo(strict);
    }

    @ParameterizedTest
    @EnumSource(Precedence.class)
    void rulingSaysWhatDecided(Precedence precedence) {
        String open = "{'enabled':true,'precedence':'" + precedence.word() + "'";
        Judge listed = judge(open + ",'deny':['a','d*','de'],'allow':['al*'],'ask':['x','as']}");

        assertThat(listed.judge(call("de", "{}"), Map.of()).ground())
                .isEqualTo(new Listed(ListName.DENY, 1, new Rule(Glob.of("d*"), List.of())));
        assertThat(listed.judge(call("al", "{}"), Map.of("al", GRANT)).ground())
                .isEqualTo(new Listed(ListName.ALLOW, 0, new Rule(Glob.of("al*"), List.of())));
        assertThat(listed.judge(call("as", "{}"), Map.of()).ground())
                .isEqualTo(new Listed(ListName.ASK, 1, new Rule(Glob.of("as"), List.of())));
        assertThat(listed.judge(call("other", "{}"), Map.of()).ground()).isEqualTo(new Fallthrough());
        assertThat(listed.judge(call("other", "{}"), Map.of("other", GRANT)).ground()).isEqualTo(new ByGrant(GRANT));
        assertThat(judge(open + ",'mode':'bypass'}").judge(call("x", "{}"), Map.of()).ground())
                .isEqualTo(new ByMode(Mode.BYPASS));
        assertThat(judge(open + ",'mode':'dontAsk'}").judge(call("x", "{}"), Map.of()).ground())
                .isEqualTo(new ByMode(Mode.DONT_ASK));
    }

    @Test
    void rulingCarriesItsCallAndTheVersionThatDecided() {
        ToolCall call = call("t", "{'a':1}", "other");

        Ruling ruling = new Judge(Policy.BUILT_IN, 12).judge(call, Map.of());

        assertThat(ruling).isEqualTo(new Ruling(call, Verdict.ASK, null, new Fallthrough(), 12));
    }

    @Test
    void bypassComesBeforeTheAllowListOnlyInTheClassicOrder() {
        String open = "{'enabled':true,'mode':'bypass','allow':['x'],'precedence':";

        assertThat(judge(open + "'classic'}").judge(call("x", "{}"), Map.of()).ground())
                .isEqualTo(new ByMode(Mode.BYPASS));
        assertThat(judge(open + "'strict'}").judge(call("x", "{}"), Map.of()).ground()).isInstanceOf(Listed.class);
    }

    @Test
    void denyAlwaysBeatsAGrantAndAskDoesUnderTheStrictOrder() {
        Map<String, GrantId> grants = Map.of("x", GRANT);

        assertThat(judge("{'enabled':true,'deny':['x']}").judge(call("x", "{}"), grants).verdict())
                .isEqualTo(Verdict.DENY);
        assertThat(judge("{'enabled':true,'ask':['x']}").judge(call("x", "{}"), grants).verdict())
                .isEqualTo(Verdict.ALLOW);
        assertThat(judge("{'enabled':true,'ask':['x'],'precedence':'strict'}").judge(call("x", "{}"), grants).verdict())
                .isEqualTo(Verdict.ASK);
        assertThat(judge("{'enabled':true,'mode':'dontAsk'}").judge(call("x", "{}"), grants).verdict())
                .isEqualTo(Verdict.ALLOW);
    }

    @Test
    void grantHoldsForTheExactCanonicalNameOnly() {
        Judge judge = new Judge(Policy.BUILT_IN, 1);
        Map<String, GrantId> grants = Map.of("send", GRANT, "pay_*", GRANT);

        assertThat(judge.judge(call("send", "{}"), grants).verdict()).isEqualTo(Verdict.ALLOW);
        assertThat(judge.judge(call("Send", "{}"), grants).verdict()).isEqualTo(Verdict.ASK);
        assertThat(judge.judge(call("mcp:send", "{}", "send"), grants).verdict()).isEqualTo(Verdict.ASK);
        assertThat(judge.judge(call("pay_all", "{}"), grants).verdict()).isEqualTo(Verdict.ASK);
    }

    @Test
    void denyAndAskMatchAnySpellingButAllowOnlyTheCanonicalOne() {
        ToolCall call = call("mcp:mail:send", "{}", "send", "mail_send");

        assertThat(verdict("{'enabled':true,'allow':['*'],'deny':['send']}", call)).isEqualTo(Verdict.DENY);
        assertThat(verdict("{'enabled':true,'allow':['*'],'deny':['mail_*']}", call)).isEqualTo(Verdict.DENY);
        assertThat(verdict("{'enabled':true,'mode':'dontAsk','ask':['send']}", call)).isEqualTo(Verdict.ASK);
        assertThat(verdict("{'enabled':true,'allow':['send','mail_send']}", call)).isEqualTo(Verdict.ASK);
        assertThat(verdict("{'enabled':true,'allow':['mcp:mail:send']}", call)).isEqualTo(Verdict.ALLOW);
    }

    @Test
    void nobodyIsPromptedWhileApprovalsAreSwitchedOff() {
        Judge off = judge("{'enabled':false,'allow':['read'],'ask':['write']}");
        Ruling listed = off.judge(call("write", "{}"), Map.of());
        Ruling unlisted = off.judge(call("other", "{}"), Map.of());

        assertThat(off.judge(call("read", "{}"), Map.of()).verdict()).isEqualTo(Verdict.ALLOW);
        assertThat(off.judge(call("other", "{}"), Map.of("other", GRANT)).verdict()).isEqualTo(Verdict.ALLOW);
        assertThat(listed.verdict()).isEqualTo(Verdict.DENY);
        assertThat(listed.ground()).isInstanceOf(Listed.class);
        assertThat(unlisted.verdict()).isEqualTo(Verdict.DENY);
        assertThat(unlisted.ground()).isEqualTo(new Fallthrough());
        assertThat(unlisted.reason()).isEqualTo("Approvals are switched off, so what would be asked is denied.");
        assertThat(judge("{'reason':'No {tool} today.'}").judge(call("x", "{}"), Map.of()).reason())
                .isEqualTo("No x today.");
        assertThat(judge("{'deny':['x']}").judge(call("x", "{}"), Map.of()).reason()).isNull();
    }

    @Test
    void reasonIsToldWithWhatIsAskedOrDeniedOnly() {
        Judge judge = judge("{'enabled':true,'allow':['a'],'deny':['d'],'reason':'{tool} needs a person: {tool}.'}");

        assertThat(judge.judge(call("a", "{}"), Map.of()).reason()).isNull();
        assertThat(judge.judge(call("d", "{}"), Map.of()).reason()).isEqualTo("d needs a person: d.");
        assertThat(judge.judge(call("{tool}", "{}"), Map.of()).reason()).isEqualTo("{tool} needs a person: {tool}.");
        assertThat(judge("{'enabled':true,'mode':'dontAsk','reason':'no'}").judge(call("x", "{}"), Map.of()).reason())
                .isEqualTo("no");
        assertThat(judge("{'enabled':true,'deny':['d']}").judge(call("d", "{}"), Map.of()).reason()).isNull();
    }

    @Test
    void argumentsAreReadOnceAndOnlyWhenAConditionAsksForThem() {
        AtomicInteger read = new AtomicInteger();
        Judge judge = new Judge(policy("{'enabled':true,'deny':['no',{'tool':'pay','when':{'/a':{'gt':9}}},"
                + "{'tool':'p*','when':{'/b':{'gt':9},'/a':{'gt':8}}}],'allow':[{'tool':'*','when':{'/a':{'lt':2}}}]}"),
                1, json -> {
                    read.incrementAndGet();
                    return Values.read(json);
                });

        assertThat(judge.judge(call("no", "{'a':1}"), Map.of()).verdict()).isEqualTo(Verdict.DENY);
        assertThat(read).hasValue(0);

        assertThat(judge.judge(call("pay", "{'a':1,'b':1}"), Map.of()).verdict()).isEqualTo(Verdict.ALLOW);
        assertThat(read).hasValue(1);

        assertThat(judge.judge(call("pay", "unreadable"), Map.of()).verdict()).isEqualTo(Verdict.DENY);
        assertThat(read).hasValue(2);
    }

    @Test
    void denyByListAlwaysWins() {
        RandomCases cases = new RandomCases(1);
        int denied = 0;

        for (int round = 0; round < ROUNDS; round++) {
            Judge judge = new Judge(cases.policy(), 1);
            ToolCall call = cases.call();
            if (!isDeniedByList(judge.judge(call, Map.of()))) continue;
            denied++;
            Ruling ruling = judge.judge(call, cases.grants());
            assertThat(ruling.verdict()).isEqualTo(Verdict.DENY);
            assertThat(ruling.ground()).isInstanceOfSatisfying(Listed.class,
                    listed -> assertThat(listed.list()).isEqualTo(ListName.DENY));
        }

        assertThat(denied).isGreaterThan(ROUNDS / 10);
    }

    @Test
    void oneMoreDenyRuleNeverLoosens() {
        RandomCases cases = new RandomCases(2);
        int changed = 0;

        for (int round = 0; round < ROUNDS; round++) {
            Policy policy = cases.policy();
            ToolCall call = cases.call();
            Map<String, GrantId> grants = cases.grants();
            Verdict before = new Judge(policy, 1).judge(call, grants).verdict();
            Verdict after = new Judge(withOneMoreDenyRule(policy, cases), 2).judge(call, grants).verdict();
            assertThat(after).isIn(before, Verdict.DENY);
            changed += after == before ? 0 : 1;
        }

        assertThat(changed).isGreaterThan(ROUNDS / 20);
    }

    private static Policy withOneMoreDenyRule(Policy policy, RandomCases cases) {
        List<Rule> deny = new ArrayList<>(policy.deny());
        deny.add(cases.below(deny.size() + 1), cases.rule());
        return new Policy(policy.enabled(), policy.mode(), policy.allow(), deny, policy.ask(), policy.reason(),
                policy.precedence(), policy.remember());
    }

    @Test
    void memoryThatIsOfferedWouldBeHonoured() {
        RandomCases cases = new RandomCases(3);
        int offered = 0;

        for (int round = 0; round < ROUNDS; round++) {
            Judge judge = new Judge(cases.policy(), 1);
            ToolCall call = cases.call();
            if (!judge.offersMemory(call.name(), call.aliases(), null)) continue;
            offered++;
            assertThat(judge.judge(call, Map.of(call.name(), GRANT)).verdict()).isEqualTo(Verdict.ALLOW);
        }

        assertThat(offered).isGreaterThan(ROUNDS / 20);
    }

    /** Whatever comes: an answer, the same one again, and none that contradicts itself. */
    @Test
    void everyCallIsJudged() {
        RandomCases cases = new RandomCases(4);
        Set<Verdict> verdicts = EnumSet.noneOf(Verdict.class);

        for (int round = 0; round < ROUNDS; round++) {
            Policy policy = cases.policy();
            Judge judge = new Judge(policy, 1);
            ToolCall call = cases.call();
            Map<String, GrantId> grants = cases.grants();
            Ruling ruling = judge.judge(call, grants);
            assertThat(judge.judge(call, grants)).isEqualTo(ruling);
            if (!policy.enabled()) assertThat(ruling.verdict()).isNotEqualTo(Verdict.ASK);
            if (ruling.verdict() == Verdict.ALLOW) assertThat(ruling.reason()).isNull();
            verdicts.add(ruling.verdict());
        }

        assertThat(verdicts).containsExactlyInAnyOrder(Verdict.values());
    }

    private static boolean isDeniedByList(Ruling ruling) {
        return ruling.ground() instanceof Ground.Listed listed && listed.list() == Ground.ListName.DENY;
    }
}
