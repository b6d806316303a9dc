package dev.holdpoint.job;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The rules for text that names something: 1 to 256 characters, none of them a
 * control character or half a surrogate pair.
 */
public final class Text {
    static final int MOST_CHARACTERS = 256;

    private Text() {}

    /** Returns {@code value} unchanged. Throws {@link InvalidName} when it breaks the rule. */
    public static String name(String what, String value) {
        int characters = value.codePointCount(0, value.length());
        if (characters < 1 || characters > MOST_CHARACTERS) {
            throw new InvalidName(what + " must have 1 to 256 characters, but has " + characters);
        }
        for (int at = 0; at < value.length(); at += Character.charCount(value.codePointAt(at))) {
            if (unprintable(value.codePointAt(at)))
                throw new InvalidName(what + " must not contain control characters or unpaired surrogates");
        }
        return value;
    }

    /** For a line of a log. Names are text of others: encoded, none of them can look like a field of that line. */
    public static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    /** For one segment of a path. */
    public static String inPath(String name) {
        return encoded(name).replace("+", "%20");
    }

    private static boolean unprintable(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.SURROGATE;
    }
}
