package dev.holdpoint.mask;

/** JSON web tokens: a header that begins like a JSON object, and at least two more parts in base64url. */
final class Jwts {
    private static final String OBJECT = "eyJ";
    /** No header with an algorithm is shorter. */
    private static final int SHORTEST_HEADER = 10;

    private Jwts() {}

    static void find(String text, Spans found) {
        int at = text.indexOf(OBJECT);
        while (at >= 0) {
            int behind = at + 1;
            if (Edges.beginsAt(text, at)) {
                behind = partEnd(text, at);
                int end = behind - at < SHORTEST_HEADER ? -1 : end(text, behind);
                if (end >= 0) {
                    found.add(at, end);
                    behind = end;
                }
            }
            at = text.indexOf(OBJECT, behind);
        }
    }

    /** Where a token with this header ends; negative when there is none. */
    private static int end(String text, int headerEnd) {
        if (!text.startsWith(".", headerEnd)) return -1;
        int second = partEnd(text, headerEnd + 1);
        if (!text.startsWith(".", second)) return -1;
        int end = partEnd(text, second + 1);
        if (end == headerEnd + 2) return -1; // only dots: the header was abridged
        // An encrypted one has five parts.
        while (text.startsWith(".", end) && partEnd(text, end + 1) > end + 1) end = partEnd(text, end + 1);
        return end;
    }

    private static int partEnd(String text, int from) {
        int end = from;
        while (end < text.length() && Edges.isBase64Url(text.charAt(end))) end++;
        return end;
    }
}
