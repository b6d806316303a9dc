package dev.holdpoint.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** What was found, each kind of it once, with the request that can be sent again. */
final class Faults {
    private static final int MOST = 20;

    private final Path folder;
    private final Set<String> kinds = new HashSet<>();
    private final List<String> found = new ArrayList<>();

    Faults(Path folder) { this.folder = folder; }

    /**
     * @param kind   what is the same wherever it happens
     * @param before what was sent before over the same connection
     */
    synchronized void found(String kind, @Nullable Request before, Request request, Answer answer) {
        if (isEnough() || !kinds.add(kind)) return;
        Path octets = folder.resolve("fault-" + kinds.size() + ".http");
        try {
            Files.write(octets, request.bytes());
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        found("%s%n  request, also as octets in %s:%n  printf '%%b' '%s'%n  answer: %s%n  before it on this connection: %s"
                .formatted(kind, octets,
                        request, answer, before == null ? "nothing" : before));
    }

    synchronized void found(String fault) {
        found.add(fault);
        System.out.println("fuzz: fault " + found.size() + ": " + fault);
    }

    synchronized boolean isEnough() { return found.size() >= MOST; }

    synchronized List<String> all() { return List.copyOf(found); }
}
