package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** What waits for a person, seen from his side. Each test has a tenant of its own. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class InboxTest {
    private final String tenant = Api.fresh("t");
    private final Api agent = Api.agent().inTenant(tenant);
    private final Api reviewer = Api.as("reviewer").inTenant(tenant);

    @Inject MovableClock clock;

    private AJob waits(String owner, String tool, String arguments, String ttl) {
        AJob job = agent.creates(owner);
        job.pauses(AJob.calls(AJob.call("c1", tool, arguments)), "'actionId':'a1','ttl':'" + ttl + "'").is(200);
        return job;
    }

    private static List<String> jobs(Reply list) {
        return StreamSupport.stream(list.is(200).at("/items").spliterator(), false)
                .map(item -> item.path("jobId").asText()).toList();
    }

    @Test
    void oldestDeadlineComesFirst() {
        AJob late = waits("u1", "t", "{}", "PT3H");
        AJob early = waits("u1", "t", "{}", "PT1H");
        AJob middle = waits("u2", "t", "{}", "PT2H");

        assertThat(jobs(reviewer.get("/v1/approvals"))).containsExactly(early.id(), middle.id(), late.id());
        assertThat(jobs(reviewer.get("/v1/approvals?sort=deadline"))).containsExactly(early.id(), middle.id(),
                late.id());
        assertThat(jobs(reviewer.get("/v1/approvals?sort=newest"))).containsExactly(middle.id(), early.id(), late.id());
        assertThat(jobs(reviewer.get("/v1/approvals?sort=oldest"))).containsExactly(late.id(), early.id(), middle.id());
    }

    @Test
    void pagesHoldEveryItemOnce() {
        List<String> all = new ArrayList<>();
        for (int count = 0; count < 7; count++) all.add(waits("u1", "t", "{}", "PT" + (count + 1) + "H").id());
        List<String> seen = new ArrayList<>();
        String cursor = "";

        do {
            Reply page = reviewer.get("/v1/approvals?limit=3" + cursor);
            seen.addAll(jobs(page));
            cursor = page.at("/nextCursor").isMissingNode() ? "" : "&cursor=" + Api.segment(page.text("/nextCursor"));
        } while (!cursor.isEmpty());

        assertThat(seen).isEqualTo(all);
    }

    @Test
    void filtersNarrowTheList() {
        AJob mail = waits("u1", "send_email", "{'to':'Maria@example.org'}", "PT1H");
        AJob pay = waits("u2", "pay", "{'sum':100}", "PT2H");

        assertThat(jobs(reviewer.get("/v1/approvals?tool=pay"))).containsExactly(pay.id());
        assertThat(jobs(reviewer.get("/v1/approvals?userId=u1"))).containsExactly(mail.id());
        assertThat(jobs(reviewer.get("/v1/approvals?status=pending&userId=u1&tool=pay"))).isEmpty();
        assertThat(jobs(reviewer.get("/v1/approvals?q=SEND_"))).containsExactly(mail.id());
    }

    @Test
    void callerSeesOnlyWhatHeMayDecide() {
        AJob own = waits("u1", "t", "{}", "PT1H");
        waits("u2", "t", "{}", "PT1H");

        assertThat(jobs(Api.as("u1").inTenant(tenant).get("/v1/approvals"))).containsExactly(own.id());
        assertThat(jobs(Api.as("reviewer-t1").get("/v1/approvals"))).doesNotContain(own.id());
        assertThat(jobs(Api.as("u1").get("/v1/approvals"))).doesNotContain(own.id());
    }

    @Test
    void whatNoLongerWaitsIsGoneAtOnce() {
        AJob decided = waits("u1", "t", "{}", "PT3H");
        AJob aborted = waits("u1", "t", "{}", "PT3H");
        waits("u1", "t", "{}", "PT1H");
        AJob waiting = waits("u1", "t", "{}", "PT3H");

        reviewer.approves(decided.id(), "a1").is(200);
        Api.as("admin").inTenant(tenant).aborts(aborted.id()).is(200);
        clock.advance(Duration.ofHours(2));

        assertThat(jobs(reviewer.get("/v1/approvals"))).containsExactly(waiting.id());
    }

    @Test
    void itemWarnsOfWhatEyesMiss() {
        waits("u1", "t", "{'to':'\\u202eabc'}", "PT1H");
        waits("u1", "t", "{'to':'a\\u200bb'}", "PT2H");
        waits("u1", "t", "{'to':'\\u001b[31m'}", "PT3H");
        waits("u1", "t", "{'to':'" + "x".repeat(20_000) + "'}", "PT4H");
        waits("u1", "t", "{'to':'plain'}", "PT5H");

        Reply list = reviewer.get("/v1/approvals");

        list.hasJson("/items/0/warnings", "['bidi']").hasJson("/items/1/warnings", "['invisible']")
                .hasJson("/items/2/warnings", "['ansi']").hasJson("/items/3/warnings", "['oversize']")
                .hasJson("/items/4/warnings", "[]").has("/items/0/payload/action_requests/0/arguments/to", "\u202eabc");
    }

    @Test
    void warningsAreTheSameWhereverThePromptIsShown() {
        AJob job = waits("u1", "t", "{'to':'\\u202eabc','\\u200b':'\\u009b1m'}", "PT1H");
        String warnings = "['bidi','invisible','ansi']";

        reviewer.get("/v1/approvals").hasJson("/items/0/warnings", warnings);
        reviewer.reads(job.id()).hasJson("/pendingAction/warnings", warnings);
        reviewer.get(job.path() + "/state").hasJson("/pendingAction/warnings", warnings)
                .hasJson("/job/pendingAction/warnings", warnings);
        reviewer.get(job.path() + "/events").hasJson("/items/1/data/warnings", warnings);
    }
}
