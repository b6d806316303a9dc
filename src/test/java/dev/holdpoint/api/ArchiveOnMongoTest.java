package dev.holdpoint.api;

import java.util.Map;

import dev.holdpoint.mongo.MongoServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** The front door with history in MongoDB. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(ArchiveOnMongoTest.OnMongo.class)
class ArchiveOnMongoTest {
    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");

    public static final class OnMongo implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("holdpoint.archive", "mongo", "quarkus.mongodb.connection-string", MongoServer.sharedUrl(),
                    "quarkus.mongodb.database", "holdpoint_test");
        }
    }

    @Test
    void endedTurnsComeFromMongo() {
        String id = Api.fresh("conv");
        String messages = "/v1/conversations/" + id + "/messages";

        agent.createsNamed(id, "u1").completes().is(200);
        agent.createsNamed(id, "u1").completes().is(200);
        agent.createsNamed(id, "u1");

        // The store knows the running turn alone.
        Wire.await(() -> user.get(messages).is(200).at("/items").size() == 2);
        user.get("/v1/info").is(200).has("/archive", "mongo");
    }

    @Test
    void resolutionsComeFromMongo() {
        AJob job = agent.creates("u1");
        job.paused("a1");
        user.approves(job.id(), "a1").is(200);

        Wire.await(() -> user.get("/v1/resolutions?jobId=" + job.id()).is(200).at("/items").size() == 1);
    }
}
