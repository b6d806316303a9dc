package dev.holdpoint.faults;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Everything that happened, in the order in which it was noticed; the facts of one actor are in its own order. */
final class History {
    /** Keeps numbers as they are written. */
    static final ObjectMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();

    private final Queue<Fact> facts = new ConcurrentLinkedQueue<>();

    void add(Fact fact) { facts.add(fact); }

    List<Fact> facts() { return List.copyOf(facts); }

    <T extends Fact> List<T> of(Class<T> kind) {
        return facts.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <T extends Fact> long count(Class<T> kind, Predicate<T> which) {
        return facts.stream().filter(kind::isInstance).map(kind::cast).filter(which).count();
    }

    /** One fact a line, for whoever has to find out what happened. */
    void write(Path file) {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Fact fact : facts) out.append(line(fact)).append('\n');
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException garbled) {
            throw new UncheckedIOException(garbled);
        }
    }

    static String line(Fact fact) {
        try {
            return JSON.writerFor(Fact.class).writeValueAsString(fact);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static Fact fact(String line) {
        try {
            return JSON.readValue(line, Fact.class);
        } catch (JsonProcessingException garbled) {
            throw new UncheckedIOException(garbled);
        }
    }
}
