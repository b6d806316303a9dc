package dev.holdpoint.api;

import static dev.holdpoint.api.AJob.toolCall;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/**
 * What a person approved once need not be asked again, as far as that was offered, and as long as nobody takes it back.
 */
@QuarkusTest
@WithTestResource(KeysFile.class)
class GrantsRouteTest {
    private final ATenant tenant = ATenant.fresh();
    private final Api owner = tenant.as("u1");

    @Inject MovableClock clock;

    private static void passes(AJob job, String tool) {
        job.gates("", toolCall("g", tool)).is(200).hasJson("", "{'allowed':['g'],'denied':[]}");
    }

    /** Asks, and takes the question back. */
    private void mustAsk(AJob job, String tool) {
        job.gates("", toolCall("g", tool)).is(200).has("/pendingAction/payload/action_requests/0/tool_call_id", "g");
        tenant.as("admin").aborts(job.id()).is(200);
    }

    private String only(String user) {
        return tenant.as("admin").get("/v1/grants?userId=" + user).is(200).text("/items/0/grantId");
    }

    @Test
    void approvalForTheSessionIsRememberedInItsConversation() {
        AJob job = tenant.job("u1", "talk");
        job.gates("'actionId':'a1'", toolCall("c1", "send")).is(200);

        Reply decided = owner.resolves(job.id(), ATenant.approval("a1", "session")).is(200);

        decided.has("/grants/0/tool_call_id", "c1").has("/grants/0/tenantId", tenant.name())
                .has("/grants/0/userId", "u1").has("/grants/0/scope", "session")
                .has("/grants/0/conversationId", "talk").has("/grants/0/tool", "send")
                .has("/grants/0/resolutionId", decided.text("/resolution/resolutionId")).has("/grants/0/givenBy", "u1")
                .has("/grants/0/uses", 0).lacks("/grants/0/lastUsedAt").lacks("/grants/1")
                .hasJson("/notRemembered", "[]").has("/resolution/decisions/0/scope", "session");
        assertThat(Duration.between(Instant.parse(decided.text("/grants/0/givenAt")),
                Instant.parse(decided.text("/grants/0/expiresAt")))).isEqualTo(Duration.ofDays(7));
        passes(job.under(tenant.as("agent").claims(job.id(), "a1", "w").is(200).text("/fence")), "send");
        passes(tenant.job("u1", "talk"), "send");
        mustAsk(tenant.job("u1", "another talk"), "send");
        mustAsk(tenant.job("u2", "talk"), "send");
        mustAsk(tenant.job("u1", "talk"), "send_all");
    }

    @Test
    void approvalForAlwaysIsRememberedInAllOfTheUsersConversations() {
        tenant.approved(tenant.job("u1", "talk"), "send", "always", "u1");

        passes(tenant.job("u1", "another talk"), "send");
        mustAsk(tenant.job("u2", "talk"), "send");
        owner.get("/v1/grants").is(200).has("/items/0/scope", "always").lacks("/items/0/conversationId");
    }

    @Test
    void approvalForOnceIsNotRemembered() {
        tenant.approved(tenant.job("u1", "talk"), "send", "once", "u1");

        mustAsk(tenant.job("u1", "talk"), "send");
        owner.get("/v1/grants").is(200).hasJson("", "{'items':[]}");
    }

    @Test
    void usesAreCountedAndEvaluateNamesTheGrantWithoutUsingIt() {
        AJob job = tenant.approved(tenant.job("u1", "talk"), "send", "session", "u1");
        String id = only("u1");

        job.gates("", toolCall("c1", "send"), toolCall("c2", "send")).is(200).hasJson("/allowed", "['c1','c2']");
        job.gates("", toolCall("c3", "send")).is(200);
        Reply evaluated = tenant.as("agent").post("/v1/policy/evaluate",
                "{'userId':'u1','conversationId':'talk','toolCalls':[" + toolCall("c1", "send") + "]}").is(200);

        evaluated.has("/results/0/decision", "allow").hasJson("/results/0/rule", "{'grantId':'" + id + "'}");
        tenant.evaluates("u1", toolCall("c1", "send")).is(200).has("/results/0/decision", "ask");
        Reply grants = owner.get("/v1/grants").is(200).has("/items/0/uses", 3);
        assertThat(Instant.parse(grants.text("/items/0/lastUsedAt")))
                .isAfterOrEqualTo(Instant.parse(grants.text("/items/0/givenAt")));
    }

    @Test
    void whatAReviewerDecidesIsRememberedForTheOwner() {
        tenant.approved(tenant.job("u1", "talk"), "send", "session", "reviewer");

        passes(tenant.job("u1", "talk"), "send");
        owner.get("/v1/grants").is(200).has("/items/0/userId", "u1").has("/items/0/givenBy", "reviewer");
        tenant.as("reviewer").get("/v1/grants").is(200).hasJson("/items", "[]");
    }

    @Test
    void promptThatNoGateAskedIsRememberedToo() {
        AJob job = tenant.job("u1", "talk").paused("a1");

        owner.resolves(job.id(), ATenant.approval("a1", "always")).is(200).has("/grants/0/tool", "send_email");

        passes(tenant.job("u1"), "send_email");
    }

    // --- what beats a grant

    @Test
    void denyBeatsAGrantAndSoDoesAskUnderStrict() {
        tenant.approved(tenant.job("u1", "talk"), "send", "session", "u1");

        tenant.rules("{'enabled':true,'ask':['send'],'precedence':'classic'}");
        passes(tenant.job("u1", "talk"), "send");
        tenant.rules("{'enabled':true,'ask':['send'],'precedence':'strict'}");
        mustAsk(tenant.job("u1", "talk"), "send");
        tenant.rules("{'enabled':true,'deny':['s*']}");
        tenant.job("u1", "talk").gates("", toolCall("c1", "send")).is(200).has("/denied/0/id", "c1");
        tenant.rules("{'enabled':true,'mode':'dontAsk'}");
        passes(tenant.job("u1", "talk"), "send");
    }

    @Test
    void anotherSpellingOfTheToolIsNotTheToolThatWasApproved() {
        tenant.approved(tenant.job("u1", "talk"), "send", "session", "u1");
        AJob job = tenant.job("u1", "talk");

        job.gates("", "{'toolCallId':'g','name':'mail__send','arguments':{},'aliases':['send']}").is(200)
                .has("/pendingAction/payload/action_requests/0/tool_call_id", "g");
    }

    // --- what is offered

    @Test
    void memoryIsOfferedOnlyWhereNeitherPolicyNorReviewSpeaksAgainstIt() {
        tenant.rules(
                "{'enabled':true,'deny':[{'tool':'pay','when':{'/sum':{'gt':100}}}],'ask':['strict'],'precedence':'strict'}");
        AJob job = tenant.job("u1");
        job.gates(
                "'actionId':'a1','review_configs':[{'tool_call_id':'c4','allowed_decisions':['approve'],'allow_always':false},"
                        + "{'tool_call_id':'c7','allowed_decisions':['approve'],'allow_always':true}]",
                toolCall("c1", "pay", "{'sum':1}"), toolCall("c2", "strict"), toolCall("c3", "with*star"),
                toolCall("c4", "reviewed"), toolCall("c5", "plain"),
                "{'toolCallId':'c6','name':'buy','arguments':{},'aliases':['pay']}", toolCall("c7", "offered")).is(200)
                // A rule that could deny the tool with other arguments, or ask about it
                // under strict, is never silenced by memory.
                .has("/denied/0/id", "c6").has("/pendingAction/payload/review_configs/0/allow_always", false)
                .has("/pendingAction/payload/review_configs/1/allow_always", false)
                .has("/pendingAction/payload/review_configs/2/allow_always", false)
                .has("/pendingAction/payload/review_configs/3/allow_always", false)
                .has("/pendingAction/payload/review_configs/4/allow_always", true)
                .has("/pendingAction/payload/review_configs/5/allow_always", true);
        String[] calls = {"c1", "c2", "c3", "c4", "c5", "c7"};

        owner.resolves(job.id(), approvals("a1", "session", calls)).refused(403, "scope-not-offered")
                .hasJson("/toolCallIds", "['c1','c2','c3','c4']");

        tenant.as("admin").reads(job.id()).has("/pendingAction/actionId", "a1");
        owner.resolves(job.id(), approvals("a1", "once", calls)).is(200);
    }

    @Test
    void policyThatRemembersNothingOffersNoMemory() {
        tenant.rules("{'enabled':true,'remember':false}");
        AJob job = tenant.job("u1");
        job.gates(
                "'actionId':'a1','review_configs':[{'tool_call_id':'c1','allowed_decisions':['approve'],'allow_always':true}]",
                toolCall("c1", "send")).is(200).has("/pendingAction/payload/review_configs/0/allow_always", false);

        for (String scope : List.of("session", "always")) {
            owner.resolves(job.id(), ATenant.approval("a1", scope)).refused(403, "scope-not-offered")
                    .hasJson("/toolCallIds", "['c1']");
        }
        owner.resolves(job.id(), ATenant.approval("a1", "once")).is(200);
    }

    @Test
    void policyChangedWhileThePromptWaitsTakesTheOfferBack() {
        AJob job = tenant.job("u1");
        job.gates("'actionId':'a1'", toolCall("c1", "send")).is(200);
        tenant.rules("{'enabled':true,'remember':false}");

        owner.resolves(job.id(), ATenant.approval("a1", "session")).refused(403, "scope-not-offered");
        owner.approves(job.id(), "a1").is(200).lacks("/grants");
    }

    @Test
    void onlyAnApprovalCanBeRemembered() {
        AJob job = tenant.job("u1").paused("a1");

        owner.resolves(job.id(),
                "{'actionId':'a1','decisions':[{'tool_call_id':'c1','decision':'reject','scope':'always'}]}")
                .refused(403, "scope-not-offered");
    }

    @Test
    void repeatedDecisionGivesNothingAgain() {
        AJob job = tenant.job("u1").paused("a1");
        Reply first = owner.resolves(job.id(), ATenant.approval("a1", "session")).is(200);
        owner.delete("/v1/grants/" + first.text("/grants/0/grantId")).is(204);

        Reply again = owner.resolves(job.id(), ATenant.approval("a1", "session")).is(200);

        again.has("/resolution/resolutionId", first.text("/resolution/resolutionId")).hasJson("/grants", "[]")
                .hasJson("/notRemembered", "[{'tool_call_id':'c1','reason':'decided-before'}]");
        owner.get("/v1/grants").is(200).hasJson("/items", "[]");
    }

    @Test
    void newerApprovalOfTheSameToolTakesTheOldersPlace() {
        AJob first = tenant.job("u1", "talk").paused("a1");
        AJob second = tenant.job("u1", "talk").paused("a1");

        owner.resolves(first.id(), ATenant.approval("a1", "session")).is(200);
        Reply newer = owner.resolves(second.id(), ATenant.approval("a1", "session")).is(200);

        owner.get("/v1/grants").is(200).has("/items/0/grantId", newer.text("/grants/0/grantId")).lacks("/items/1");
    }

    @Test
    void fullMemoryMakesItAOneTimeApprovalAndSaysSo() {
        String[] calls = IntStream.rangeClosed(1, 64).mapToObj(id -> "c" + id).toArray(String[]::new);
        AJob job = tenant.job("u1", "talk");
        job.gates("'actionId':'a1'", IntStream.rangeClosed(1, 64).mapToObj(id -> toolCall("c" + id, "t" + id))
                .toArray(String[]::new)).is(200);
        assertThat(owner.resolves(job.id(), approvals("a1", "session", calls)).is(200).at("/grants")).hasSize(64);
        AJob next = tenant.job("u1", "talk").paused("a1");

        owner.resolves(next.id(), ATenant.approval("a1", "session")).is(200).hasJson("/grants", "[]")
                .hasJson("/notRemembered", "[{'tool_call_id':'c1','reason':'grants-full'}]")
                .has("/job/continuation/state", "open");
        passes(tenant.job("u1", "talk"), "t64");
        mustAsk(tenant.job("u1", "talk"), "send_email");
        AJob elsewhere = tenant.job("u1", "another talk").paused("a1");
        owner.resolves(elsewhere.id(), ATenant.approval("a1", "session")).is(200).hasJson("/notRemembered", "[]");
    }

    private static String approvals(String action, String scope, String... calls) {
        return List.of(calls).stream()
                .map(call -> "{'tool_call_id':'%s','decision':'approve','scope':'%s'}".formatted(call, scope))
                .collect(Collectors.joining(",", "{'actionId':'" + action + "','decisions':[", "]}"));
    }

    // --- listing and revoking

    @Test
    void everybodySeesHisOwnAndAdminsSeeAll() {
        tenant.approved(tenant.job("u1"), "send", "always", "u1");
        tenant.approved(tenant.job("u2"), "send", "always", "u2");

        owner.get("/v1/grants").is(200).has("/items/0/userId", "u1").lacks("/items/1");
        owner.get("/v1/grants?userId=u1").is(200).has("/items/0/userId", "u1");
        owner.get("/v1/grants?userId=u2").refused(403, "forbidden");
        tenant.as("reviewer").get("/v1/grants?userId=u1").refused(403, "forbidden");
        assertThat(tenant.as("admin").get("/v1/grants").is(200).at("/items")).hasSize(2);
        tenant.as("admin").get("/v1/grants?userId=u2").is(200).has("/items/0/userId", "u2").lacks("/items/1");
        ATenant.fresh().as("admin").get("/v1/grants").is(200).hasJson("", "{'items':[]}");
    }

    @Test
    void pagesGoThroughAllGrantsOldestFirst() {
        List<String> given = new ArrayList<>();
        for (String user : List.of("u1", "u2", "u1", "u2", "u1")) {
            tenant.approved(tenant.job(user), "tool-" + given.size(), "always", user);
            given.add("tool-" + given.size());
        }

        assertThat(pages("admin", "")).isEqualTo(given);
        assertThat(pages("u1", "")).containsExactly("tool-0", "tool-2", "tool-4");
        assertThat(pages("admin", "&userId=u2")).containsExactly("tool-1", "tool-3");
    }

    private List<String> pages(String key, String query) {
        List<String> tools = new ArrayList<>();
        String cursor = "";
        do {
            Reply page = tenant.as(key).get("/v1/grants?limit=2" + query + cursor).is(200);
            for (JsonNode item : page.at("/items")) tools.add(item.path("tool").asText());
            assertThat(page.at("/items").size()).isBetween(1, 2);
            cursor = page.json().has("nextCursor") ? "&cursor=" + Api.segment(page.text("/nextCursor")) : "";
        } while (!cursor.isEmpty());
        return tools;
    }

    @Test
    void ownerAndAdminRevokeAndNobodyElseDoes() {
        tenant.approved(tenant.job("u1"), "send", "always", "u1");
        tenant.approved(tenant.job("u2"), "send", "always", "u2");
        String first = only("u1");
        String second = only("u2");

        tenant.as("u2").delete("/v1/grants/" + first).refused(403, "forbidden");
        tenant.as("reviewer").delete("/v1/grants/" + first).refused(403, "forbidden");
        tenant.as("agent").delete("/v1/grants/" + first).refused(403, "forbidden");
        ATenant.fresh().as("u1").delete("/v1/grants/" + first).refused(404, "no-such-grant");
        ATenant.fresh().as("admin").delete("/v1/grants/" + first).refused(404, "no-such-grant");
        passes(tenant.job("u1"), "send");

        owner.delete("/v1/grants/" + first).is(204);
        owner.delete("/v1/grants/" + first).refused(404, "no-such-grant");
        mustAsk(tenant.job("u1"), "send");
        passes(tenant.job("u2"), "send");

        tenant.as("admin").delete("/v1/grants/" + second).is(204);
        mustAsk(tenant.job("u2"), "send");
        tenant.as("admin").get("/v1/grants").is(200).hasJson("/items", "[]");
    }

    @Test
    void idThatIsNotQuiteAGrantsIsNone() {
        tenant.approved(tenant.job("u1"), "send", "always", "u1");
        String id = only("u1");

        for (String other : List.of(id + " u1", id + " ", id.substring(0, id.length() - 1), id + "0", "[", "(", "-",
                "+",
                " ")) {
            tenant.as("admin").delete("/v1/grants/" + Api.segment(other)).refused(404, "no-such-grant");
        }
        passes(tenant.job("u1"), "send");
    }

    @Test
    void rememberedApprovalExpires() {
        tenant.approved(tenant.job("u1", "talk"), "send", "session", "u1");
        tenant.approved(tenant.job("u1", "talk"), "pay", "always", "u1");
        String session = owner.get("/v1/grants").is(200).text("/items/0/grantId");

        clock.advance(Duration.ofDays(7));

        mustAsk(tenant.job("u1", "talk"), "send");
        passes(tenant.job("u1", "talk"), "pay");
        owner.get("/v1/grants").is(200).has("/items/0/tool", "pay").lacks("/items/1");
        owner.delete("/v1/grants/" + session).refused(404, "no-such-grant");
    }
}
