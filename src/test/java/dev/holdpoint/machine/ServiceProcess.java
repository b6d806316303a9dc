package dev.holdpoint.machine;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The packaged service as a process of its own, on a port that it keeps: the native
 * binary where there is one, else the jar.
 */
public final class ServiceProcess implements AutoCloseable {
    private static final Path BINARY = Path.of(System.getProperty("native.image.path", "target/no-binary"));
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ONE_TRY = Duration.ofSeconds(4);

    private final int port = FreePorts.next();
    private final List<String> command;
    private final Path log;
    private Child process;

    /** Starts at once; {@link #awaitReady} tells when it works. */
    public ServiceProcess(Map<String, String> settings, Path log) {
        List<String> options = new ArrayList<>(List.of("-Xmx384m", "-Dquarkus.http.port=" + port));
        settings.forEach((key, value) -> options.add("-D" + key + "=" + value));
        this.command = Files.isExecutable(BINARY) ? binary(options) : jar(options);
        this.log = log;
        process = start();
    }

    private static List<String> binary(List<String> options) {
        return Stream.concat(Stream.of(BINARY.toAbsolutePath().toString()), options.stream()).toList();
    }

    private static List<String> jar(List<String> options) {
        if (!Files.exists(JAR))
            throw new IllegalStateException("This needs the packaged service: run ./mvnw package first.");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream
                .of(List.of(java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), options,
                        List.of("-jar", JAR.toString()))
                .flatMap(List::stream).toList();
    }

    private Child start() { return Child.start(command, Map.of(), log); }

    public int port() { return port; }

    public long pid() { return process.pid(); }

    public boolean isAlive() { return process.isAlive(); }

    public boolean isStopped() { return process.isStopped(); }

    public boolean isReady() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                    .timeout(ONE_TRY).build(), BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException unanswered) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public void awaitReady() {
        Until.holds("the service on port " + port + " is ready", PATIENCE, () -> {
            if (!process.isAlive()) throw new IllegalStateException("the service ended; see " + log);
            return isReady();
        });
    }

    /** How the service ended after it was asked to; nothing when it didn't in time. */
    public OptionalInt terminate(Duration patience) {
        return process.terminate(patience);
    }

    public void kill() { process.close(); }

    public void restart() { process = start(); }

    public void stop() { process.stop(); }

    public void resume() { process.resume(); }

    @Override
    public void close() { process.close(); }
}
