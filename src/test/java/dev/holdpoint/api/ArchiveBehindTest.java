package dev.holdpoint.api;

import java.util.Map;

import dev.holdpoint.machine.FreePorts;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** What is owed to an archive that stays away lies in the store, so it must not grow for ever. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(ArchiveBehindTest.Strict.class)
class ArchiveBehindTest {
    public static final class Strict implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("holdpoint.archive", "mongo", "holdpoint.archive.most-owed", "3",
                    "quarkus.mongodb.connection-string", "mongodb://127.0.0.1:" + FreePorts.next());
        }
    }

    @Test
    void noNewJobIsTakenWhileTooMuchIsOwedAndThoseThatAreThereGoOn() {
        Api user = Api.as("u1");
        AJob there = Api.agent().creates("u1");
        for (int number = 0; number < 3; number++) {
            AJob job = Api.agent().creates("u1").paused("a1");
            user.approves(job.id(), "a1").is(200);
        }

        Wire.await(() -> Api.agent().post("/v1/jobs", "{'userId':'u1'}").status() == 503);
        Api.agent().post("/v1/jobs", "{'userId':'u1'}").refused(503, "archive-behind");
        there.paused("a1");
        user.approves(there.id(), "a1").is(200);
    }
}
