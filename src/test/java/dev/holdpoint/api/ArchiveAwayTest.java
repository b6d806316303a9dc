package dev.holdpoint.api;

import java.util.List;
import java.util.Map;

import dev.holdpoint.machine.FreePorts;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** Without MongoDB the service starts, jobs are driven and decided, and only history says that it is away. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(ArchiveAwayTest.OnNothing.class)
class ArchiveAwayTest {
    public static final class OnNothing implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("holdpoint.archive", "mongo",
                    "quarkus.mongodb.connection-string", "mongodb://127.0.0.1:" + FreePorts.next());
        }
    }

    @Test
    void decisionsGoOnAndHistorySaysThatItIsAway() {
        Api user = Api.as("u1");
        AJob job = Api.agent().creates("u1");

        job.paused("a1");
        user.approves(job.id(), "a1").is(200);

        for (String path : List.of("/v1/conversations/" + job.id() + "/messages", "/v1/history", "/v1/resolutions",
                "/v1/resolutions/r-1"))
            user.get(path).refused(503, "archive-unavailable");
    }
}
