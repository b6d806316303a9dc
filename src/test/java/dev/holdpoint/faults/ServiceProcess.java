package dev.holdpoint.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.holdpoint.machine.Child;
import dev.holdpoint.machine.FreePorts;
import dev.holdpoint.machine.Until;

/** The packaged service as a process of its own, on a port that it keeps. */
final class ServiceProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> command;
    private final Path log;
    private final Door door;
    private Child process;

    /** Starts at once; {@link #awaitReady} tells when it works. */
    ServiceProcess(String name, Map<String, String> settings, Path log) {
        if (!Files.exists(JAR))
            throw new IllegalStateException("The fault suite needs the packaged service: run ./mvnw package first.");
        int port = FreePorts.next();
        command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx384m",
                        "-XX:+UseSerialGC", "-Dquarkus.http.port=" + port));
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", JAR.toString()));
        this.log = log;
        door = new Door(name, port);
        process = start();
    }

    private Child start() { return Child.start(command, Map.of(), log); }

    Door door() { return door; }

    long pid() { return process.pid(); }

    boolean isAlive() { return process.isAlive(); }

    boolean isStopped() { return process.isStopped(); }

    void awaitReady() {
        Until.holds("service " + door.name() + " is ready", PATIENCE, () -> {
            if (!process.isAlive())
                throw new IllegalStateException("service " + door.name() + " ended; see " + log);
            return door.call(Door.Call.get("/q/health/ready", Keys.VIEWER)).status() == 200;
        });
    }

    void kill() { process.close(); }

    void restart() { process = start(); }

    void stop() { process.stop(); }

    void resume() { process.resume(); }

    @Override
    public void close() {
        process.close();
        door.close();
    }
}
