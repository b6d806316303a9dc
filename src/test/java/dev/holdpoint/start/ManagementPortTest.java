package dev.holdpoint.start;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.OptionalInt;

import dev.holdpoint.door.Management;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A port that can't be had stops the start with a sentence. */
class ManagementPortTest {
    private final Vertx vertx = Vertx.vertx();

    private record On(OptionalInt port, Optional<String> host, boolean metrics, boolean openapi)
            implements Management {}

    private void opens(int port) {
        Management config = new On(OptionalInt.of(port), Optional.empty(), true, true);
        new ManagementPort(vertx, config, "127.0.0.1", 8080, 8443).open(new StartupEvent());
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(ints = {8080, 8443, 0, -1, 65_536})
    void portOfTheApiOrNoPortAtAllStopsTheStart(int port) {
        assertThatThrownBy(() -> opens(port)).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("holdpoint.management.port must be", "is " + port + ".");
    }

    @Test
    void portThatSomebodyElseHasStopsTheStart() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> opens(taken.getLocalPort())).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("holdpoint.management can't listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }
}
