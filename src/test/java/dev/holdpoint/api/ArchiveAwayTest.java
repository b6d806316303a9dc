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
    private static final int MOST_OWED = 3;

    public static final class OnNothing implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return away("holdpoint.archive.most-owed", Integer.toString(MOST_OWED));
        }
    }

    /** The settings of an archive that is away, and one more. */
    static Map<String, String> away(String name, String value) {
        return Map.of("holdpoint.archive", "mongo",
                "quarkus.mongodb.connection-string", "mongodb://127.0.0.1:" + FreePorts.next(),
                "quarkus.mongodb.server-selection-timeout", "PT0.2S", name, value);
    }

    /** What is owed to an archive that stays away lies in the store, so it must not grow for ever. */
    @Test
    void jobsGoOnWithoutHistoryAndNoNewOneIsTakenOnceTooMuchIsOwed() {
        Api user = Api.as("u1");
        AJob there = Api.agent().creates("u1");
        for (int number = 0; number < MOST_OWED; number++) {
            AJob job = Api.agent().creates("u1").paused("a1");
            user.approves(job.id(), "a1").is(200);
        }
        for (String path : List.of("/v1/conversations/" + there.id() + "/messages", "/v1/history", "/v1/resolutions",
                "/v1/resolutions/r-1"))
            user.get(path).refused(503, "archive-unavailable");

        Wire.await(() -> Api.agent().post("/v1/jobs", "{'userId':'u1'}").status() == 503);
        Api.agent().post("/v1/jobs", "{'userId':'u1'}").refused(503, "archive-behind");
        there.paused("a1");
        user.approves(there.id(), "a1").is(200);
    }
}
