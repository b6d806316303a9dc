package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Jobs that have ended stay to be found, by those who may. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class HistoryRouteTest {
    private static final String HISTORY = "/v1/history";

    private final ATenant tenant = ATenant.fresh();
    private final Api auditor = tenant.as("auditor");

    /** The list, as soon as it has so many jobs. */
    private Reply listed(String query, int jobs) {
        return listed(auditor, query, jobs);
    }

    private static Reply listed(Api reader, String query, int jobs) {
        String target = HISTORY + "?" + query;
        Wire.await(() -> reader.get(target).is(200).at("/items").size() == jobs);
        return reader.get(target).is(200);
    }

    private static List<String> ids(Reply list) {
        return StreamSupport.stream(list.at("/items").spliterator(), false).map(one -> one.path("id").asText())
                .toList();
    }

    private AJob ended(String owner) {
        AJob job = tenant.job(owner);
        job.completes().is(200);
        return job;
    }

    @Test
    void endedJobIsThereWithItsFinalContentAndTheNumberOfItsEvents() {
        AJob job = new AJob(tenant.as("agent"), tenant.as("agent").post("/v1/jobs",
                "{'userId':'u1','conversationId':'talk','agentId':'helper','runId':'r1','responseMessageId':'m1',"
                        + "'userMessage':{'text':'Hello'},'metadata':{'channel':'web'}}")
                .is(201));
        job.says(1);
        job.says(2);
        Reply completed = job.writes("complete", "{'final':{'text':'Done.'}}").is(200);

        Reply list = listed("", 1);

        list.hasJson("/items/0", """
                {'id':'%s','userId':'u1','conversationId':'talk','events':4,'generation':%d,'status':'complete',
                 'userMessage':{'text':'Hello'},'final':{'text':'Done.'},'createdAt':'%s','completedAt':'%s',
                 'responseMessageId':'m1','runId':'r1','agentId':'helper','metadata':{'channel':'web'}}
                """.formatted(job.id(), job.generation(), completed.text("/createdAt"),
                completed.text("/completedAt")));
    }

    @Test
    void jobsThatFailedWereAbortedOrReplacedAreThereToo() {
        AJob failed = tenant.job("u1");
        failed.writes("fail", "{'code':'broken','message':'It broke.'}").is(200);
        AJob aborted = tenant.job("u1");
        tenant.as("u1").aborts(aborted.id()).is(200);
        AJob replaced = tenant.job("u1");
        AJob running = tenant.as("agent").createsNamed(replaced.id(), "u1");

        Reply list = listed("", 3);

        assertThat(ids(list)).containsExactlyInAnyOrder(failed.id(), aborted.id(), replaced.id());
        assertThat(list.body()).contains("\"generation\":" + replaced.generation())
                .doesNotContain("\"generation\":" + running.generation());
        listed("status=error", 1).has("/items/0/error/code", "broken");
        assertThat(ids(listed("status=aborted", 2))).contains(aborted.id());
        listed("status=complete", 0);
    }

    @Test
    void filtersNarrow() {
        AJob plain = ended("u1");
        AJob asked = new AJob(tenant.as("agent"),
                tenant.as("agent").post("/v1/jobs", "{'userId':'u2','agentId':'helper'}").is(201));
        asked.pauses(AJob.calls(AJob.call("c1", "send_Email", "{}"), AJob.call("c2", "pay", "{}")), "'actionId':'a1'")
                .is(200);
        tenant.as("u2").aborts(asked.id()).is(200);
        Reply both = listed("", 2);
        String first = both.text("/items/1/completedAt");
        String second = both.text("/items/0/completedAt");
        assertThat(first).isLessThan(second);

        for (String query : List.of("userId=u1", "status=complete", "to=" + second,
                "from=" + first + "&to=" + second)) {
            assertThat(ids(listed(query, 1))).as(query).containsExactly(plain.id());
        }
        for (String query : List.of("userId=u2", "agentId=helper", "status=aborted", "tool=pay", "tool=send_Email",
                "q=EMAIL", "q=send", "q=_e", "from=" + second, "agentId=helper&q=pay&userId=u2")) {
            assertThat(ids(listed(query, 1))).as(query).containsExactly(asked.id());
        }
        for (String query : List.of("tool=send_email", "tool=send", "q=.*", "q=%25", "agentId=help", "to=" + first,
                "userId=u1&tool=pay", "status=error")) {
            assertThat(listed(query, 0).at("/items")).as(query).isEmpty();
        }
    }

    @Test
    void auditorsSeeAllOfTheTenantAndOthersTheirOwn() {
        AJob ofU1 = ended("u1");
        AJob ofU2 = ended("u2");
        AJob ofReviewer = ended("reviewer");
        listed("", 3);

        assertThat(ids(listed(tenant.as("admin"), "", 3))).containsExactly(ofReviewer.id(), ofU2.id(), ofU1.id());
        assertThat(ids(listed(tenant.as("u1"), "", 1))).containsExactly(ofU1.id());
        assertThat(ids(listed(tenant.as("reviewer"), "", 1))).containsExactly(ofReviewer.id());
        tenant.as("u1").get(HISTORY + "?userId=u2").refused(403, "forbidden");
        tenant.as("reviewer").get(HISTORY + "?userId=u1").refused(403, "forbidden");
        tenant.as("agent").get(HISTORY).refused(403, "forbidden");
        Api.nobody().get(HISTORY).refused(401, "unauthorized");
        listed(ATenant.fresh().as("auditor"), "", 0);
    }

    @Test
    void pagesStayAsTheyAreWhileJobsEnd() {
        List<AJob> jobs = IntStream.range(0, 5).mapToObj(number -> ended("u1")).toList();
        listed("", 5);

        Reply first = auditor.get(HISTORY + "?limit=2").is(200);
        ended("u1");
        listed("", 6);
        Reply second = auditor.get(HISTORY + "?limit=2&cursor=" + first.text("/nextCursor")).is(200);
        Reply third =
                auditor.get(HISTORY + "?limit=2&cursor=" + second.text("/nextCursor")).is(200).lacks("/nextCursor");

        assertThat(ids(first)).containsExactly(jobs.get(4).id(), jobs.get(3).id());
        assertThat(ids(second)).containsExactly(jobs.get(2).id(), jobs.get(1).id());
        assertThat(ids(third)).containsExactly(jobs.get(0).id());
    }
}
