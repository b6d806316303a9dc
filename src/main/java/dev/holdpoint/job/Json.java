package dev.holdpoint.job;

/**
 * A JSON value as compact text on one line. It is kept as text so that numbers keep
 * their digits and nobody parses it twice.
 */
public record Json(String text) {
    public static final Json NULL = new Json("null");
    public static final Json EMPTY_OBJECT = new Json("{}");

    public boolean isObject() { return text.startsWith("{"); }

    /** Bytes that the text takes in UTF-8. */
    public long utf8Length() {
        return text.codePoints().mapToLong(point -> point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4)
                .sum();
    }

    @Override
    public String toString() { return text; }
}
