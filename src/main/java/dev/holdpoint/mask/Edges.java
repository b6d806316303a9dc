package dev.holdpoint.mask;

/** Where words begin and end, also in text that carries the escapes of JSON or of a URL. */
final class Edges {
    private Edges() {}

    static boolean isUpper(char c) { return c >= 'A' && c <= 'Z'; }

    static boolean isLower(char c) { return c >= 'a' && c <= 'z'; }

    static boolean isDigit(char c) { return c >= '0' && c <= '9'; }

    static boolean isWord(char c) { return isUpper(c) || isLower(c) || isDigit(c); }

    static boolean isHex(char c) { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'; }

    /** What base64url is made of. */
    static boolean isBase64Url(char c) { return isWord(c) || c == '-' || c == '_'; }

    /** Whether a word may begin here: at the start, behind what isn't part of a word, or behind an escape. */
    static boolean beginsAt(String text, int at) {
        return at == 0 || !isWord(text.charAt(at - 1)) || isBehindEscape(text, at);
    }

    /** Behind {@code \n} and the like, an escape with four hex digits, or a URL's with two. */
    static boolean isBehindEscape(String text, int at) {
        return at >= 2 && text.charAt(at - 2) == '\\' && "nrtbf".indexOf(text.charAt(at - 1)) >= 0
                || at >= 6 && text.startsWith("\\u", at - 6) && isHex(text, at - 4, at)
                || at >= 3 && text.charAt(at - 3) == '%' && isHex(text, at - 2, at);
    }

    static boolean isHex(String text, int from, int to) {
        for (int at = from; at < to; at++) if (!isHex(text.charAt(at))) return false;
        return true;
    }
}
