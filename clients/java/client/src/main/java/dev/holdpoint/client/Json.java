package dev.holdpoint.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import org.jspecify.annotations.Nullable;

/** Reads and writes what goes over the wire; numbers keep every digit, because arguments are compared and hashed. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // a newer service may say more
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null))
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new Instants()))
            .build();

    private Json() {}

    static ObjectNode object() { return MAPPER.createObjectNode(); }

    static JsonNode tree(@Nullable Object value) { return MAPPER.valueToTree(value); }

    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException("not JSON: " + unreadable.getOriginalMessage(), unreadable);
        }
    }

    static JsonNode parse(byte[] bytes) {
        try {
            return MAPPER.readTree(bytes);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the answer is not JSON", unreadable);
        }
    }

    static byte[] bytes(JsonNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalArgumentException("can't be written as JSON", unwritable);
        }
    }

    static <T> T read(JsonNode json, Class<T> type) {
        try {
            return MAPPER.treeToValue(json, type);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException("not a " + type.getSimpleName() + ": " + unreadable.getOriginalMessage(),
                    unreadable);
        }
    }

    /** @param value a tree, a map, a record, or text that is a JSON object */
    static ObjectNode objectOf(Object value) {
        JsonNode json = value instanceof String text ? parse(text.isBlank() ? "{}" : text) : tree(value);
        if (json instanceof ObjectNode object) return object;
        throw new IllegalArgumentException("must be a JSON object, but is " + json.getNodeType());
    }

    /** Whether two values are the same JSON, numbers by value and members in any order. */
    static boolean same(JsonNode one, JsonNode other) {
        return one.equals((a, b) -> {
            if (a.isNumber() && b.isNumber()) return decimal(a).compareTo(decimal(b));
            return a.equals(b) ? 0 : 1;
        }, other);
    }

    private static BigDecimal decimal(JsonNode number) { return number.decimalValue(); }

    private static final class Instants extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1;

        Instants() { super(Instant.class); }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return Instant.parse(json.getText());
        }
    }
}
