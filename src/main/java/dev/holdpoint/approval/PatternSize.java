package dev.holdpoint.approval;

import java.util.ArrayDeque;
import java.util.Deque;

/** How long a pattern's program becomes when its counted repetitions are written out; found without compiling it. */
final class PatternSize {
    private static final long ENORMOUS = 1_000_000_000L;

    private final String regex;
    private final Deque<Long> outer = new ArrayDeque<>();
    private long sum;
    private long last;

    private PatternSize(String regex) { this.regex = regex; }

    /** About the number of instructions; good within a small factor, and never far too low. */
    static long of(String regex) {
        PatternSize size = new PatternSize(regex);
        int at = 0;
        while (at < regex.length()) at = size.step(at);
        long all = size.sum;
        for (long group : size.outer) all = Math.min(ENORMOUS, all + group);
        return all;
    }

    private int step(int at) {
        return switch (regex.charAt(at)) {
            case '\\' -> atom(at + 2);
            case '[' -> atom(behindClass(at));
            case '(' -> open(at + 1);
            case ')' -> close(at + 1);
            case '{' -> repeat(at);
            default -> atom(at + 1);
        };
    }

    private int atom(int next) {
        last = 1;
        sum = Math.min(ENORMOUS, sum + 1);
        return next;
    }

    private int open(int next) {
        outer.push(sum);
        sum = 0;
        return next;
    }

    private int close(int next) {
        last = sum + 2;
        sum = Math.min(ENORMOUS, last + (outer.isEmpty() ? 0 : outer.pop()));
        return next;
    }

    private int repeat(int at) {
        int end = regex.indexOf('}', at);
        if (end < 0) return atom(at + 1);
        long most = 0;
        for (String bound : regex.substring(at + 1, end).split(",", -1)) {
            if (!bound.chars().allMatch(digit -> digit >= '0' && digit <= '9') || bound.length() > 6)
                return atom(at + 1);
            if (!bound.isEmpty()) most = Math.max(most, Long.parseLong(bound));
        }
        long repeated = Math.min(ENORMOUS, last * most);
        sum = Math.min(ENORMOUS, sum + repeated);
        last += repeated;
        return end + 1;
    }

    private int behindClass(int at) {
        int end = at + 1;
        if (end < regex.length() && regex.charAt(end) == '^') end++;
        if (end < regex.length() && regex.charAt(end) == ']') end++;
        while (end < regex.length() && regex.charAt(end) != ']') end += regex.charAt(end) == '\\' ? 2 : 1;
        return Math.min(end + 1, regex.length());
    }
}
