package dev.holdpoint.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place in somebody's trace at which something happened, as W3C Trace Context
 * writes it. Holdpoint only carries it on.
 */
public record TraceParent(String value) {
    private static final Pattern FORM =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    /** Later versions may add fields behind those of the first. */
    private static final Pattern ANY_VERSION =
            Pattern.compile("(?!ff)[0-9a-f]{2}(-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})(-.*)?");
    private static final String FIRST_VERSION = "00";
    private static final int LONGEST = 512;

    public TraceParent {
        if (!FORM.matcher(value).matches())
            throw new InvalidName("traceparent must have the form of W3C Trace Context");
    }

    /**
     * Reads the header of any version as one of the first; empty when it has another form, for then it must be ignored.
     */
    public static Optional<TraceParent> parse(String header) {
        if (header.length() > LONGEST) return Optional.empty();
        Matcher form = ANY_VERSION.matcher(header);
        if (!form.matches() || header.startsWith(FIRST_VERSION) && form.group(2) != null) return Optional.empty();
        String first = FIRST_VERSION + form.group(1);
        return FORM.matcher(first).matches() ? Optional.of(new TraceParent(first)) : Optional.empty();
    }

    public String traceId() { return value.substring(3, 35); }

    public String spanId() { return value.substring(36, 52); }

    public String flags() { return value.substring(53); }

    @Override
    public String toString() { return value; }
}
