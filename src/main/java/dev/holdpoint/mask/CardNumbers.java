package dev.holdpoint.mask;

import java.math.BigDecimal;

/** Card numbers: of a beginning and a length that a network uses, right by Luhn, in one piece or in groups. */
final class CardNumbers {
    private static final int SHORTEST = 13;
    private static final int LONGEST = 19;
    /** All groups but the last have at least as many digits, or any list of small numbers would be full of cards. */
    private static final int SMALLEST_GROUP = 4;
    /** How far around a number to look for what tells a word from a hash. */
    private static final int NEIGHBOURHOOD = 64;
    private static final int UUID = 36;
    /** Longer ones aren't cards in any notation that programs write. */
    private static final int LONGEST_NOTATION = 32;

    private CardNumbers() {}

    static void find(String text, Spans found) {
        for (int at = 0; at < text.length(); at++) {
            boolean begins = Edges.isDigit(text.charAt(at))
                    && (at == 0 || !Edges.isDigit(text.charAt(at - 1)) || Edges.isBehindEscape(text, at));
            if (begins && !isFraction(text, at)) findFrom(text, at, found);
        }
    }

    /** Of a JSON number, however it is written. */
    static boolean isCard(String number) {
        if (number.length() > LONGEST_NOTATION) return false;
        try {
            BigDecimal value = new BigDecimal(number).abs().stripTrailingZeros();
            long digits = (long) value.precision() - value.scale();
            return value.scale() <= 0 && digits >= SHORTEST && digits <= LONGEST
                    && isCardNumber(value.toPlainString());
        } catch (ArithmeticException | NumberFormatException beyondAnyExponent) {
            return false;
        }
    }

    /** Behind the point of another number, where long rows of digits are nothing special. */
    private static boolean isFraction(String text, int at) {
        return at >= 2 && text.charAt(at - 1) == '.' && Edges.isDigit(text.charAt(at - 2));
    }

    private static void findFrom(String text, int from, Spans found) {
        StringBuilder digits = new StringBuilder(LONGEST);
        int at = from;
        while (true) {
            int group = at;
            while (at < text.length() && Edges.isDigit(text.charAt(at))) {
                if (digits.length() == LONGEST) return;
                digits.append(text.charAt(at++));
            }
            if (digits.length() >= SHORTEST && isCardNumber(digits) && !isInHash(text, from, at)
                    && !isInUuid(text, from, at)) {
                found.add(from, at);
            }
            if (at - group < SMALLEST_GROUP || !isSeparator(text, at)) return;
            at++;
        }
    }

    private static boolean isSeparator(String text, int at) {
        return at + 1 < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '-')
                && Edges.isDigit(text.charAt(at + 1));
    }

    private static boolean isCardNumber(CharSequence digits) { return isIssued(digits) && isRightByLuhn(digits); }

    /** Every tenth number is right by Luhn, and some kinds always are, such as those of phones: they stay. */
    private static boolean isIssued(CharSequence digits) {
        int length = digits.length();
        int second = digits.charAt(1) - '0';
        return switch (digits.charAt(0)) {
            case '1' -> length == 15;
            case '2' -> length >= 16;
            case '3' -> switch (second) {
                case 4, 7 -> length == 15;
                case 5 -> length >= 16;
                case 0, 6, 8, 9 -> length >= 14;
                default -> false;
            };
            case '4' -> length == 13 || length == 16 || length >= 18;
            case '5' -> length == 16 || second == 0 || second >= 6;
            case '6' -> true;
            case '8' -> length >= 16 && (second == 1 || second == 2);
            case '9' -> length == 16 && digits.subSequence(0, 4).toString().equals("9792");
            default -> false;
        };
    }

    private static boolean isRightByLuhn(CharSequence digits) {
        int sum = 0;
        for (int at = 0; at < digits.length(); at++) {
            int digit = digits.charAt(at) - '0';
            boolean doubled = (digits.length() - at) % 2 == 0;
            sum += !doubled ? digit : digit < 5 ? 2 * digit : 2 * digit - 9;
        }
        return sum % 10 == 0;
    }

    /** Whether letters stand directly beside it, and none of them tells it from hexadecimal. */
    private static boolean isInHash(String text, int from, int to) {
        int first = from;
        int least = Edges.beginsAt(text, from) ? from : Math.max(0, from - NEIGHBOURHOOD);
        while (first > least && Edges.isWord(text.charAt(first - 1))) first--;
        int behind = to;
        int most = Math.min(text.length(), to + NEIGHBOURHOOD);
        while (behind < most && Edges.isWord(text.charAt(behind))) behind++;
        return behind - first > to - from && Edges.isHex(text, first, from) && Edges.isHex(text, to, behind);
    }

    private static boolean isInUuid(String text, int from, int to) {
        for (int start = Math.max(0, to - UUID); start <= Math.min(from, text.length() - UUID); start++) {
            if (isUuid(text, start)) return true;
        }
        return false;
    }

    private static boolean isUuid(String text, int start) {
        for (int at = 0; at < UUID; at++) {
            char c = text.charAt(start + at);
            boolean dash = at == 8 || at == 13 || at == 18 || at == 23;
            if (dash ? c != '-' : !Edges.isHex(c)) return false;
        }
        return true;
    }
}
