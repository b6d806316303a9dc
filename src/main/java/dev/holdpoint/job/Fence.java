package dev.holdpoint.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a worker shows with every write. Executions only grow, so a worker that was replaced can be told apart. */
public record Fence(long generation, int execution) {
    private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,17})\\.([1-9][0-9]{0,8})");

    public Fence {
        if (execution < 1) throw new IllegalArgumentException("execution must be positive, but is " + execution);
    }

    /** Reads {@code <generation>.<execution>}; empty when the text is of another form. */
    public static Optional<Fence> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new Fence(Long.parseLong(form.group(1)), Integer.parseInt(form.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() { return generation + "." + execution; }
}
