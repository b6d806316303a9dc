package dev.holdpoint.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Position in a job's event log. {@code seq} counts from 1 within a generation; 0 stands before the first event. */
public record EventId(long generation, long seq) {
    private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})");

    /** Reads {@code <generation>-<seq>}; empty when the text is of another form. */
    public static Optional<EventId> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new EventId(Long.parseLong(form.group(1)), Long.parseLong(form.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() { return generation + "-" + seq; }
}
