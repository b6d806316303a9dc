package dev.holdpoint.mask;

import java.util.List;

/** Access key ids of AWS, and the secret keys that stand beside them. */
final class AwsKeys {
    /** Of users, of sessions, of bearers and of contexts; other prefixes name things that open nothing. */
    private static final List<String> PREFIXES = List.of("AKIA", "ASIA", "ABIA", "ACCA");
    private static final int ID = 20;
    private static final int SECRET = 40;

    private AwsKeys() {}

    static void findIds(String text, Spans found) {
        for (String prefix : PREFIXES) {
            for (int at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 1)) {
                if (isId(text, at)) found.add(at, at + ID);
            }
        }
    }

    private static boolean isId(String text, int at) {
        int end = at + ID;
        if (end > text.length() || end < text.length() && isIdCharacter(text.charAt(end))) return false;
        for (int inside = at; inside < end; inside++) if (!isIdCharacter(text.charAt(inside))) return false;
        return at == 0 || !isIdCharacter(text.charAt(at - 1)) || Edges.isBehindEscape(text, at);
    }

    private static boolean isIdCharacter(char c) { return Edges.isUpper(c) || Edges.isDigit(c); }

    /** Nothing tells such a secret from any other 40 characters, so this is for what has an id somewhere. */
    static void findSecrets(String text, Spans found) {
        for (int from = 0; from < text.length();) {
            int end = from;
            while (end < text.length() && isSecretCharacter(text.charAt(end))) end++;
            int start = behindEscape(text, from, end);
            if (end - start == SECRET && isPlausible(text, start, end)) found.add(start, end);
            from = end + 1;
        }
    }

    /** The letters of an escape look like a part of the secret behind it. */
    private static int behindEscape(String text, int from, int end) {
        for (int letters : new int[]{1, 2, 5}) {
            if (from + letters < end && Edges.isBehindEscape(text, from + letters)) return from + letters;
        }
        return from;
    }

    private static boolean isSecretCharacter(char c) { return Edges.isWord(c) || c == '/' || c == '+'; }

    /** Random characters are of all kinds; a hash has letters of one case, and a long name has nothing but letters. */
    private static boolean isPlausible(String text, int from, int to) {
        boolean upper = false;
        boolean lower = false;
        boolean other = false;
        for (int at = from; at < to; at++) {
            char c = text.charAt(at);
            if (Edges.isUpper(c)) upper = true;
            else if (Edges.isLower(c)) lower = true;
            else other = true;
        }
        return upper && lower && other;
    }
}
