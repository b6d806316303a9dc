package dev.holdpoint.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern in which only {@code *} is special: it stands for any run of characters, also for none.
 * Anchored at both ends, case sensitive. Patterns and texts may both be hostile, so matching never goes
 * back: its time is linear in the two lengths.
 */
public final class Glob {
    private static final int MOST_CHARACTERS = 512;

    private final String pattern;
    private final boolean literal;
    private final String prefix;
    private final String suffix;
    private final List<Segment> segments;

    private Glob(String pattern) {
        int first = pattern.indexOf('*');
        int last = pattern.lastIndexOf('*');
        this.pattern = pattern;
        this.literal = first < 0;
        this.prefix = literal ? pattern : pattern.substring(0, first);
        this.suffix = pattern.substring(last + 1);
        this.segments = literal ? List.of() : segments(pattern, first + 1, last);
    }

    /** Throws {@link InvalidPolicy} when the pattern is too long. */
    public static Glob of(String pattern) {
        if (pattern.length() > MOST_CHARACTERS) {
            throw new InvalidPolicy("Glob of more than " + MOST_CHARACTERS + " characters");
        }
        return new Glob(pattern);
    }

    private static List<Segment> segments(String pattern, int from, int last) {
        List<Segment> segments = new ArrayList<>();
        int start = from;
        while (start <= last) {
            int star = pattern.indexOf('*', start);
            if (star > start) segments.add(new Segment(pattern.substring(start, star)));
            start = star + 1;
        }
        return List.copyOf(segments);
    }

    public boolean matches(String text) {
        if (literal) return text.equals(pattern);
        int end = text.length() - suffix.length();
        if (end < prefix.length() || !text.startsWith(prefix) || !text.endsWith(suffix)) return false;

        int from = prefix.length();
        for (Segment segment : segments) {
            // The leftmost place leaves most room for the rest, so no other needs to be tried.
            from = segment.behindFirst(text, from, end);
            if (from < 0) return false;
        }
        return true;
    }

    public String pattern() { return pattern; }

    @Override
    public boolean equals(Object other) { return other instanceof Glob glob && glob.pattern.equals(pattern); }

    @Override
    public int hashCode() { return pattern.hashCode(); }

    @Override
    public String toString() { return pattern; }

    /** What stands between two stars, found as Knuth, Morris and Pratt do. */
    private static final class Segment {
        private final char[] wanted;
        /** For each prefix, the length of the longest shorter one that it also ends with. */
        private final int[] borders;

        Segment(String text) {
            this.wanted = text.toCharArray();
            this.borders = new int[wanted.length];
            for (int at = 1, length = 0; at < wanted.length; at++) {
                length = longer(length, wanted[at]);
                borders[at] = length;
            }
        }

        /** How much of what is wanted stands at the end, once {@code next} follows what stood there before. */
        private int longer(int length, char next) {
            int kept = length;
            while (kept > 0 && wanted[kept] != next) kept = borders[kept - 1];
            return wanted[kept] == next ? kept + 1 : 0;
        }

        /** Where the text goes on behind the first occurrence between the two places; negative when there is none. */
        int behindFirst(String text, int from, int to) {
            int found = 0;
            for (int at = from; at < to; at++) {
                found = longer(found, text.charAt(at));
                if (found == wanted.length) return at + 1;
            }
            return -1;
        }
    }
}
