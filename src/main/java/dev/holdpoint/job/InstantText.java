package dev.holdpoint.job;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** An instant as the contract writes it: RFC 3339 in UTC with milliseconds, also where they are none. */
public final class InstantText {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private InstantText() {}

    public static String of(Instant instant) {
        return FORM.format(instant);
    }
}
