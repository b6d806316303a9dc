package dev.holdpoint.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdpoint.fuzz.Space.Person;
import org.jspecify.annotations.Nullable;

/** A request in its parts, which may be changed until it is written. */
final class Draft {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String JSON_TYPE = "application/json";

    record Header(String name, String value) {}

    String method;
    /** Each as it is sent, percent-encoded. */
    final List<String> segments = new ArrayList<>();
    /** Each as it is sent, such as {@code limit=5}. */
    final List<String> query = new ArrayList<>();
    final List<Header> headers = new ArrayList<>();
    @Nullable JsonNode body;
    /** What is sent instead of the body. */
    byte @Nullable [] bytes;
    Framing framing = Framing.LENGTH;
    String version = "HTTP/1.1";
    private Space space;

    /** How the end of the body is told. Behind all but the first two the connection can't be used any more. */
    enum Framing {
        LENGTH, CHUNKED, BOTH, TOO_LONG, TOO_SHORT, BROKEN_CHUNK, UNFINISHED_CHUNKS, NEITHER
    }

    private Draft(String method, Space space) {
        this.method = method;
        this.space = space;
    }

    /** @param path plain words between slashes, and {@code {}} for each value */
    static Draft of(String method, Space space, Person person, String path, String... values) {
        Draft draft = new Draft(method, space);
        int value = 0;
        for (String segment : path.substring(1).split("/", -1)) {
            draft.segments.add(segment.equals("{}") ? encoded(values[value++]) : segment);
        }
        draft.put("Host", "holdpoint.test");
        draft.put("Accept", JSON_TYPE);
        draft.as(space, person);
        return draft;
    }

    Space space() { return space; }

    /**
     * Who calls. What was written for another space becomes this one's, so that nobody
     * stores a mark where it doesn't belong.
     */
    Draft as(Space caller, Person person) {
        drop("Holdpoint-Tenant");
        put("Authorization", "Bearer " + caller.key(person));
        return within(caller);
    }

    /** By a key without a tenant, which names one. */
    Draft through(Space withoutTenant, Person person, String tenant, Space named) {
        as(withoutTenant, person);
        put("Holdpoint-Tenant", tenant);
        return within(named);
    }

    Draft within(Space caller) {
        space = caller;
        segments.replaceAll(caller::own);
        query.replaceAll(caller::own);
        headers.replaceAll(header -> new Header(header.name(), caller.own(header.value())));
        if (body != null && !caller.own(text(body)).equals(text(body))) body = tree(caller.own(text(body)));
        return this;
    }

    Draft with(String header, String value) {
        put(header, value);
        return this;
    }

    Draft asking(String name, String value) {
        query.add(name + "=" + encoded(value));
        return this;
    }

    /** @param quoted JSON whose quotes are written as apostrophes */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one dependency more
    Draft saying(String quoted, Object... values) {
        return saying(tree(quoted.formatted(values).replace('\'', '"')));
    }

    Draft saying(JsonNode json) {
        body = json;
        return with("Content-Type", JSON_TYPE);
    }

    Draft lines(String text) {
        bytes = text.getBytes(StandardCharsets.UTF_8);
        return with("Content-Type", "application/x-ndjson");
    }

    void put(String name, String value) {
        drop(name);
        headers.add(new Header(name, value));
    }

    void drop(String name) { headers.removeIf(header -> header.name().equalsIgnoreCase(name)); }

    boolean has(String name) { return headers.stream().anyMatch(header -> header.name().equalsIgnoreCase(name)); }

    static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException mistaken) {
            throw new IllegalArgumentException(json, mistaken);
        }
    }

    static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0 && (Character.isLetterOrDigit(octet) || "-._~".indexOf(octet) >= 0)) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    /** The body as it would be sent. */
    byte[] content() {
        if (bytes != null) return bytes;
        return body == null ? new byte[0] : text(body).getBytes(StandardCharsets.UTF_8);
    }

    String path() { return "/" + String.join("/", segments); }

    String target() { return path() + (query.isEmpty() ? "" : "?" + String.join("&", query)); }

    Request written() {
        byte[] content = latin(space.own(new String(content(), StandardCharsets.ISO_8859_1)));
        List<Header> all = new ArrayList<>(headers);
        boolean bodied = content.length > 0 || !method.equals("GET");
        switch (framing) {
            case LENGTH -> {
                if (bodied) all.add(length(content.length));
            }
            case CHUNKED, BROKEN_CHUNK, UNFINISHED_CHUNKS -> all.add(new Header("Transfer-Encoding", "chunked"));
            case BOTH -> {
                all.add(length(content.length));
                all.add(new Header("Transfer-Encoding", "chunked"));
            }
            case TOO_LONG -> all.add(length(content.length + 7));
            case TOO_SHORT -> all.add(length(content.length / 2));
            case NEITHER -> {}
        }
        StringBuilder head = new StringBuilder(method).append(' ').append(target()).append(' ').append(version)
                .append("\r\n");
        all.forEach(header -> head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        written.writeBytes(latin(space.own(head.append("\r\n").toString())));
        written.writeBytes(framed(content));
        return new Request(method, target().replaceFirst("(?s)[?#].*", ""), all, written.toByteArray(), space,
                isPlain(),
                waits(content));
    }

    private static Header length(int length) { return new Header("Content-Length", Integer.toString(length)); }

    private byte[] framed(byte[] content) {
        String size = Integer.toHexString(content.length);
        return switch (framing) {
            case LENGTH, TOO_LONG, TOO_SHORT, NEITHER -> content;
            case CHUNKED, BOTH ->
                    content.length == 0
                            ? latin("0\r\n\r\n")
                            : joined(latin(size + "\r\n"), content, latin("\r\n0\r\n\r\n"));
            case BROKEN_CHUNK -> joined(latin("zz" + size + "\r\n"), content, latin("\r\n0\r\n\r\n"));
            case UNFINISHED_CHUNKS -> joined(latin(size + "\r\n"), Arrays.copyOf(content, content.length / 2));
        };
    }

    private boolean isPlain() {
        return (framing == Framing.LENGTH || framing == Framing.CHUNKED) && version.equals("HTTP/1.1")
                && !has("Content-Length") && !has("Transfer-Encoding");
    }

    /** Whether the service may keep silent because it was asked to. */
    private boolean waits(byte[] content) {
        return target().contains("wait") || target().contains("/join")
                || new String(content, StandardCharsets.ISO_8859_1).contains("wait");
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }

    /** One octet for each character; those beyond are sent as UTF-8. */
    static byte[] latin(String text) {
        return text.chars().anyMatch(one -> one > 0xff)
                ? text.getBytes(StandardCharsets.UTF_8)
                : text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
