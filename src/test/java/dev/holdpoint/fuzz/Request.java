package dev.holdpoint.fuzz;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.holdpoint.fuzz.Draft.Header;

/**
 * A request as it is sent.
 *
 * @param space the space whose mark the answer may bear
 * @param plain whether the connection may carry another one behind it
 * @param waits whether the answer may take long because that was asked for
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Request(String method, String path, List<Header> headers, byte[] bytes, Space space, boolean plain,
        boolean waits) {
    private static final int LARGEST_SHOWN = 8_000;
    private static final Pattern ENCODED = Pattern.compile("%([0-9A-Fa-f]{2})");

    /**
     * Whether a server must understand the head; what it doesn't understand may be refused with nothing but a status.
     */
    boolean isHttp() {
        String head = head();
        String target = head.substring(head.indexOf(' ') + 1, head.indexOf("\r\n")).replaceFirst(" HTTP/.*", "");
        return plain && method.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") && isTarget(target)
                && headers.stream().allMatch(header -> header.name().matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
                        && header.value().chars().allMatch(one -> one == '\t' || one >= ' ' && one < 0x7f))
                && headers.stream().filter(header -> header.name().equalsIgnoreCase("Host")).count() == 1;
    }

    private static boolean isTarget(String target) {
        try {
            return target.startsWith("/") && !target.startsWith("//")
                    && target.chars().allMatch(one -> one < 0x7f && one != '#')
                    && new URI(target).getRawPath() != null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    /** The path as RFC 3986 normalizes it: other spellings name the same resource. */
    String plainPath() {
        Deque<String> segments = new ArrayDeque<>();
        String decoded = ENCODED.matcher(path).replaceAll(one -> {
            String letter = Character.toString(Integer.parseInt(one.group(1), 16));
            return letter.matches("[A-Za-z0-9._~-]") ? letter : one.group();
        });
        for (String segment : decoded.split("/", -1)) {
            if (segment.equals("..")) segments.pollLast();
            else if (!segment.isEmpty() && !segment.equals(".")) segments.add(segment);
        }
        return "/" + String.join("/", segments);
    }

    private String head() {
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        return all.substring(0, all.indexOf("\r\n\r\n") + 4);
    }

    /** Whether this is in it, in capitals or not, so that an answer may have it too. */
    boolean says(String text) {
        return new String(bytes, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT)
                .contains(text.toLowerCase(Locale.ROOT));
    }

    /** For {@code printf '%b'}. */
    @Override
    public String toString() { return escaped(bytes); }

    static String escaped(byte[] octets) {
        StringBuilder text = new StringBuilder();
        for (byte octet : octets) {
            if (text.length() > LARGEST_SHOWN) return text + "… (" + octets.length + " octets)";
            switch (octet) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (octet >= ' ' && octet < 0x7f && octet != '\'') text.append((char) octet);
                    else text.append("\\x%02x".formatted(octet & 0xff));
                }
            }
        }
        return text.toString();
    }
}
