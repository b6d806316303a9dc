package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** With a data directory the service says what an answer promises, and streams go on as without. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(DataDirTest.OnDisk.class)
@DisabledIfSystemProperty(named = "test.store", matches = "redis",
        disabledReason = "the directory is for the embedded store")
class DataDirTest {
    private static final Path DIRECTORY = Path.of("target/data-dir-test").toAbsolutePath();

    private final Api agent = Api.agent();
    private final Api user = Api.as("u1");

    /** A directory of its own. */
    public static final class OnDisk implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("holdpoint.data-dir", DIRECTORY.toString());
        }
    }

    @Test
    void infoAndHealthTellTheDurability() {
        assertThat(Files.exists(DIRECTORY.resolve("holdpoint.mv"))).isTrue();
        user.get("/v1/info").is(200).has("/store", "memory").has("/durability", "fsync");

        Reply ready = Api.nobody().get("/q/health/ready").is(200).has("/status", "UP");
        Reply live = Api.nobody().get("/q/health/live").is(200).has("/status", "UP");

        assertThat(ready.body()).contains("\"durability\": \"fsync\"");
        assertThat(live.body()).contains("\"disk\"");
    }

    @Test
    void readerOfAStreamHearsWhatIsDecided() {
        AJob job = agent.creates("u1").paused("a1");

        try (Sse stream = user.follows(job.id(), job.generation() + "-1")) {
            assertThat(stream.next("job.paused").seq()).isEqualTo(2);
            job.appends("[{'event':'said','data':1}]").is(202);
            assertThat(stream.next("said").seq()).isEqualTo(3);
        }
    }

    @Test
    void readersWhoStayUnderAFastJobGetTheWholeLogWhileOthersComeAndGo() { StreamTest.staysWhole(agent, user, 300); }
}
