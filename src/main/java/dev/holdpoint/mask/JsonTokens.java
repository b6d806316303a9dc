package dev.holdpoint.mask;

import java.util.BitSet;

/**
 * Reads a JSON text token by token and knows where each stands in it. It never throws: many texts only begin like JSON,
 * and an exception for each of them would be what a hostile value is made of.
 */
final class JsonTokens {
    enum Kind {
        BEGIN_OBJECT, END_OBJECT, BEGIN_ARRAY, END_ARRAY, NAME, STRING, NUMBER, LITERAL,
        /** Behind the one value there is nothing. */
        END,
        /** Not JSON from here on. */
        BROKEN
    }

    private enum Next {
        VALUE, FIRST_ELEMENT, FIRST_NAME, MORE
    }

    private final String text;
    private final BitSet objects = new BitSet();
    private int depth;
    private Next next = Next.VALUE;
    private int at;
    private int start;
    private int end;
    private boolean escaped;
    private boolean broken;

    JsonTokens(String text) { this.text = text; }

    /** Where the last token begins. */
    int start() { return start; }

    /** Behind the last token. */
    int end() { return end; }

    /** How many objects and arrays are open. */
    int depth() { return depth; }

    /** What the last token, a name or a string, says. */
    String string() {
        String inside = text.substring(start + 1, end - 1);
        return escaped ? unescaped(inside) : inside;
    }

    /** The last token as it is written. */
    String raw() { return text.substring(start, end); }

    /** Once broken, always broken. */
    Kind next() {
        if (broken) return Kind.BROKEN;
        skipSpace();
        Kind kind = switch (next) {
            case VALUE -> value();
            case FIRST_ELEMENT -> isAt(']') ? close() : value();
            case FIRST_NAME -> isAt('}') ? close() : name();
            case MORE -> more();
        };
        broken = kind == Kind.BROKEN;
        return kind;
    }

    private Kind more() {
        if (depth == 0) return at == text.length() ? Kind.END : Kind.BROKEN;
        if (isAt(inObject() ? '}' : ']')) return close();
        if (!isAt(',')) return Kind.BROKEN;
        at++;
        skipSpace();
        return inObject() ? name() : value();
    }

    private Kind name() {
        if (!isAt('"') || !takeString()) return Kind.BROKEN;
        skipSpace();
        if (!isAt(':')) return Kind.BROKEN;
        at++;
        next = Next.VALUE;
        return Kind.NAME;
    }

    private Kind value() {
        if (at == text.length()) return Kind.BROKEN;
        next = Next.MORE;
        return switch (text.charAt(at)) {
            case '{' -> open(true);
            case '[' -> open(false);
            case '"' -> takeString() ? Kind.STRING : Kind.BROKEN;
            case 't' -> takeLiteral("true");
            case 'f' -> takeLiteral("false");
            case 'n' -> takeLiteral("null");
            default -> takeNumber() ? Kind.NUMBER : Kind.BROKEN;
        };
    }

    private Kind open(boolean object) {
        objects.set(depth++, object);
        next = object ? Next.FIRST_NAME : Next.FIRST_ELEMENT;
        take(at + 1);
        return object ? Kind.BEGIN_OBJECT : Kind.BEGIN_ARRAY;
    }

    private Kind close() {
        boolean object = inObject();
        depth--;
        next = Next.MORE;
        take(at + 1);
        return object ? Kind.END_OBJECT : Kind.END_ARRAY;
    }

    private boolean inObject() { return objects.get(depth - 1); }

    private void take(int behind) {
        start = at;
        end = behind;
        at = behind;
    }

    private Kind takeLiteral(String literal) {
        if (!text.startsWith(literal, at)) return Kind.BROKEN;
        take(at + literal.length());
        return Kind.LITERAL;
    }

    private boolean takeString() {
        escaped = false;
        int look = at + 1;
        while (look < text.length() && text.charAt(look) != '"') {
            if (text.charAt(look) < ' ') return false;
            int behind = text.charAt(look) == '\\' ? behindEscape(look + 1) : look + 1;
            if (behind < 0) return false;
            escaped |= behind > look + 1;
            look = behind;
        }
        if (look == text.length()) return false;
        take(look + 1);
        return true;
    }

    /** Negative when there is no escape that begins with the character at {@code letter}. */
    private int behindEscape(int letter) {
        if (letter == text.length() || "\"\\/bfnrtu".indexOf(text.charAt(letter)) < 0) return -1;
        if (text.charAt(letter) != 'u') return letter + 1;
        int behind = letter + 5;
        return behind <= text.length() && Edges.isHex(text, letter + 1, behind) ? behind : -1;
    }

    private boolean takeNumber() {
        int from = isAt('-') ? at + 1 : at;
        int look = digits(from);
        if (look == from || look > from + 1 && text.charAt(from) == '0') return false;
        if (look < text.length() && text.charAt(look) == '.') {
            int fraction = look + 1;
            look = digits(fraction);
            if (look == fraction) return false;
        }
        if (look < text.length() && (text.charAt(look) == 'e' || text.charAt(look) == 'E')) {
            int exponent = look + 1;
            if (exponent < text.length() && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) exponent++;
            look = digits(exponent);
            if (look == exponent) return false;
        }
        take(look);
        return true;
    }

    private int digits(int from) {
        int behind = from;
        while (behind < text.length() && Edges.isDigit(text.charAt(behind))) behind++;
        return behind;
    }

    private boolean isAt(char c) { return at < text.length() && text.charAt(at) == c; }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) at++;
    }

    static boolean isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

    private static String unescaped(String inside) {
        StringBuilder plain = new StringBuilder(inside.length());
        int at = 0;
        for (int escape = inside.indexOf('\\'); escape >= 0; escape = inside.indexOf('\\', at)) {
            plain.append(inside, at, escape);
            char letter = inside.charAt(escape + 1);
            plain.append(switch (letter) {
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> (char) Integer.parseInt(inside, escape + 2, escape + 6, 16);
                default -> letter;
            });
            at = escape + (letter == 'u' ? 6 : 2);
        }
        return plain.append(inside, at, inside.length()).toString();
    }
}
