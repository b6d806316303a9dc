package dev.holdpoint.policy;

import static dev.holdpoint.policy.Calls.json;
import static dev.holdpoint.policy.Calls.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.Json;
import dev.holdpoint.policy.Condition.Operator;
import dev.holdpoint.policy.Policy.Mode;
import dev.holdpoint.policy.Policy.Precedence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDocumentTest {
    @Test
    void whatADocumentLeavesOutHasItsDefault() {
        assertThat(policy("{}")).isEqualTo(new Policy(false, Mode.DEFAULT, List.of(), List.of(), List.of(), null,
                Precedence.CLASSIC, true));
        assertThat(policy("{'enabled':true}")).isEqualTo(Policy.BUILT_IN);
    }

    @Test
    void everyMemberIsRead() {
        Policy policy = policy("{'enabled':true,'mode':'dontAsk','allow':['read_*'],"
                + "'deny':[{'when':{'/amount':{'gt':100,'lte':1e3},'/to':{'matches':'*@example.com'}},'tool':'pay'}],"
                + "'ask':['*'],'reason':'{tool} waits','precedence':'strict','remember':false}");

        assertThat(policy).isEqualTo(new Policy(true, Mode.DONT_ASK, List.of(new Rule(Glob.of("read_*"), List.of())),
                List.of(new Rule(Glob.of("pay"), List.of(Condition.of("/amount", Operator.GT, new Json("100")),
                        Condition.of("/amount", Operator.LTE, new Json("1e3")),
                        Condition.of("/to", Operator.MATCHES, json("'*@example.com'"))))),
                List.of(new Rule(Glob.of("*"), List.of())), "{tool} waits", Precedence.STRICT, false));
    }

    @Test
    void documentIsWrittenAsItWasRead() {
        String document = "{'enabled':true,'mode':'bypass','allow':['read_*',{'tool':'pay','when':"
                + "{'/amount':{'gte':1.50,'lt':1E2},'/~0~1':{'eq':{'b':-0.0,'a':[12345678901234567890.10,null]}},"
                + "'':{'exists':true},'/x':{'in':['a',1e3,false]}}}],'deny':['a'],'ask':[''],'reason':'{tool}: \\u0007',"
                + "'precedence':'strict','remember':false}";

        assertThat(PolicyDocument.write(policy(document))).isEqualTo(json(document));
    }

    @Test
    void defaultsAreWrittenOut() {
        assertThat(PolicyDocument.write(Policy.BUILT_IN)).isEqualTo(json("{'enabled':true,'mode':'default','allow':[],"
                + "'deny':[],'ask':[],'precedence':'classic','remember':true}"));
    }

    @Test
    void everyPolicyIsReadAsItWasWritten() {
        RandomCases cases = new RandomCases(8);

        for (int round = 0; round < 2_000; round++) {
            Policy policy = cases.policy();
            assertThat(PolicyDocument.read(PolicyDocument.write(policy))).isEqualTo(policy);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    ``                                 | Not an object.
                    null                               | Not an object.
                    []                                 | Not an object.
                    {'enabled':1}                      | Not true or false at /enabled.
                    {'enabled':'true'}                 | Not true or false at /enabled.
                    {'enabled':null}                   | Not true or false at /enabled.
                    {'mode':'dontask'}                 | Unknown mode at /mode.
                    {'mode':null}                      | Unknown mode at /mode.
                    {'precedence':'STRICT'}            | Unknown precedence at /precedence.
                    {'remember':0}                     | Not true or false at /remember.
                    {'reason':null}                    | Not a string at /reason.
                    {'reason':['a']}                   | Not a string at /reason.
                    {'alow':[]}                        | Unknown member at /alow.
                    {'a/~b':1}                         | Unknown member at /a~1~0b.
                    {'allow':'*'}                      | Not an array at /allow.
                    {'allow':null}                     | Not an array at /allow.
                    {'allow':{}}                       | Not an array at /allow.
                    {'allow':['a',null]}               | Not a glob or a rule object at /allow/1.
                    {'allow':['a',1]}                  | Not a glob or a rule object at /allow/1.
                    {'allow':[['a']]}                  | Not a glob or a rule object at /allow/0.
                    {'deny':[{}]}                      | Rule without a tool at /deny/0.
                    {'deny':[{'tool':'a'}]}            | Rule object without conditions at /deny/0.
                    {'deny':[{'tool':'a','when':{}}]}  | Rule object without conditions at /deny/0.
                    {'deny':[{'when':{'/a':{'gt':1}}}]} | Rule without a tool at /deny/0.
                    {'deny':[{'tool':1,'when':{'/a':{'gt':1}}}]} | Not a glob at /deny/0/tool.
                    {'deny':[{'tool':'a','when':[]}]}  | Not an object at /deny/0/when.
                    {'deny':[{'tool':'a','when':null}]} | Not an object at /deny/0/when.
                    {'deny':[{'tool':'a','when':{'/a':{'gt':1}},'if':1}]} | Unknown member at /deny/0/if.
                    {'ask':['x',{'tool':'a','when':{'amount':{'gt':1}}}]} | Not a JSON Pointer at /ask/1/when/amount.
                    {'ask':[{'tool':'a','when':{'/a~':{'gt':1}}}]} | Not a JSON Pointer at /ask/0/when/~1a~0.
                    {'ask':[{'tool':'a','when':{'/~2':{'gt':1}}}]} | Not a JSON Pointer at /ask/0/when/~1~02.
                    {'ask':[{'tool':'a','when':{'#/a':{'gt':1}}}]} | Not a JSON Pointer at /ask/0/when/#~1a.
                    {'ask':[{'tool':'a','when':{'/a':{}}}]} | Place without an operator at /ask/0/when/~1a.
                    {'ask':[{'tool':'a','when':{'/b':{'gt':1},'/a':{}}}]} | Place without an operator at /ask/0/when/~1a.
                    {'ask':[{'tool':'a','when':{'/a':1}}]} | Not an object at /ask/0/when/~1a.
                    {'ask':[{'tool':'a','when':{'/a':{'like':1}}}]} | Unknown operator at /ask/0/when/~1a/like.
                    {'ask':[{'tool':'a','when':{'/a':{'GT':1}}}]} | Unknown operator at /ask/0/when/~1a/GT.
                    {'ask':[{'tool':'a','when':{'/a':{'gt':'1'}}}]} | Not a number at /ask/0/when/~1a/gt.
                    {'ask':[{'tool':'a','when':{'/a':{'gte':null}}}]} | Not a number at /ask/0/when/~1a/gte.
                    {'ask':[{'tool':'a','when':{'/a':{'lt':[1]}}}]} | Not a number at /ask/0/when/~1a/lt.
                    {'ask':[{'tool':'a','when':{'/a':{'lte':true}}}]} | Not a number at /ask/0/when/~1a/lte.
                    {'ask':[{'tool':'a','when':{'/a':{'gt':1e1001}}}]} | Operand with a number that is out of range at /ask/0/when/~1a/gt.
                    {'ask':[{'tool':'a','when':{'/a':{'eq':[{'x':1e999999999}]}}}]} | Operand with a number that is out of range at /ask/0/when/~1a/eq.
                    {'ask':[{'tool':'a','when':{'/a':{'eq':1e99999999999}}}]} | Operand that can't be read at /ask/0/when/~1a/eq.
                    {'ask':[{'tool':'a','when':{'/a':{'in':1}}}]} | Not an array of 1 to 100 values at /ask/0/when/~1a/in.
                    {'ask':[{'tool':'a','when':{'/a':{'in':[]}}}]} | Not an array of 1 to 100 values at /ask/0/when/~1a/in.
                    {'ask':[{'tool':'a','when':{'/a':{'matches':1}}}]} | Not a glob at /ask/0/when/~1a/matches.
                    {'ask':[{'tool':'a','when':{'/a':{'exists':1}}}]} | Not true or false at /ask/0/when/~1a/exists.
                    {'ask':[{'tool':'a','when':{'/a':{'eq':{'x':1,'x':2}}}}]} | Malformed JSON or a repeated member name at /ask/0/when/~1a/eq/x.
                    {'enabled':true,'enabled':false}   | Malformed JSON or a repeated member name at /enabled.
                    {'allow':['a',]}                   | Malformed JSON or a repeated member name at /allow/1.
                    {'enabled':tru}                    | Malformed JSON or a repeated member name at /enabled.
                    {'enabled':true                    | Malformed JSON or a repeated member name at /enabled.
                    {} {}                              | Something behind the policy.
                    {} x                               | Malformed JSON or a repeated member name.
                    """)
    void faultIsNamedWithItsPlace(String document, String message) {
        assertThatExceptionOfType(InvalidPolicy.class).isThrownBy(() -> policy(document)).withMessage(message);
    }

    @Test
    void halfASurrogatePairIsRefusedAndNotRepeated() {
        assertInvalid("{'reason':'\\ud800'}", "Half a surrogate pair at /reason.");
        assertInvalid("{'ask':['\\udc00']}", "Half a surrogate pair at /ask/0.");
        assertInvalid("{'ask':[" + rule("{'/a':{'eq':['\\ud800']}}") + "]}",
                "Half a surrogate pair at /ask/0/when/~1a/eq/0.");
        assertInvalid("{'\\ud800':1}", "Half a surrogate pair at /\ufffd.");
        assertInvalid("{'ask':[" + rule("{'/\\ud800':{'eq':1}}") + "]}",
                "Half a surrogate pair at /ask/0/when/~1\ufffd.");
        assertInvalid("{'ask':[" + rule("{'/a':{'eq':{'\\ud800':1}}}") + "]}",
                "Half a surrogate pair at /ask/0/when/~1a/eq/\ufffd.");
    }

    @Test
    void policiesAreBounded() {
        assertInvalid("{'allow':[" + list(1_001, at -> "'a'") + "]}", "More than 1000 rules at /allow.");
        assertInvalid("{'deny':['" + "a".repeat(513) + "']}", "Glob of more than 512 characters at /deny/0.");
        assertInvalid("{'deny':[" + rule("{'/a':{'matches':'" + "a".repeat(513) + "'}}") + "]}",
                "Glob of more than 512 characters at /deny/0/when/~1a/matches.");
        assertInvalid("{'ask':[" + rule("{" + list(17, at -> "'/" + at + "':{'gt':1}") + "}") + "]}",
                "Conditions on more than 16 places at /ask/0.");
        assertInvalid("{'ask':[" + rule("{'/a':{'in':[" + list(101, at -> "1") + "]}}") + "]}",
                "Not an array of 1 to 100 values at /ask/0/when/~1a/in.");
        assertInvalid("{'ask':[" + rule("{'" + "/a".repeat(257) + "':{'gt':1}}") + "]}",
                "JSON Pointer of more than 512 characters at /ask/0/when/" + "~1a".repeat(257) + ".");
        assertInvalid("{'reason':'" + "a".repeat(2_001) + "'}", "Text of more than 2000 characters at /reason.");
        assertInvalid("{'ask':[" + list(1_000, at -> rule("{'/a':{'gt':1,'lt':5}}")) + "],'deny':["
                + rule("{'/a':{'gt':1}}") + "]}", "More than 2000 conditions in all.");
        assertInvalid("{'ask':[" + list(990, at -> "'" + "a".repeat(512) + "'") + "]}",
                "Rules of more than 500000 characters in all.");
        assertInvalid("{'ask':[" + rule("{'/a':{'eq':" + "[".repeat(2_000) + "]".repeat(2_000) + "}}") + "]}",
                "Malformed JSON or a repeated member name at /ask/0/when/~1a/eq" + "/0".repeat(995) + ".");
    }

    @Test
    void policiesAtTheirBoundsCanBeReadAgain() {
        Policy full = policy("{'allow':[" + list(1_000, at -> rule("{'/a':{'gt':1}}")) + "],'deny':["
                + list(1_000, at -> "'" + "a".repeat(400) + "'") + "],'ask':["
                + rule("{" + list(16, at -> "'/" + at + "':{'in':[" + list(100, value -> "1") + "]}") + "}") + "]}");

        assertThat(PolicyDocument.read(PolicyDocument.write(full))).isEqualTo(full);
    }

    @Test
    void operatorIsNotAskedTwiceOfOnePlace() {
        Condition condition = Condition.of("/a", Operator.GT, new Json("1"));

        assertThatExceptionOfType(InvalidPolicy.class)
                .isThrownBy(() -> new Rule(Glob.of("a"),
                        List.of(condition, Condition.of("/a", Operator.GT, new Json("2")))));
        assertThat(new Rule(Glob.of("a"), List.of(condition)).when()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0000", "\ud800"})
    void grantIdsObeyTheRuleOfNames(String value) {
        assertThatExceptionOfType(InvalidName.class).isThrownBy(() -> new GrantId(value))
                .withMessageStartingWith("grant id ");
        assertThat(new GrantId("g-1")).hasToString("g-1");
    }

    private static void assertInvalid(String document, String message) {
        assertThatExceptionOfType(InvalidPolicy.class).isThrownBy(() -> policy(document)).withMessage(message);
    }

    private static String rule(String when) { return "{'tool':'a','when':" + when + "}"; }

    private static String list(int size, IntFunction<String> element) {
        return IntStream.range(0, size).mapToObj(element).collect(Collectors.joining(","));
    }
}
