package dev.holdpoint.dialect.langgraph;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdpoint.job.Json;
import org.erdtman.jcs.NumberToJSON;

/** JSON as a tree in which numbers keep all their digits. */
final class Tree {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Tree() {}

    /** Empty when the text isn't exactly one JSON value, or holds a number that is too long to be read. */
    static Optional<JsonNode> read(String text) {
        try {
            return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException | IllegalArgumentException | ArithmeticException unreadable) {
            return Optional.empty();
        }
    }

    static Json json(JsonNode value) {
        return new Json(value.toString());
    }

    /** Whether both say the same: numbers by their value, objects whatever the order of their members. */
    static boolean same(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) return one.decimalValue().compareTo(other.decimalValue()) == 0;
        if (one.getNodeType() != other.getNodeType() || one.size() != other.size()) return false;
        if (one.isArray()) {
            Iterator<JsonNode> others = other.elements();
            for (JsonNode element : one) if (!same(element, others.next())) return false;
            return true;
        }
        if (!one.isObject()) return one.equals(other);
        for (Map.Entry<String, JsonNode> member : one.properties()) {
            if (!other.has(member.getKey()) || !same(member.getValue(), other.get(member.getKey()))) return false;
        }
        return true;
    }

    /** The number that a script makes of this one when it reads it and writes it again. */
    static Optional<BigDecimal> throughScript(JsonNode number) {
        double nearest = number.doubleValue();
        try {
            return Double.isFinite(nearest) ? Optional.of(new BigDecimal(NumberToJSON.serializeNumber(nearest)))
                    : Optional.empty();
        } catch (IOException impossible) {
            return Optional.empty();
        }
    }
}
