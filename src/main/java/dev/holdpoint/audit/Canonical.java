package dev.holdpoint.audit;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.job.Json;
import org.erdtman.jcs.NumberToJSON;

/**
 * The one text of a JSON value (RFC 8785), and its digest. A number that no double holds keeps all its digits: rounded,
 * it would share its text with other numbers, and one could be put in another's place.
 */
final class Canonical {
    /** What is written may be longer than what was read: a small number has zeros in front, arguments lie deeper. */
    private static final StreamReadConstraints WHAT_WE_WRITE = StreamReadConstraints.builder()
            .maxNumberLength(2 * StreamReadConstraints.DEFAULT_MAX_NUM_LEN)
            .maxNestingDepth(2 * StreamReadConstraints.DEFAULT_MAX_DEPTH)
            .maxStringLength(Integer.MAX_VALUE).build();

    private static final JsonMapper MAPPER = JsonMapper.builder(
            JsonFactory.builder().streamReadConstraints(WHAT_WE_WRITE).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final StringBuilder text = new StringBuilder();

    /** Text that isn't exactly one JSON value without repeated members and broken characters; the message says why. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String message) { super(message); }
    }

    private Canonical() {}

    static ObjectNode emptyObject() { return JsonNodeFactory.instance.objectNode(); }

    static JsonNode value(String json) throws Unreadable {
        try {
            return MAPPER.readTree(json);
        } catch (IOException | IllegalArgumentException | ArithmeticException malformed) {
            throw new Unreadable("not one JSON value without repeated members");
        }
    }

    /** The value, or its text where it isn't one. */
    static JsonNode tolerant(Json json) {
        try {
            return value(json.text());
        } catch (Unreadable unreadable) {
            return JsonNodeFactory.instance.textNode(json.text());
        }
    }

    static ObjectNode object(String json) throws Unreadable {
        if (value(json) instanceof ObjectNode object) return object;
        throw new Unreadable("not a JSON object");
    }

    static String text(JsonNode value) throws Unreadable {
        Canonical canonical = new Canonical();
        canonical.write(value);
        return canonical.text.toString();
    }

    private void write(JsonNode value) throws Unreadable {
        switch (value.getNodeType()) {
            case OBJECT -> writeObject(value);
            case ARRAY -> writeArray(value);
            case STRING -> writeString(value.textValue());
            case NUMBER -> text.append(number(value.decimalValue()));
            case BOOLEAN, NULL -> text.append(value.asText());
            case BINARY, MISSING, POJO -> throw new Unreadable("not a JSON value");
        }
    }

    private void writeObject(JsonNode object) throws Unreadable {
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) sorted.put(member.getKey(), member.getValue());
        String between = "{";
        for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
            text.append(between);
            writeString(member.getKey());
            text.append(':');
            write(member.getValue());
            between = ",";
        }
        text.append(sorted.isEmpty() ? "{}" : "}");
    }

    private void writeArray(JsonNode array) throws Unreadable {
        text.append('[');
        for (Iterator<JsonNode> elements = array.elements(); elements.hasNext();) {
            write(elements.next());
            if (elements.hasNext()) text.append(',');
        }
        text.append(']');
    }

    private void writeString(String string) throws Unreadable {
        text.append('"');
        for (int at = 0, point; at < string.length(); at += Character.charCount(point)) {
            point = string.codePointAt(at);
            switch (point) {
                case '"', '\\' -> text.append('\\').appendCodePoint(point);
                case '\b' -> text.append("\\b");
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\f' -> text.append("\\f");
                case '\r' -> text.append("\\r");
                default -> {
                    // Half a pair has no UTF-8: every such text would become the same bytes.
                    if (Character.getType(point) == Character.SURROGATE)
                        throw new Unreadable("half a surrogate pair in a text");
                    if (point < ' ') text.append("\\u00").append(HexFormat.of().toHexDigits((byte) point));
                    else text.appendCodePoint(point);
                }
            }
        }
        text.append('"');
    }

    private static String number(BigDecimal exact) {
        try {
            double nearest = exact.doubleValue();
            if (Double.isFinite(nearest)) {
                String shortest = NumberToJSON.serializeNumber(nearest);
                if (new BigDecimal(shortest).compareTo(exact) == 0) return shortest;
            }
            return exact.stripTrailingZeros().toString();
        } catch (IOException impossible) {
            throw new IllegalStateException("every finite number has a text", impossible);
        }
    }
}
