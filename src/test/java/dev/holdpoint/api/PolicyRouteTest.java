package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a policy is changed, what it says of calls, and what another one would have said. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class PolicyRouteTest {
    private static final String POLICY = "/v1/policy";

    private final ATenant tenant = ATenant.fresh();
    private final Api admin = tenant.as("admin");

    @Test
    void configuredDefaultAsksAboutEverythingAndIsVersionZero() {
        Reply policy = admin.get(POLICY).is(200);

        policy.hasJson("",
                "{'enabled':true,'mode':'default','allow':[],'deny':[],'ask':[],'precedence':'classic','remember':true}");
        assertThat(policy.header("ETag")).isEqualTo("\"0\"");
        tenant.evaluates("u1", AJob.toolCall("c1", "read")).is(200).has("/results/0/decision", "ask")
                .has("/policyVersion", 0);
    }

    @Test
    void firstChangeNeedsNoIfMatchAndEveryLaterOneDoes() {
        Reply first = admin.put(POLICY, "{'enabled':true,'deny':['drop_*']}").is(200);

        first.hasJson("",
                "{'enabled':true,'mode':'default','allow':[],'deny':['drop_*'],'ask':[],'precedence':'classic','remember':true}");
        assertThat(first.header("ETag")).isEqualTo("\"1\"");
        admin.put(POLICY, "{'enabled':true}").refused(428, "precondition-required");
        admin.with("If-Match", "\"0\"").put(POLICY, "{'enabled':true}").refused(412, "policy-changed")
                .has("/currentVersion", 1);
        assertThat(admin.with("If-Match", "\"1\"").put(POLICY, "{'enabled':true}").is(200).header("ETag"))
                .isEqualTo("\"2\"");
        Reply now = admin.get(POLICY).is(200).hasJson("/deny", "[]");
        assertThat(now.header("ETag")).isEqualTo("\"2\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "*", "\"7\", \"1\"", "\"1\",\"7\""})
    void ifMatchThatNamesThePolicyInForceLetsTheChangeThrough(String ifMatch) {
        tenant.rules("{'enabled':true}");

        admin.with("If-Match", ifMatch).put(POLICY, "{'enabled':true}").is(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"0\"", "\"2\"", "1", "W/\"1\"", "\"01\"", "\"1", "1\"", "\"\"", "nonsense"})
    void ifMatchThatNamesAnotherChangesNothing(String ifMatch) {
        tenant.rules("{'enabled':true}");

        admin.with("If-Match", ifMatch).put(POLICY, "{'enabled':false}").refused(412, "policy-changed")
                .has("/currentVersion", 1);

        admin.get(POLICY).is(200).has("/enabled", true);
    }

    @Test
    void ifMatchOfTheConfiguredDefaultIsTakenToo() {
        admin.with("If-Match", "\"1\"").put(POLICY, "{'enabled':true}").refused(412, "policy-changed")
                .has("/currentVersion", 0);
        admin.with("If-Match", "\"0\"").put(POLICY, "{'enabled':true}").is(200);
    }

    @Test
    void ofManyWhoChangeTheSameVersionOneWins() {
        List<CompletableFuture<Reply>> calls = IntStream.range(0, 10)
                .mapToObj(number -> CompletableFuture.supplyAsync(
                        () -> admin.with("If-Match", "\"0\"").put(POLICY,
                                "{'enabled':true,'reason':'" + number + "'}")))
                .toList();

        List<Reply> replies = calls.stream().map(CompletableFuture::join).toList();

        List<Reply> won = replies.stream().filter(reply -> reply.status() == 200).toList();
        assertThat(won).hasSize(1);
        replies.stream().filter(reply -> reply.status() != 200)
                .forEach(reply -> reply.refused(412, "policy-changed").has("/currentVersion", 1));
        admin.get(POLICY).has("/reason", won.getFirst().text("/reason"));
    }

    @Test
    void policyOfATenantIsNobodyElses() {
        tenant.rules("{'enabled':true,'deny':['*']}");

        ATenant.fresh().evaluates("u1", AJob.toolCall("c1", "read")).is(200).has("/results/0/decision", "ask");
        Api.as("admin-t1").inTenant(tenant.name()).get(POLICY).refused(403, "forbidden");
    }

    @Test
    void documentKeepsItsRulesWordForWord() {
        String allow =
                "['a*',{'tool':'pay','when':{'/sum':{'gte':0.10,'lte':12345678901234567890.50},'/to':{'in':['x',null,{'y':[1]}]}}}]";

        tenant.rules("{'enabled':true,'allow':" + allow + "}");

        assertThat(admin.get(POLICY).is(200).body()).contains("\"allow\":" + Api.json(allow));
    }

    @Test
    void faultOfAPolicyIsToldWithItsPlace() {
        assertThat(admin.put(POLICY, "{'enabled':true,'deny':['a',{'tool':'b','when':{'/to':{'like':'x'}}}]}")
                .refused(400, "invalid-request").text("/detail")).contains("/deny/1/when/~1to/like");
    }

    @Test
    void documentWithoutEnabledSwitchesApprovalsOff() {
        admin.put(POLICY, "{'allow':['read']}").is(200).has("/enabled", false);

        tenant.evaluates("u1", AJob.toolCall("c1", "read"), AJob.toolCall("c2", "write")).is(200)
                .has("/results/0/decision", "allow").has("/results/1/decision", "deny")
                .hasJson("/results/1/rule", "{'fallthrough':true}");
    }

    // --- evaluate

    @Test
    void resultsComeInTheOrderSentAndNameWhatDecided() {
        tenant.rules(
                "{'enabled':true,'allow':['read_*','list_*'],'deny':['drop_*',{'tool':'pay','when':{'/sum':{'gt':100}}}],"
                        + "'ask':['pay'],'reason':'Because of {tool}.'}");

        Reply results =
                tenant.evaluates("u1", AJob.toolCall("c1", "pay", "{'sum':101}"), AJob.toolCall("c2", "list_all"),
                        AJob.toolCall("c3", "pay", "{'sum':100}"), AJob.toolCall("c4", "drop_table"),
                        AJob.toolCall("c5", "else")).is(200);

        results.has("/policyVersion", 1).hasJson("/results",
                """
                        [{'toolCallId':'c1','decision':'deny','reason':'Because of pay.',
                          'rule':{'list':'deny','index':1,'pattern':'pay'},'policyVersion':1},
                         {'toolCallId':'c2','decision':'allow','rule':{'list':'allow','index':1,'pattern':'list_*'},'policyVersion':1},
                         {'toolCallId':'c3','decision':'ask','reason':'Because of pay.',
                          'rule':{'list':'ask','index':0,'pattern':'pay'},'policyVersion':1},
                         {'toolCallId':'c4','decision':'deny','reason':'Because of drop_table.',
                          'rule':{'list':'deny','index':0,'pattern':'drop_*'},'policyVersion':1},
                         {'toolCallId':'c5','decision':'ask','reason':'Because of else.','rule':{'fallthrough':true},'policyVersion':1}]
                        """);
    }

    @ParameterizedTest(name = "{0}, {1}: {2} is {3} by {4}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            classic | default | denied  | deny  | {'list':'deny','index':0,'pattern':'denied'}
            classic | bypass  | denied  | deny  | {'list':'deny','index':0,'pattern':'denied'}
            classic | bypass  | asked   | allow | {'mode':'bypass'}
            classic | bypass  | other   | allow | {'mode':'bypass'}
            classic | default | both    | allow | {'list':'allow','index':0,'pattern':'both'}
            classic | default | asked   | ask   | {'list':'ask','index':1,'pattern':'asked'}
            classic | dontAsk | asked   | ask   | {'list':'ask','index':1,'pattern':'asked'}
            classic | dontAsk | other   | deny  | {'mode':'dontAsk'}
            classic | default | other   | ask   | {'fallthrough':true}
            strict  | bypass  | denied  | deny  | {'list':'deny','index':0,'pattern':'denied'}
            strict  | bypass  | asked   | ask   | {'list':'ask','index':1,'pattern':'asked'}
            strict  | default | both    | ask   | {'list':'ask','index':0,'pattern':'both'}
            strict  | default | allowed | allow | {'list':'allow','index':1,'pattern':'allowed'}
            strict  | bypass  | other   | allow | {'mode':'bypass'}
            strict  | dontAsk | other   | deny  | {'mode':'dontAsk'}
            strict  | default | other   | ask   | {'fallthrough':true}
            """)
    void firstOfTheOrderThatSpeaksOfACallDecidesIt(String precedence, String mode, String tool, String verdict,
            String rule) {
        tenant.rules(
                "{'enabled':true,'precedence':'%s','mode':'%s','allow':['both','allowed'],'deny':['denied'],'ask':['both','asked']}"
                        .formatted(precedence, mode));

        tenant.evaluates("u1", AJob.toolCall("c1", tool)).is(200).has("/results/0/decision", verdict)
                .hasJson("/results/0/rule", rule);
    }

    @ParameterizedTest(name = "{0}: {1} and {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'sum':5}                | allow | ask
            {'sum':10}               | allow | ask
            {'sum':10.000000000001}  | ask   | deny
            {'sum':11}               | ask   | deny
            {'sum':'5'}              | ask   | deny
            {'sum':null}             | ask   | deny
            {'sum':[5]}              | ask   | deny
            {'SUM':5}                | ask   | deny
            {}                       | ask   | deny
            """)
    void doubtNeverLoosens(String arguments, String whenAllowedUpToTen, String whenDeniedBeyondTen) {
        tenant.rules(
                "{'enabled':true,'allow':[{'tool':'a','when':{'/sum':{'lte':10}}}],'deny':[{'tool':'d','when':{'/sum':{'gt':10}}}]}");

        tenant.evaluates("u1", AJob.toolCall("c1", "a", arguments), AJob.toolCall("c2", "d", arguments)).is(200)
                .has("/results/0/decision", whenAllowedUpToTen).has("/results/1/decision", whenDeniedBeyondTen);
    }

    @Test
    void denyAndAskMatchAnySpellingAndAllowOnlyTheName() {
        tenant.rules("{'enabled':true,'mode':'dontAsk','allow':['fs__*','read'],'deny':['drop'],'ask':['write']}");

        tenant.evaluates("u1", spelled("c1", "fs__drop", "drop"), spelled("c2", "fs_write", "write"),
                spelled("c3", "get", "read"), spelled("c4", "read", "get")).is(200)
                .has("/results/0/decision", "deny").has("/results/1/decision", "ask")
                .has("/results/2/decision", "deny").has("/results/3/decision", "allow");
    }

    private static String spelled(String id, String tool, String alias) {
        return "{'toolCallId':'%s','name':'%s','arguments':{},'aliases':['other','%s']}".formatted(id, tool, alias);
    }

    @Test
    void longNamesAgainstManyStarsAreAnswered() {
        String stars = "a*".repeat(255) + "b";
        String rules = IntStream.range(0, 900).mapToObj(number -> "'" + stars + "'").collect(Collectors.joining(","));
        tenant.rules("{'enabled':true,'deny':[" + rules + "]}");

        tenant.evaluates("u1", AJob.toolCall("c1", "a".repeat(256)), AJob.toolCall("c2", "a".repeat(255) + "b")).is(200)
                .has("/results/0/decision", "ask").has("/results/1/decision", "deny");
    }

    @Test
    void callsThatNobodyCouldDecideAreNotEvaluated() {
        String twice = AJob.toolCall("c1", "read");
        String[] many =
                IntStream.rangeClosed(1, 65).mapToObj(id -> AJob.toolCall("c" + id, "t")).toArray(String[]::new);

        tenant.evaluates("u1", twice, twice).refused(400, "invalid-request");
        tenant.evaluates("u1").refused(400, "invalid-request");
        assertThat(tenant.evaluates("u1", many).refused(400, "invalid-request").text("/detail")).contains("1 to 64");
        tenant.evaluates("u1", AJob.toolCall("c1", "t", "[]")).refused(400, "invalid-request");
        tenant.evaluates("u1", AJob.toolCall("c1", "t".repeat(257))).refused(400, "invalid-request");
        tenant.evaluates("u1", AJob.toolCall("c1", "t".repeat(256))).is(200);
    }

    // --- simulate

    @Test
    void simulationShowsTheCallsWhoseOutcomeWouldBeAnother() {
        tenant.rules("{'enabled':true,'allow':['read','pay']}");
        AJob job = tenant.job("u1", "talk");
        job.gates("", AJob.toolCall("c1", "read"), AJob.toolCall("c2", "pay", "{'sum':7}")).is(200);
        job.gates("", AJob.toolCall("c3", "pay", "{'sum':1}")).is(200);
        String candidate = "{'enabled':true,'allow':['read',{'tool':'pay','when':{'/sum':{'lt':5}}}],'reason':'New.'}";
        Wire.await(() -> simulated(candidate, "").at("/replayed").asInt() == 3);

        Reply simulation = simulated(candidate, "");

        simulation.has("/changed", 1).has("/items/0/jobId", job.id()).has("/items/0/generation", job.generation())
                .has("/items/0/userId", "u1").has("/items/0/conversationId", "talk").has("/items/0/toolCallId", "c2")
                .has("/items/0/name", "pay")
                .hasJson("/items/0/before",
                        "{'decision':'allow','rule':{'list':'allow','index':1,'pattern':'pay'},'policyVersion':1}")
                .hasJson("/items/0/after", "{'decision':'ask','reason':'New.','rule':{'fallthrough':true}}")
                .lacks("/items/1");
        simulated("{'enabled':true,'allow':['read','pay']}", "").has("/changed", 0).hasJson("/items", "[]");
        simulated(candidate, ",'last':1").has("/replayed", 1).has("/changed", 0);
        admin.get(POLICY).is(200).hasJson("/allow", "['read','pay']");
    }

    @Test
    void simulationTakesAGrantThatLetACallThroughToHoldStill() {
        AJob job = tenant.approved(tenant.job("u1"), "read", "session", "u1");
        job.gates("", AJob.toolCall("c2", "read")).is(200).hasJson("/allowed", "['c2']");
        Wire.await(() -> simulated("{'enabled':true}", "").at("/replayed").asInt() == 2);

        simulated("{'enabled':true}", "").has("/changed", 0);
        simulated("{'enabled':true,'deny':['read']}", "").has("/changed", 2)
                .hasJson("/items/0/before/rule", "{'fallthrough':true}").has("/items/1/before/decision", "allow");
        simulated("{'enabled':true,'ask':['read'],'precedence':'strict'}", "").has("/changed", 1)
                .has("/items/0/toolCallId", "c2");
    }

    private Reply simulated(String candidate, String more) {
        return admin.post("/v1/policy/simulate", "{'policy':" + candidate + more + "}").is(200);
    }
}
