package dev.holdpoint.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** One fault under one durability, and where its session leaves what it found. */
record Cell(Fault fault, Durability durability) {
    static final Path FOLDER = Path.of("target/faults");

    Cell {
        try {
            Files.createDirectories(FOLDER);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** Where a process of the service writes its log. */
    Path log(String service) {
        Path log = file("-" + service + ".log");
        try {
            Files.deleteIfExists(log);
        } catch (IOException undeletable) {
            throw new UncheckedIOException(undeletable);
        }
        return log;
    }

    Path outcome() { return file(".json"); }

    Path history() { return file(".history.jsonl"); }

    private Path file(String end) {
        return FOLDER.resolve(fault.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + durability.word() + end);
    }

    @Override
    public String toString() { return fault.words() + ", " + durability.word(); }
}
