package dev.holdpoint.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A process that tests start, kill, stop and continue. It never outlives this JVM, however that ends. */
public final class Child implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TAIL = 4_000;

    private final Process process;
    private final Process watch;
    private final Path log;

    private Child(Process process, Path log) throws IOException {
        this.process = process;
        this.log = log;
        // Its input ends with this JVM, also when that is killed and no shutdown hook runs.
        watch = new ProcessBuilder("sh", "-c", "trap '' HUP INT TERM; read -r end; kill -9 \"$1\"", "sh",
                Long.toString(process.pid())).start();
    }

    /** Starts a command; what it says is added to the log. */
    public static Child start(List<String> command, Map<String, String> environment, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new Child(builder.start(), log);
        } catch (IOException unstartable) {
            throw new UncheckedIOException(unstartable);
        }
    }

    public long pid() { return process.pid(); }

    public boolean isAlive() { return process.isAlive(); }

    /** As {@code kill -9}; returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        Until.holds("process " + pid() + " is gone", PATIENCE, () -> !isAlive());
    }

    /** Asks the process to end, as {@code kill} does: how it ended, or nothing when it didn't in time. */
    public OptionalInt terminate(Duration patience) {
        process.destroy();
        try {
            return process.waitFor(patience) ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** As {@code kill -STOP}; returns when the process stands still. */
    public void stop() {
        signal("STOP");
        Until.holds("process " + pid() + " stands still", PATIENCE, this::isStopped);
    }

    /** As {@code kill -CONT}. */
    public void resume() {
        signal("CONT");
        Until.holds("process " + pid() + " goes on", PATIENCE, () -> !isStopped());
    }

    public boolean isStopped() {
        Path stat = Path.of("/proc/" + pid() + "/stat");
        try {
            // The name before the state may hold anything, also a bracket.
            String state =
                    Files.exists(Path.of("/proc/self/stat")) ? Files.readString(stat).replaceFirst("(?s).*\\) ", "")
                            : Command.run("ps", "-o", "stat=", "-p", Long.toString(pid())).output();
            return state.startsWith("T");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Gives the process one line to read. */
    public void tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** The end of what the process said. */
    public String said() {
        try {
            String all = Files.readString(log, StandardCharsets.ISO_8859_1);
            return all.substring(Math.max(0, all.length() - TAIL));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        kill();
        watch.destroyForcibly();
    }

    private void signal(String name) { Command.run("kill", "-" + name, Long.toString(pid())).orFail(); }
}
