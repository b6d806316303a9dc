package dev.holdpoint.mask;

/** Private keys in PEM. One without its end was cut off, so everything behind its beginning belongs to it. */
final class PemBlocks {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int LONGEST_LABEL = 64;

    private PemBlocks() {}

    static void find(String text, Spans found) {
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int behind = at + BEGIN.length();
            if (isPrivateKey(text, behind)) {
                int end = end(text, behind);
                found.add(at, end);
                behind = end;
            }
            at = text.indexOf(BEGIN, behind);
        }
    }

    private static int end(String text, int from) {
        for (int at = text.indexOf(END, from); at >= 0; at = text.indexOf(END, at + 1)) {
            int label = at + END.length();
            if (!isPrivateKey(text, label)) continue;
            int end = labelEnd(text, label);
            return text.startsWith(DASHES, end) ? end + DASHES.length() : end;
        }
        return text.length();
    }

    private static boolean isPrivateKey(String text, int label) {
        return text.substring(label, labelEnd(text, label)).contains("PRIVATE KEY");
    }

    private static int labelEnd(String text, int label) {
        int most = Math.min(text.length(), label + LONGEST_LABEL);
        int end = label;
        while (end < most && isLabel(text.charAt(end))) end++;
        return end;
    }

    private static boolean isLabel(char c) { return Edges.isUpper(c) || Edges.isDigit(c) || c == ' '; }
}
