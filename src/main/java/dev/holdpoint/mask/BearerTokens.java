package dev.holdpoint.mask;

/** What stands behind the word Bearer and isn't a word itself. */
final class BearerTokens {
    private static final String SCHEME = "bearer";
    /** Shorter ones need something that words don't have. */
    private static final int LONG = 16;
    private static final int SHORTEST = 8;

    private BearerTokens() {}

    static void find(String text, Spans found) {
        for (int at = 0; at + SCHEME.length() < text.length(); at++) {
            int behind = at + SCHEME.length();
            if (!isSpace(text.charAt(behind)) || !text.regionMatches(true, at, SCHEME, 0, SCHEME.length())
                    || !Edges.beginsAt(text, at)) {
                continue;
            }
            int token = behind;
            while (token < text.length() && isSpace(text.charAt(token))) token++;
            int end = end(text, token);
            if (isPlausible(text, token, end)) found.add(token, end);
        }
    }

    private static boolean isSpace(char c) { return c == ' ' || c == '\t'; }

    private static int end(String text, int token) {
        int end = token;
        while (end < text.length() && isTokenCharacter(text.charAt(end))) end++;
        while (end > token && text.charAt(end - 1) == '.') end--; // the sentence's
        return end;
    }

    private static boolean isTokenCharacter(char c) { return Edges.isWord(c) || "-._~+/=".indexOf(c) >= 0; }

    private static boolean isPlausible(String text, int from, int to) {
        if (to - from >= LONG) return true;
        if (to - from < SHORTEST) return false;
        for (int at = from; at < to; at++) {
            if (Edges.isDigit(text.charAt(at)) || "._~+=".indexOf(text.charAt(at)) >= 0) return true;
        }
        return false;
    }
}
