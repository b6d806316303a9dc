package dev.holdpoint.mask;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Parts of a text that were found to be secret. All detectors look at the same text, so
 * that none blinds another by what it hides.
 */
final class Spans {
    private record Span(int from, int to) {}

    private final List<Span> found = new ArrayList<>();

    void add(int from, int to) { found.add(new Span(from, to)); }

    boolean isEmpty() { return found.isEmpty(); }

    /** The text with {@code mask} once for all parts that overlap or touch; null when that changes nothing. */
    @Nullable
    String replaced(String text, String mask) {
        if (found.isEmpty()) return null;
        found.sort(Comparator.comparingInt(Span::from));
        StringBuilder out = new StringBuilder(text.length());
        int done = 0;
        for (int at = 0; at < found.size();) {
            Span span = found.get(at++);
            int to = span.to;
            while (at < found.size() && found.get(at).from <= to) to = Math.max(to, found.get(at++).to);
            // Only what stands where something was hidden already: behind "Bearer", a word may be taken for a token.
            if (to <= span.from + mask.length() && text.startsWith(mask, span.from)) continue;
            out.append(text, done, span.from).append(mask);
            done = to;
        }
        return done == 0 ? null : out.append(text, done, text.length()).toString();
    }
}
