package dev.holdpoint.dialect.librechat;

import java.io.IOException;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/** JSON of workers as trees, every number with its digits. */
final class Trees {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Trees() {}

    /**
     * Missing where there is nothing, or nothing that can be read: a worker's odd
     * event must not keep a client from the rest.
     */
    static JsonNode of(@Nullable Json json) {
        if (json == null) return MissingNode.getInstance();
        try {
            return MAPPER.readTree(json.text());
        } catch (IOException | IllegalArgumentException | ArithmeticException unreadable) {
            return MissingNode.getInstance();
        }
    }

    static Json json(JsonNode tree) { return new Json(tree.toString()); }

    static ObjectNode object() { return JsonNodeFactory.instance.objectNode(); }

    /** A member's text; null when it is none, or empty. */
    static @Nullable String text(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
    }

    static boolean isPresent(JsonNode value) { return !value.isMissingNode() && !value.isNull(); }
}
