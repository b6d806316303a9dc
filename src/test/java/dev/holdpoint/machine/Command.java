package dev.holdpoint.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** A command that ends by itself. It goes through the shell, which brings its own {@code kill}. */
public final class Command {
    /** What a command said, on both channels, and how it ended. */
    public record Ended(String command, int status, String output) {
        public String orFail() {
            if (status != 0) throw new IllegalStateException(command + " ended with " + status + ": " + output);
            return output;
        }
    }

    private Command() {}

    public static Ended run(String... words) {
        try {
            Process process = new ProcessBuilder(
                    Stream.concat(Stream.of("sh", "-c", "\"$@\"", "sh"), Stream.of(words)).toList())
                    .redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(String.join(" ", words), process.waitFor(), output);
        } catch (IOException unstartable) {
            throw new UncheckedIOException(unstartable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
