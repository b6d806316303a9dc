package dev.holdpoint.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import dev.holdpoint.machine.FreePorts;
import dev.holdpoint.machine.Loopback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a container asks the service in it whether it lives. */
class HealthCommandTest {
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<HttpServer> services = new ArrayList<>();

    @AfterEach
    void stopServices() { services.forEach(service -> service.stop(0)); }

    private String service(int status) throws IOException {
        HttpServer service = HttpServer.create(new InetSocketAddress(Loopback.FIRST, 0), 0);
        service.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        service.start();
        services.add(service);
        return String.valueOf(service.getAddress().getPort());
    }

    private int run(Map<String, String> environment, String... arguments) {
        return run(LONG_ENOUGH, environment, arguments);
    }

    private int run(Duration patience, Map<String, String> environment, String... arguments) {
        out.reset();
        err.reset();
        return new HealthCommand(environment, patience, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)).run(List.of(arguments));
    }

    @Test
    void serviceThatSaysItLivesIsHealthy() throws IOException {
        String port = service(200);

        assertThat(run(Map.of(), "--port", port)).isZero();

        assertThat(asked).containsExactly("GET /q/health/live");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("live: yes\n");
    }

    @Test
    void readinessIsAnotherQuestion() throws IOException {
        String port = service(503);

        assertThat(run(Map.of(), "ready", "--port", port)).isOne();

        assertThat(asked).containsExactly("GET /q/health/ready");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("ready: no (HTTP/1.1 503)\n");
    }

    @Test
    void portIsTheOneThatOperatorsAskAndElseThatOfTheApi() throws IOException {
        String operators = service(200);
        String api = service(500);

        assertThat(run(Map.of("HOLDPOINT_MANAGEMENT_PORT", operators, "QUARKUS_HTTP_PORT", api))).isZero();
        assertThat(run(Map.of("HOLDPOINT_MANAGEMENT_PORT", "", "QUARKUS_HTTP_PORT", api))).isOne();
        assertThat(run(Map.of("HOLDPOINT_MANAGEMENT_PORT", api), "--port", operators)).isZero();
    }

    @Test
    void redirectionIsNoAnswer() throws IOException {
        assertThat(run(Map.of(), "--port", service(301))).isOne();
    }

    @Test
    void nobodyThereIsUnhealthy() {
        assertThat(run(Map.of(), "--port", String.valueOf(FreePorts.next()))).isOne();
    }

    @Test
    void whoeverListensWithoutAnsweringIsUnhealthy() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, Loopback.FIRST)) {
            assertThat(run(Duration.ofMillis(50), Map.of(), "--port", String.valueOf(silent.getLocalPort()))).isOne();
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("The service doesn't answer: ");
    }

    @Test
    void whatIsNoQuestionEndsWithTwoAndSaysWhatIs() {
        for (List<String> wrong : List.of(List.of("dead"), List.of("--port"), List.of("--port", "0"),
                List.of("--port", "65536"), List.of("--port", "8080x"))) {
            assertThat(run(Map.of(), wrong.toArray(String[]::new))).as("%s", wrong).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("Usage: health ");
        }
        assertThat(run(Map.of("QUARKUS_HTTP_PORT", "http"))).isEqualTo(2);
    }
}
