package dev.holdpoint.client;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A question in words.
 *
 * @param id     only in a batch, where answers are joined by it
 * @param header a word or two above it
 */
public record Question(@Nullable String id, @Nullable String header, String question, @Nullable String description,
        @Nullable List<Option> options, @Nullable Boolean multiSelect) {
    /** One that may be picked instead of typing. */
    public record Option(String label, String value) {}

    public static Question of(String question) { return new Question(null, null, question, null, null, null); }

    /** One of a batch. */
    public static Question of(String id, String question) {
        return new Question(id, null, question, null, null, null);
    }

    public Question under(String words) {
        return new Question(id, words, question, description, options, multiSelect);
    }

    public Question describedAs(String words) {
        return new Question(id, header, question, words, options, multiSelect);
    }

    public Question option(String label, String value) {
        List<Option> more = new ArrayList<>(options == null ? List.of() : options);
        more.add(new Option(label, value));
        return new Question(id, header, question, description, List.copyOf(more), multiSelect);
    }

    public Question severalMayBePicked() { return new Question(id, header, question, description, options, true); }
}
