package dev.holdpoint.job;

import java.util.regex.Pattern;

/**
 * Name of a worker's own event: a letter, then up to 63 letters, digits, dots,
 * underscores or hyphens; {@code job.} is reserved.
 */
public record EventName(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

    public EventName {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidName("event name must match [A-Za-z][A-Za-z0-9_.-]{0,63}");
        }
        if (value.startsWith("job.")) { throw new InvalidName("event names that start with 'job.' are reserved"); }
    }

    @Override
    public String toString() { return value; }
}
