package dev.holdpoint.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.holdpoint.client.Job;

/**
 * Stands for what can't be undone: a line in a file for each thing that was done, under a key, so that it is done once.
 */
final class Outbox {
    private final Path folder;

    Outbox(Path folder) { this.folder = folder; }

    Path folder() { return folder; }

    /**
     * Asks right before whether this worker is still in force: another one may have
     * taken over while this one stood still.
     */
    String deliver(Job job, String toolCallId, String what) {
        String key = job.id() + "/" + job.generation() + "/" + toolCallId;
        Path file = folder.resolve("outbox");
        try {
            Files.createDirectories(folder);
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            job.check();
            if (lines.stream().noneMatch(line -> line.startsWith(key + " ")))
                Files.writeString(file, key + " " + what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return what;
    }
}
