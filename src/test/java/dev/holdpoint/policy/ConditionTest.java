package dev.holdpoint.policy;

import static dev.holdpoint.policy.Calls.call;
import static dev.holdpoint.policy.Calls.json;
import static dev.holdpoint.policy.Calls.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.holdpoint.policy.Condition.Operator;
import dev.holdpoint.policy.Ruling.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
    private static final String ENORMOUS = "1e1001";

    private static Truth truth(String arguments, String pointer, String operator, String operand) {
        Condition condition = Condition.of(pointer, Operator.parse(operator).orElseThrow(), json(operand));
        return new CallArguments(json(arguments), Values::read).fulfil(condition);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1           | eq      | 1.0           | TRUE
            1.0         | eq      | 1             | TRUE
            100e-2      | eq      | 1             | TRUE
            -0.0        | eq      | 0             | TRUE
            0.1         | eq      | 0.10          | TRUE
            0.1         | eq      | 0.1000000000000000055511151231257827 | FALSE
            9007199254740993 | eq | 9007199254740992 | FALSE
            9007199254740993 | gt | 9007199254740992 | TRUE
            9007199254740993.0 | lte | 9007199254740992 | FALSE
            1           | ne      | 1.0           | FALSE
            1           | ne      | 2             | TRUE
            100         | gt      | 100           | FALSE
            100.01      | gt      | 100           | TRUE
            100         | gte     | 1e2           | TRUE
            99.9        | gte     | 100           | FALSE
            99.9        | lt      | 100           | TRUE
            100         | lt      | 100           | FALSE
            100         | lte     | 100.0         | TRUE
            101         | lte     | 100           | FALSE
            -5          | lt      | 0             | TRUE
            1e1000      | gt      | 100           | TRUE
            1e-1000     | gt      | 0             | TRUE
            'a'         | eq      | 'a'           | TRUE
            'a'         | eq      | 'A'           | FALSE
            true        | eq      | true          | TRUE
            true        | ne      | false         | TRUE
            null        | eq      | null          | TRUE
            {'a':1,'b':[2,{'c':3}]} | eq | {'b':[2.0,{'c':3e0}],'a':1.0} | TRUE
            {'a':1,'b':2} | eq    | {'a':1}       | FALSE
            {'a':1}     | eq      | {'a':1,'b':2} | FALSE
            {'a':1}     | eq      | {'b':1}       | FALSE
            [1,2]       | eq      | [2,1]         | FALSE
            [1,2]       | ne      | [1,2,3]       | TRUE
            [1,2]       | eq      | [1.0,2.0]     | TRUE
            'b'         | in      | ['a','b']     | TRUE
            'c'         | in      | ['a','b']     | FALSE
            2           | in      | ['a',1,2.0]   | TRUE
            3           | in      | ['a',1]       | FALSE
            [1]         | in      | [[1.0],2]     | TRUE
            null        | in      | [null,1]      | TRUE
            'joe@example.com' | matches | '*@example.com' | TRUE
            'joe@example.org' | matches | '*@example.com' | FALSE
            ''          | matches | '*'           | TRUE
            null        | exists  | true          | TRUE
            null        | exists  | false         | FALSE
            0           | exists  | true          | TRUE
            """)
    void plainQuestionsHavePlainAnswers(String value, String operator, String operand, Truth expected) {
        assertThat(truth("{'v':" + value + "}", "/v", operator, operand)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'a':1}       | eq | {'a':'1'}
            {'a':1}       | ne | {'a':'1'}
            ['1']         | in | [[1],[2]]
            {'a':{'b':1}} | eq | {'a':{'b':[1]}}
            """)
    void partsThatDifferOnlyInTypeAreInDoubtHoweverDeep(String value, String operator, String operand) {
        assertThat(truth("{'v':" + value + "}", "/v", operator, operand)).isEqualTo(Truth.DOUBTFUL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /a/b      | {'a':{'b':1}}        | TRUE
            /a/1      | {'a':[0,1]}          | TRUE
            /a/0      | {'a':[0,1]}          | FALSE
            /a/01     | {'a':[0,1]}          | DOUBTFUL
            /a/-      | {'a':[0,1]}          | DOUBTFUL
            /a/2      | {'a':[0,1]}          | DOUBTFUL
            /a/1      | {'a':{'1':1}}        | TRUE
            /a~1b     | {'a/b':1}            | TRUE
            /m~0n     | {'m~n':1}            | TRUE
            /~01      | {'~1':1}             | TRUE
            /         | {'':1}               | TRUE
            /a/       | {'a':{'':1}}         | TRUE
            /a/b/c    | {'a':1}              | DOUBTFUL
            ``        | {'a':1}              | DOUBTFUL
            """)
    void pointersAreThoseOfTheStandard(String pointer, String arguments, Truth isOne) {
        assertThat(truth(arguments, pointer, "eq", "1")).isEqualTo(isOne);
    }

    @Test
    void wholeArgumentsCanBeCompared() {
        assertThat(truth("{'a':1}", "", "eq", "{'a':1.0}")).isEqualTo(Truth.TRUE);
        assertThat(truth("{}", "", "exists", "true")).isEqualTo(Truth.TRUE);
    }

    static Stream<Arguments> doubts() {
        return Stream.of(new String[]{"eq", "1", "'1'"}, new String[]{"ne", "1", "'1'"},
                new String[]{"gt", "1", "'9'"}, new String[]{"gte", "1", "'9'"}, new String[]{"lt", "1", "'0'"},
                new String[]{"lte", "1", "'0'"}, new String[]{"in", "[1,'a']", "true"},
                new String[]{"matches", "'*'", "1"})
                .flatMap(row -> Stream.of("{}", "{'v':" + row[2] + "}", "{'v':null}", "{'v':[]}", "{'v':{}}", "{'w':1}")
                        .map(arguments -> Arguments.of(row[0], row[1], arguments)));
    }

    /** A missing place, another type and null, for every operator but {@code exists}, in each list. */
    @ParameterizedTest
    @MethodSource("doubts")
    void doubtNeverLoosens(String operator, String operand, String arguments) {
        assertThat(truth(arguments, "/v", operator, operand)).isEqualTo(Truth.DOUBTFUL);
        assertThat(verdictsOf(operator, operand, arguments)).containsExactly(Verdict.ASK, Verdict.DENY, Verdict.ASK);
    }

    /**
     * What allow, deny and ask make of a call in turn; each would say something else if
     * its condition turned out the other way.
     */
    private static List<Verdict> verdictsOf(String operator, String operand, String arguments) {
        return verdictsAt("/v", operator, operand, arguments);
    }

    private static List<Verdict> verdictsAt(String place, String operator, String operand, String arguments) {
        String rules = "[{'tool':'t','when':{'" + place + "':{'" + operator + "':" + operand + "}}}]";
        return List.of(verdict("{'enabled':true,'allow':" + rules + "}", call("t", arguments)),
                verdict("{'enabled':true,'deny':" + rules + "}", call("t", arguments)),
                verdict("{'enabled':true,'mode':'bypass','precedence':'strict','ask':" + rules + "}",
                        call("t", arguments)));
    }

    @Test
    void existsIsNeverInDoubtOverAMissingPlace() {
        assertThat(verdictsOf("exists", "true", "{}")).containsExactly(Verdict.ASK, Verdict.ASK, Verdict.ALLOW);
        assertThat(verdictsOf("exists", "false", "{}")).containsExactly(Verdict.ALLOW, Verdict.DENY, Verdict.ASK);
        assertThat(verdictsOf("exists", "true", "{'v':null}")).containsExactly(Verdict.ALLOW, Verdict.DENY,
                Verdict.ASK);
        assertThat(verdictsOf("exists", "false", "{'v':null}")).containsExactly(Verdict.ASK, Verdict.ASK,
                Verdict.ALLOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'v':'{\\'w\\':1}'}", "{'v':[{'w':1}]}", "{'v':7}"})
    void existsIsInDoubtWhereTheWayToThePlaceCannotBeWalked(String arguments) {
        for (String operand : List.of("true", "false"))
            assertThat(verdictsAt("/v/w", "exists", operand, arguments)).containsExactly(Verdict.ASK, Verdict.DENY,
                    Verdict.ASK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'v':{}}", "{'v':null}", "{'v':{'x':'w'}}"})
    void existsIsSureOfWhatIsntInAnObject(String arguments) {
        assertThat(verdictsAt("/v/w", "exists", "false", arguments)).containsExactly(Verdict.ALLOW, Verdict.DENY,
                Verdict.ASK);
        assertThat(verdictsAt("/v/0", "exists", "false", "{'v':[]}")).containsExactly(Verdict.ALLOW, Verdict.DENY,
                Verdict.ASK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{'v':1", "{'v':1}x", "{'v':1}{}", "{'v':1,'v':1}", "{'v':NaN}", "{v:1}",
        "null", "7", "[]", "'v'", "{'v':1e99999999999}"})
    void argumentsThatCannotBeReadLeaveEveryOperatorInDoubt(String arguments) {
        for (String[] row : List.of(new String[]{"eq", "1"}, new String[]{"ne", "1"}, new String[]{"gt", "1"},
                new String[]{"gte", "1"}, new String[]{"lt", "1"}, new String[]{"lte", "1"},
                new String[]{"in", "[1]"}, new String[]{"matches", "'*'"}, new String[]{"exists", "true"},
                new String[]{"exists", "false"})) {
            assertThat(truth(arguments, "/v", row[0], row[1])).as(row[0]).isEqualTo(Truth.DOUBTFUL);
            assertThat(verdictsOf(row[0], row[1], arguments)).containsExactly(Verdict.ASK, Verdict.DENY, Verdict.ASK);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e1001", "-1e1001", "1e-1001", "1e999999999", "-1e-999999999", "1e2147483647",
        "1000e2147483647", "1e-2147483647"})
    void enormousNumbersAreDoubtAndNeverExpanded(String number) {
        for (String operator : List.of("eq", "ne", "gt", "gte", "lt", "lte")) {
            assertThat(truth("{'v':" + number + "}", "/v", operator, "1")).as(operator).isEqualTo(Truth.DOUBTFUL);
        }
        assertThat(truth("{'v':" + number + "}", "/v", "in", "[1]")).isEqualTo(Truth.DOUBTFUL);
        assertThat(truth("{'v':[" + number + "]}", "/v", "eq", "[1]")).isEqualTo(Truth.DOUBTFUL);
        assertThat(truth("{'v':{'a':" + number + "}}", "/v", "ne", "{'a':1}")).isEqualTo(Truth.DOUBTFUL);
        assertThat(truth("{'v':1,'w':" + number + "}", "/v", "eq", "1")).isEqualTo(Truth.TRUE);
        assertThat(truth("{'v':" + number + "}", "/v", "exists", "true")).isEqualTo(Truth.TRUE);
    }

    @Test
    void valuesThatDifferElsewhereAreDifferentWhateverElseIsInDoubt() {
        assertThat(truth("{'v':[" + ENORMOUS + ",1]}", "/v", "eq", "[1,2]")).isEqualTo(Truth.FALSE);
        assertThat(truth("{'v':[1," + ENORMOUS + "]}", "/v", "eq", "[2,1]")).isEqualTo(Truth.FALSE);
        assertThat(truth("{'v':{'a':" + ENORMOUS + ",'b':1}}", "/v", "ne", "{'b':2,'a':1}")).isEqualTo(Truth.TRUE);
        assertThat(truth("{'v':[" + ENORMOUS + "]}", "/v", "in", "[[1],[2,3]]")).isEqualTo(Truth.DOUBTFUL);
    }

    @Test
    void nothingIsTooDeepOrTooLongToBeJudged() {
        String deep = "[".repeat(900) + "]".repeat(900);
        String deeper = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(truth("{'v':" + deep + "}", "/v", "eq", deep)).isEqualTo(Truth.TRUE);
        assertThat(truth("{'v':" + deeper + "}", "/v", "exists", "true")).isEqualTo(Truth.DOUBTFUL);
        assertThat(truth("{'v':" + "9".repeat(1_000_000) + "}", "/v", "gt", "1")).isEqualTo(Truth.DOUBTFUL);
        assertThat(truth("{'v':'" + "a".repeat(1_000_000) + "'}", "/v", "matches", "'*b*'")).isEqualTo(Truth.FALSE);
        assertThat(truth("{'v':1}", "/v".repeat(256), "eq", "1")).isEqualTo(Truth.DOUBTFUL);
    }

    /** Sixteen million characters in all: the seventeenth glob over a million is one too many. */
    @Test
    void moreMatchingThanOneCallMayTakeIsDoubt() {
        String rules = "{'tool':'t','when':{'/v':{'matches':'*b*'}}},".repeat(16);
        ToolCall call = call("t", "{'v':'" + "a".repeat(1_000_000) + "'}");

        assertThat(verdict("{'enabled':true,'deny':[" + rules + "'other']}", call)).isEqualTo(Verdict.ASK);
        assertThat(verdict("{'enabled':true,'deny':[" + rules + "{'tool':'t','when':{'/v':{'matches':'b'}}}]}", call))
                .isEqualTo(Verdict.DENY);
        assertThat(verdict("{'enabled':true,'deny':[" + rules + "'other'],"
                + "'allow':[{'tool':'t','when':{'/v':{'matches':'*'}}}]}", call)).isEqualTo(Verdict.ASK);
    }

    @Test
    void everyConditionOfARuleMustHold() {
        String rule = "{'tool':'pay','when':{'/amount':{'gt':10,'lte':100},'/to':{'matches':'*@example.com'}}}";
        String policy = "{'enabled':true,'allow':[" + rule + "]}";

        assertThat(verdict(policy, call("pay", "{'amount':50,'to':'a@example.com'}"))).isEqualTo(Verdict.ALLOW);
        assertThat(verdict(policy, call("pay", "{'amount':10,'to':'a@example.com'}"))).isEqualTo(Verdict.ASK);
        assertThat(verdict(policy, call("pay", "{'amount':101,'to':'a@example.com'}"))).isEqualTo(Verdict.ASK);
        assertThat(verdict(policy, call("pay", "{'amount':50,'to':'a@example.org'}"))).isEqualTo(Verdict.ASK);
        assertThat(verdict(policy, call("pay", "{'amount':50}"))).isEqualTo(Verdict.ASK);
        assertThat(verdict(policy, call("refund", "{'amount':50,'to':'a@example.com'}"))).isEqualTo(Verdict.ASK);
    }

    @Test
    void oneConditionThatPlainlyFailsSavesFromADenyInDoubt() {
        String policy = "{'enabled':true,'mode':'bypass',"
                + "'deny':[{'tool':'pay','when':{'/amount':{'gt':10},'/to':{'matches':'*@example.com'}}}]}";

        assertThat(verdict(policy, call("pay", "{'amount':5}"))).isEqualTo(Verdict.ALLOW);
        assertThat(verdict(policy, call("pay", "{'amount':50}"))).isEqualTo(Verdict.DENY);
        assertThat(verdict(policy, call("pay", "{}"))).isEqualTo(Verdict.DENY);
    }

    @Test
    void everyOperatorHasItsWord() {
        assertThat(Arrays.stream(Operator.values()).map(Operator::word).collect(Collectors.joining(" ")))
                .isEqualTo("eq ne gt gte lt lte in matches exists");
        assertThat(Operator.parse("EQ")).isEmpty();
    }
}
