package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** Where duties are separated, nobody decides on his own job, whatever his roles. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(StrictHouse.class)
class SeparationOfDutiesTest {
    private final ATenant tenant = ATenant.fresh();

    @Test
    void ownerIsRefusedAndSomebodyElseDecides() {
        AJob job = tenant.job("u1").paused("a1");

        tenant.as("u1").approves(job.id(), "a1").refused(403, "forbidden");
        tenant.as("reviewer").approves(job.id(), "a1").is(200);
    }

    @Test
    void reviewersAndAdminsAreRefusedOnWhatIsTheirs() {
        for (String owner : new String[]{"reviewer", "admin"}) {
            AJob job = tenant.job(owner).paused("a1");

            tenant.as(owner).rejects(job.id(), "a1").refused(403, "forbidden");
            tenant.as(owner).reads(job.id()).is(200).has("/status", "requires_action");
        }
    }

    @Test
    void inboxHoldsOnlyWhatOneMayDecide() {
        AJob own = tenant.job("reviewer").paused("a1");
        AJob other = tenant.job("u1").paused("a2");

        String list = tenant.as("reviewer").get("/v1/approvals?limit=200").is(200).body();
        assertThat(list).contains(other.id()).doesNotContain(own.id());
        tenant.as("u1").get("/v1/approvals").is(200).hasJson("/items", "[]");
        tenant.as("u1").reads(other.id()).is(200);
    }

    @Test
    void feedTellsOnlyOfWhatOneMayDecide() {
        try (Sse feed = Sse.open(tenant.as("reviewer"), "/v1/approvals/events")) {
            tenant.job("reviewer").paused("a1");
            AJob other = tenant.job("u1").paused("a2");

            assertThat(feed.next("approval.requested").json().path("jobId").asText()).isEqualTo(other.id());
        }
    }
}
