package dev.holdpoint.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import dev.holdpoint.machine.Folder;
import dev.holdpoint.machine.FreePorts;
import dev.holdpoint.machine.ServiceProcess;
import dev.holdpoint.machine.Until;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service that can't start ends, and says in its last line what is to be done. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailedStartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void portOfAnotherProcessIsToldAndNoKeyIsShownThatWouldBeSentThere() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> said = said(Map.of("quarkus.http.port", String.valueOf(taken.getLocalPort())));

            assertThat(said).last().asString().startsWith("Holdpoint didn't start: It can't listen on port "
                    + taken.getLocalPort() + " of ").contains("Address already in use");
            assertThat(said).noneMatch(line -> line.contains("HOLDPOINT_KEY"));
        }
    }

    @Test
    void keysFileThatIsNotThereIsNamed() {
        assertThat(said(Map.of("holdpoint.auth.keys-file", "/nowhere/keys.json"))).last()
                .isEqualTo("Holdpoint didn't start: The keys file /nowhere/keys.json can't be read.");
    }

    @Test
    void redisThatIsNotThereIsTold() {
        assertThat(said(Map.of("holdpoint.store", "redis", "quarkus.redis.hosts",
                "redis://127.0.0.1:" + FreePorts.next()))).last().asString()
                .startsWith("Holdpoint didn't start: Redis can't be reached or isn't ready: Connection refused")
                .endsWith("Look at quarkus.redis.hosts.");
    }

    private static List<String> said(Map<String, String> settings) {
        try (Folder folder = Folder.named("failed-start")) {
            Path log = folder.path().resolve("service.log");
            try (ServiceProcess service = new ServiceProcess(new TreeMap<>(settings), log)) {
                Until.holds("the service has ended", PATIENCE, () -> !service.isAlive());
                return Files.readAllLines(log).stream().filter(line -> !line.isBlank()).toList();
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
