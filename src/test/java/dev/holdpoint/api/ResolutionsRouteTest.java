package dev.holdpoint.api;

import static dev.holdpoint.contract.Digest.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.audit.Export;
import dev.holdpoint.audit.Head;
import dev.holdpoint.audit.PublicKeys;
import dev.holdpoint.audit.Verdict;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** What is on record, who gets to see it, and that it can be proved. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class ResolutionsRouteTest {
    private static final String LIST = "/v1/resolutions";
    private static final String NDJSON = "application/x-ndjson";

    private final ATenant tenant = ATenant.fresh();
    private final Api auditor = tenant.as("auditor");
    private final Api user = tenant.as("u1");

    /** The list, as soon as it has so many records. */
    private Reply listed(String query, int records) {
        return listed(auditor, query, records);
    }

    private static Reply listed(Api reader, String query, int records) {
        String target = LIST + "?" + query;
        Wire.await(() -> reader.get(target).is(200).at("/items").size() == records);
        return reader.get(target).is(200);
    }

    private AJob decided(String owner, String by) {
        AJob job = tenant.job(owner).paused("a1");
        tenant.as(by).approves(job.id(), "a1").is(200);
        return job;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(Reply list, String member) {
        return StreamSupport.stream(list.at("/items").spliterator(), false).map(one -> one.path(member).asText())
                .toList();
    }

    // --- what is on record

    @Test
    void decisionOfEveryKindIsOnRecordWithWhatWasAskedAndSaid() {
        AJob job = tenant.job("u1");
        job.pauses("{'type':'tool_approval','action_requests':[" + String.join(",",
                AJob.call("c1", "send", "{'to':'a'}"), AJob.call("c2", "pay", "{'sum':1}"),
                "{'tool_call_id':'c3','name':'mail','arguments':{'b':2,'a':1},'description':'A mail.'}",
                AJob.call("c4", "look", "{}")) + "],"
                + "'review_configs':[{'action_name':'look','tool_call_id':'c4','allowed_decisions':['respond']}]}",
                "'actionId':'a1'").is(200);
        Reply made = tenant.as("reviewer").resolves(job.id(), """
                {'actionId':'a1','decisions':[
                  {'tool_call_id':'c4','decision':'respond','responseText':'Use the copy.'},
                  {'tool_call_id':'c1','decision':'approve'},
                  {'tool_call_id':'c2','decision':'reject','reason':'Too much.'},
                  {'tool_call_id':'c3','decision':'edit','editedArguments':{'b':3,'a':1}}]}""").is(200);

        Reply list = listed("", 1);

        assertThat(names(list.at("/items/0"))).containsExactlyInAnyOrder("resolutionId", "tenantId", "jobId",
                "generation", "actionId", "conversationId", "userId", "outcome", "decidedBy", "decidedAt", "requests",
                "decisions", "durability", "waitedMs", "seq", "prevHash", "hash");
        for (String same : List.of("resolutionId", "tenantId", "jobId", "generation", "actionId", "conversationId",
                "userId", "outcome", "decidedBy", "decidedAt", "durability", "waitedMs")) {
            assertThat(list.at("/items/0/" + same)).as(same).isEqualTo(made.at("/resolution/" + same));
        }
        list.has("/items/0/outcome", "decided")
                .hasJson("/items/0/decidedBy", "{'subject':'reviewer','roles':['reviewer'],'via':'api'}")
                .hasJson("/items/0/requests", """
                        [{'tool_call_id':'c1','name':'send','arguments_digest':'%s','arguments':{'to':'a'}},
                         {'tool_call_id':'c2','name':'pay','arguments_digest':'%s','arguments':{'sum':1}},
                         {'tool_call_id':'c3','name':'mail','arguments_digest':'%s','edited_arguments_digest':'%s',
                          'arguments':{'b':2,'a':1},'description':'A mail.'},
                         {'tool_call_id':'c4','name':'look','arguments_digest':'%s','arguments':{}}]
                        """.formatted(sha256("{\"to\":\"a\"}"), sha256("{\"sum\":1}"), sha256("{\"a\":1,\"b\":2}"),
                        sha256("{\"a\":1,\"b\":3}"), sha256("{}")))
                .hasJson("/items/0/decisions", """
                        [{'tool_call_id':'c4','decision':'respond','responseText':'Use the copy.'},
                         {'tool_call_id':'c1','decision':'approve'},
                         {'tool_call_id':'c2','decision':'reject','reason':'Too much.'},
                         {'tool_call_id':'c3','decision':'edit','editedArguments':{'b':3,'a':1}}]
                        """)
                .has("/items/0/seq", 1).has("/items/0/prevHash", "0".repeat(64));
        auditor.get(LIST + "/" + made.text("/resolution/resolutionId")).is(200)
                .hasJson("", list.at("/items/0").toString());
    }

    @Test
    void answeredQuestionsAreOnRecord() {
        AJob one = tenant.job("u1");
        one.pauses("{'type':'ask_user_question','question':{'question':'Which region?'}}", "'actionId':'a1'").is(200);
        user.resolves(one.id(), "{'actionId':'a1','answer':'eu'}").is(200);
        AJob many = tenant.job("u1");
        many.pauses("{'type':'ask_user_question','questions':[{'id':'where','question':'Where?'},"
                + "{'id':'when','question':'When?'}]}", "'actionId':'a1'").is(200);
        user.resolves(many.id(), "{'actionId':'a1','answers':{'when':'now','where':'here'}}").is(200);

        listed("jobId=" + one.id(), 1).hasJson("/items/0/questions", "[{'question':'Which region?'}]")
                .hasJson("/items/0/requests", "[]").has("/items/0/answer", "eu");
        listed("jobId=" + many.id(), 1)
                .hasJson("/items/0/questions",
                        "[{'id':'where','question':'Where?'},{'id':'when','question':'When?'}]")
                .hasJson("/items/0/answers", "{'when':'now','where':'here'}");
    }

    @Test
    void promptThatNobodyDecidedIsOnRecordWithTheWayItEnded() {
        AJob expired = tenant.job("u1").paused("a1", "PT0.3S");
        AJob aborted = tenant.job("u1").paused("a1");
        user.aborts(aborted.id()).is(200);
        AJob replaced = tenant.job("u1").paused("a1");
        tenant.as("agent").createsNamed(replaced.id(), "u1");

        for (AJob job : List.of(expired, aborted, replaced)) {
            Reply record = listed("jobId=" + job.id(), 1);
            assertThat(names(record.at("/items/0"))).containsExactlyInAnyOrder("resolutionId", "tenantId", "jobId",
                    "generation", "actionId", "conversationId", "userId", "outcome", "decidedAt", "requests",
                    "durability", "waitedMs", "seq", "prevHash", "hash");
            record.has("/items/0/generation", job.generation()).has("/items/0/actionId", "a1")
                    .has("/items/0/requests/0/name", "send_email");
        }
        listed("jobId=" + expired.id(), 1).has("/items/0/outcome", "expired");
        listed("jobId=" + aborted.id(), 1).has("/items/0/outcome", "aborted");
        listed("jobId=" + replaced.id(), 1).has("/items/0/outcome", "replaced");
    }

    @Test
    void promptOfAGateSaysByWhichPolicyItWasPut() {
        tenant.rules("{'enabled':true,'ask':['pay']}").rules("{'enabled':true,'ask':['pay'],'deny':['drop']}");
        tenant.approved(tenant.job("u1"), "pay", "session", "u1");

        listed("", 1).has("/items/0/policyVersion", 2).has("/items/0/decisions/0/scope", "session");
    }

    @Test
    void repeatedDecisionIsOneRecord() {
        AJob first = decided("u1", "u1");
        user.approves(first.id(), "a1").is(200);
        AJob second = decided("u1", "u1");

        assertThat(texts(listed("", 2), "jobId")).containsExactly(second.id(), first.id());
    }

    @Test
    void refusedAttemptsAreOnRecordAndCounted() {
        AJob job = tenant.job("u1").paused("a1");
        double before = forbidden();

        tenant.as("agent").approves(job.id(), "a1").refused(403, "forbidden");
        tenant.as("u2").approves(job.id(), "a1").refused(403, "forbidden");

        listed("kind=attempt", 2)
                .hasJson("/items/0/decidedBy", "{'subject':'u2','roles':['user'],'via':'api'}")
                .hasJson("/items/1/decidedBy", "{'subject':'agent','roles':['agent'],'via':'api'}")
                .has("/items/0/tried", "resolve").has("/items/0/jobId", job.id()).has("/items/0/actionId", "a1");
        listed("kind=attempt&decidedBy=agent", 1).has("/items/0/seq", 1);
        assertThat(forbidden() - before).isEqualTo(2);
    }

    @Test
    void hammeringAtADoorMakesOneRecord() {
        AJob job = tenant.job("u1").paused("a1");

        for (int number = 0; number < 20; number++) {
            tenant.as("agent").approves(job.id(), "made-up-" + number).refused(403, "forbidden");
            tenant.as("agent").delete("/v1/grants/made-up-" + number).refused(403, "forbidden");
        }

        Wire.await(() -> auditor.get(LIST + "?kind=attempt").is(200).at("/items").size() >= 2);
        // A minute may end in between, and then there are two of each.
        assertThat(auditor.get(LIST + "?kind=attempt").is(200).at("/items").size()).isLessThanOrEqualTo(4);
    }

    private static double forbidden() {
        return Api.nobody().with("Accept", "text/plain").get("/q/metrics").is(200).body().lines()
                .filter(line -> line.startsWith("holdpoint_decisions_forbidden_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    @Test
    void refusedAttemptsToChangeTheRulesAreOnRecord() {
        tenant.approved(tenant.job("u1"), "pay", "always", "u1");
        String grant = user.get("/v1/grants").is(200).text("/items/0/grantId");

        tenant.as("agent").put("/v1/policy", "{'enabled':true}").refused(403, "forbidden");
        tenant.as("u2").delete("/v1/grants/" + grant).refused(403, "forbidden");

        listed("kind=attempt", 2)
                .has("/items/0/tried", "revoke-grant").has("/items/0/grantId", grant)
                .has("/items/0/decidedBy/subject", "u2")
                .has("/items/1/tried", "change-policy").has("/items/1/decidedBy/subject", "agent");
    }

    @Test
    void attemptOnWhatDoesNotExistForTheCallerIsNotOnRecord() {
        AJob elsewhere = ATenant.fresh().job("u1").paused("a1");
        AJob here = tenant.job("u1").paused("a1");

        tenant.as("u2").approves(elsewhere.id(), "a1").refused(404, "no-such-job");
        tenant.as("u2").approves(here.id(), "a1").refused(403, "forbidden");

        listed("kind=attempt", 1).has("/items/0/jobId", here.id());
    }

    @Test
    void changesOfPolicyAndGrantsAreOnRecord() {
        tenant.rules("{'enabled':true,'deny':['drop']}").rules("{'enabled':true,'deny':['wipe'],'mode':'dontAsk'}");
        tenant.rules("{'enabled':true}");
        tenant.approved(tenant.job("u1"), "pay", "session", "reviewer");
        String grant = user.get("/v1/grants").is(200).text("/items/0/grantId");
        user.delete("/v1/grants/" + grant).is(204);

        listed("kind=policy", 3).has("/items/1/by", "admin").has("/items/1/fromVersion", 1)
                .has("/items/1/toVersion", 2).hasJson("/items/1/diff",
                        "{'mode':{'from':'default','to':'dontAsk'},'deny':{'removed':['drop'],'added':['wipe']}}");
        Reply grants = listed("kind=grant", 2);
        grants.has("/items/0/change", "revoked").has("/items/0/by", "u1").has("/items/0/grantId", grant)
                .has("/items/1/change", "given").has("/items/1/by", "reviewer").has("/items/1/userId", "u1")
                .has("/items/1/tool", "pay");
        assertThat(grants.text("/items/1/resolutionId")).isEqualTo(listed("", 1).text("/items/0/resolutionId"));
    }

    // --- who sees what

    @Test
    void auditorsSeeAllOfTheTenantAndOthersWhatConcernsTheirOwnJobs() {
        AJob ofU1 = decided("u1", "reviewer");
        AJob ofU2 = decided("u2", "u2");
        AJob ofReviewer = decided("reviewer", "reviewer");
        Reply all = listed("", 3);

        assertThat(texts(listed(tenant.as("admin"), "", 3), "jobId"))
                .containsExactly(ofReviewer.id(), ofU2.id(), ofU1.id());
        assertThat(texts(listed(user, "", 1), "jobId")).containsExactly(ofU1.id());
        assertThat(texts(listed(tenant.as("reviewer"), "", 1), "jobId")).containsExactly(ofReviewer.id());
        listed(user, "userId=u1", 1);
        user.get(LIST + "?userId=u2").refused(403, "forbidden");
        tenant.as("reviewer").get(LIST + "?userId=u1").refused(403, "forbidden");
        tenant.as("agent").get(LIST).refused(403, "forbidden");
        user.get(LIST + "/" + all.text("/items/2/resolutionId")).is(200).has("/jobId", ofU1.id());
        user.get(LIST + "/" + all.text("/items/1/resolutionId")).refused(403, "forbidden");
        tenant.as("agent").get(LIST + "/" + all.text("/items/1/resolutionId")).refused(403, "forbidden");
        Api.nobody().get(LIST).refused(401, "unauthorized");
    }

    @Test
    void anotherTenantSeesNothing() {
        decided("u1", "u1");
        String id = listed("", 1).text("/items/0/resolutionId");

        for (String key : List.of("admin", "auditor", "u1")) {
            Api stranger = ATenant.fresh().as(key);
            listed(stranger, "", 0);
            stranger.get(LIST + "/" + id).refused(404, "no-such-resolution");
            Api.as(key).get(LIST + "/" + id).refused(404, "no-such-resolution");
        }
        ATenant other = ATenant.fresh();
        exported(other.as("auditor")).hasJson("", "{'kind':'end','tenantId':'%s','records':0,'seq':0,'hash':'%s'}"
                .formatted(other.name(), "0".repeat(64)));
    }

    // --- filters and pages

    @Test
    void filtersNarrow() {
        AJob mail = decided("u1", "reviewer");
        AJob pay = tenant.job("u2");
        pay.pauses(AJob.calls(AJob.call("c1", "pay", "{}"), AJob.call("c2", "look", "{}")), "'actionId':'a1'").is(200);
        tenant.as("u2").resolves(pay.id(), "{'actionId':'a1','decisions':[{'tool_call_id':'c1','decision':'reject'},"
                + "{'tool_call_id':'c2','decision':'approve'}]}").is(200);
        Reply both = listed("", 2);
        String first = both.text("/items/1/decidedAt");
        String second = both.text("/items/0/decidedAt");
        assertThat(first).isLessThan(second);

        for (String query : List.of("jobId=" + mail.id(), "userId=u1", "decidedBy=reviewer", "tool=send_email",
                "to=" + second, "from=" + first + "&to=" + second, "userId=u1&tool=send_email&decision=approve")) {
            assertThat(texts(listed(query, 1), "jobId")).as(query).containsExactly(mail.id());
        }
        for (String query : List.of("jobId=" + pay.id(), "userId=u2", "decidedBy=u2", "tool=pay", "tool=look",
                "decision=reject", "from=" + second, "jobId=" + pay.id() + "&decision=approve")) {
            assertThat(texts(listed(query, 1), "jobId")).as(query).containsExactly(pay.id());
        }
        for (String query : List.of("tool=send", "tool=SEND_EMAIL", "decision=edit", "to=" + first, "userId=u3",
                "userId=u1&tool=pay", "kind=attempt", "kind=policy", "kind=checkpoint")) {
            assertThat(listed(query, 0).at("/items")).as(query).isEmpty();
        }
        listed("decision=approve", 2);
    }

    @Test
    void pagesStayAsTheyAreWhileRecordsAreAdded() {
        List<AJob> jobs = IntStream.range(0, 5).mapToObj(number -> decided("u1", "u1")).toList();
        listed("", 5);

        Reply first = auditor.get(LIST + "?limit=2").is(200);
        decided("u1", "u1");
        listed("", 6);
        Reply second = auditor.get(LIST + "?limit=2&cursor=" + first.text("/nextCursor")).is(200);
        Reply third = auditor.get(LIST + "?limit=2&cursor=" + second.text("/nextCursor")).is(200).lacks("/nextCursor");

        assertThat(texts(first, "jobId")).containsExactly(jobs.get(4).id(), jobs.get(3).id());
        assertThat(texts(second, "jobId")).containsExactly(jobs.get(2).id(), jobs.get(1).id());
        assertThat(texts(third, "jobId")).containsExactly(jobs.get(0).id());
        for (int at = 0; at < 5; at++) {
            Reply all = listed("", 6);
            assertThat(all.at("/items/" + at + "/prevHash")).isEqualTo(all.at("/items/" + (at + 1) + "/hash"));
            all.has("/items/" + at + "/seq", 6 - at);
        }
    }

    // --- export and verification

    private Reply exported(Api reader) {
        Reply export = reader.with("Accept", NDJSON).get(LIST + "/export").is(200);
        assertThat(export.header("Content-Type")).isEqualTo(NDJSON);
        return export;
    }

    private static Verdict verified(String export) {
        try {
            return Export.verify(new ByteArrayInputStream(export.getBytes(StandardCharsets.UTF_8)), Head.GENESIS,
                    PublicKeys.NONE);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void exportIsTheWholeChainAndVerifiesOffline() {
        tenant.rules("{'enabled':true,'ask':['pay']}");
        AJob job = tenant.approved(tenant.job("u1"), "pay", "session", "u1");
        tenant.as("agent").approves(job.id(), "a1").refused(403, "forbidden");
        listed("kind=attempt", 1);
        listed("kind=grant", 1);

        Reply export = exported(auditor);

        assertThat(export.lines()).extracting(line -> line.path("kind").asText()).endsWith("end")
                .containsExactlyInAnyOrder("policy", "resolution", "grant", "attempt", "end");
        assertThat(verified(export.body())).isInstanceOf(Verdict.Sound.class);
        assertThat(verified(export.body()).checked()).isEqualTo(4);
        assertThat(verified(export.body().replace("\"pay\"", "\"say\""))).isInstanceOf(Verdict.Broken.class);
        assertThat(verified(export.body().replaceFirst("(?s)\\{\"kind\":\"end\".*", "")))
                .isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void exportOfManySlicesIsWhole() {
        int records = 1_234;
        Api admin = tenant.as("admin").with("If-Match", "*");
        for (int change = 0; change < records; change++)
            admin.put("/v1/policy", "{'enabled':true,'reason':'rule " + change + "'}").is(200);
        Wire.await(() -> auditor.post(LIST + "/verify", "{}").is(200).at("/checked").asInt() == records);

        Reply export = exported(auditor);

        assertThat(export.lines()).hasSize(records + 1);
        assertThat(verified(export.body())).isInstanceOf(Verdict.Sound.class);
        assertThat(verified(export.body()).checked()).isEqualTo(records);
    }

    @Test
    void readersWhoLeaveBeforeTheirExportsBeginGiveBackTheirPlaces() {
        for (int count = 0; count < 1_000; count++) {
            Wire.hangUpAfter(Wire.bytes("GET " + LIST + "/export HTTP/1.1\r\nHost: h\r\nAccept: " + NDJSON
                    + "\r\nAuthorization: Bearer key-auditor\r\n\r\n"), () -> true);
        }

        Wire.await(() -> auditor.with("Accept", NDJSON).get(LIST + "/export").status() == 200);
    }

    @Test
    void headOfAnExportHasNoBody() {
        Reply head = auditor.with("Accept", NDJSON).head(LIST + "/export").is(200);

        assertThat(head.body()).isEmpty();
    }

    @Test
    void exportIsNdjsonOrNothing() {
        auditor.get(LIST + "/export").refused(406, "not-acceptable");
        auditor.with("Accept", "*/*").get(LIST + "/export").is(200);
    }

    @Test
    void chainAsItIsKeptIsSound() {
        decided("u1", "u1");
        decided("u2", "u2");
        Reply newest = listed("", 2);

        auditor.post(LIST + "/verify", "{}").is(200).hasJson("",
                "{'ok':true,'checked':2,'afterSeq':0,'seq':2,'hash':'%s','signedUpTo':0}"
                        .formatted(newest.text("/items/0/hash")));
    }
}
