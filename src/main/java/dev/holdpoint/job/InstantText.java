package dev.holdpoint.job;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** An instant as the contract writes it: RFC 3339 in UTC with milliseconds, also where they are none. */
public final class InstantText {
    private static final DateTimeFormatter FORM =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private InstantText() {}

    public static String of(Instant instant) {
        return FORM.format(instant);
    }
}
