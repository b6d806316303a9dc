package dev.holdpoint.api;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** Where it is asked for, whoever is told of a decision finds it on record at once. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(StrictHouse.class)
class AuditRequiredTest {
    private final ATenant tenant = ATenant.fresh();

    @Test
    void decisionIsOnRecordBeforeItIsAcknowledged() {
        for (int number = 0; number < 20; number++) {
            AJob job = tenant.job("u1").paused("a1");

            Reply made = tenant.as("reviewer").approves(job.id(), "a1").is(200);

            tenant.as("u1").get("/v1/resolutions/" + made.text("/resolution/resolutionId")).is(200)
                    .has("/jobId", job.id());
        }
    }
}
