package dev.holdpoint.api;

import java.util.Map;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/**
 * Where the record is part of the acknowledgement, nobody is told of a decision that
 * can't be recorded, though it was made.
 */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(AuditRequiredWithoutArchiveTest.OnNothing.class)
class AuditRequiredWithoutArchiveTest {
    private final ATenant tenant = ATenant.fresh();

    public static final class OnNothing implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return ArchiveAwayTest.away("holdpoint.audit.required", "true");
        }
    }

    @Test
    void decisionIsMadeAndItsOutcomeStaysUnknown() {
        AJob job = tenant.job("u1").paused("a1");

        tenant.as("u1").approves(job.id(), "a1").refused(503, "outcome-unknown");
        for (int times = 0; times < 2; times++)
            tenant.as("u1").once("key").approves(job.id(), "a1").refused(503, "outcome-unknown");

        tenant.as("u2").approves(job.id(), "a1").refused(403, "forbidden");
        tenant.as("reviewer").approves(job.id(), "a1").refused(409, "already-decided").has("/winner/by", "u1");
        tenant.as("agent").claims(job.id(), "a1", "w").is(200).has("/resolution/decidedBy/subject", "u1");
    }
}
