package dev.holdpoint.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The packaged service as a process on a port that it keeps; what it holds is on disk, so that it outlives a kill. */
public final class Service implements AutoCloseable {
    public static final String AGENT = "key-of-a-worker";
    public static final String ADA = "key-of-ada";
    public static final String REVIEWER = "key-of-a-reviewer";
    public static final String ADMIN = "key-of-an-admin";

    private static final Path JAR =
            Path.of(System.getProperty("holdpoint.service", "../../../target/quarkus-app/quarkus-run.jar"));
    private static final Path WORK = Path.of(System.getProperty("holdpoint.work", "target/work"));
    private static final HttpClient PROBE = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final int port = freePort();
    private final List<String> command = new ArrayList<>();
    private final Path log;
    private Process process;

    /** @param settings such as {@code holdpoint.timing.lease=PT2S} */
    public Service(String... settings) {
        try {
            if (!Files.exists(JAR)) throw new IllegalStateException("This needs the packaged service: " + JAR);
            Path home = Files.createTempDirectory(Files.createDirectories(WORK), "service-");
            Path keys = home.resolve("keys.json");
            Files.writeString(keys, Stream.of(entry("worker", "agent", AGENT), entry("ada", "user", ADA),
                    entry("rita", "reviewer", REVIEWER), entry("root", "admin", ADMIN))
                    .collect(Collectors.joining(",", "[", "]")));
            log = home.resolve("service.log");
            command.addAll(
                    List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                            "-Xmx256m", "-Dquarkus.http.port=" + port, "-Dholdpoint.auth.keys-file=" + keys,
                            "-Dholdpoint.data-dir=" + home.resolve("data")));
            for (String setting : settings) command.add("-D" + setting);
            command.addAll(List.of("-jar", JAR.toString()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        start();
    }

    private static String entry(String subject, String role, String key) {
        return "{\"id\":\"%s\",\"sha256\":\"%s\",\"subject\":\"%s\",\"roles\":[\"%s\"]}".formatted(role, sha256(key),
                subject, role);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public String url() { return "http://127.0.0.1:" + port; }

    public Holdpoint as(String key) { return Holdpoint.at(url()).key(key).retryFor(PATIENCE).build(); }

    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                throw new IllegalStateException("it doesn't end");
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    public void start() {
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            awaitReady();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady()) {
            if (!process.isAlive() || System.nanoTime() > deadline)
                throw new IllegalStateException("the service isn't ready; see " + log);
        }
    }

    private boolean isReady() {
        try {
            Thread.sleep(100);
            return PROBE.send(HttpRequest.newBuilder(URI.create(url() + "/q/health/ready"))
                    .timeout(Duration.ofSeconds(4)).build(), BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException unanswered) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() { kill(); }
}
