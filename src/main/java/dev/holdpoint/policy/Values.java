package dev.holdpoint.policy;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.holdpoint.job.Json;

/**
 * JSON values as conditions compare them: numbers by value and exactly, objects
 * without regard to the order of their members.
 */
final class Values {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    /** Further out than any double; who knows what the tool takes such a number for. */
    private static final int LARGEST_EXPONENT = 1_000;

    private Values() {}

    /** A missing node when the text is no JSON, or more than can be read safely. */
    static JsonNode read(Json json) {
        try {
            return MAPPER.readTree(json.text());
        } catch (JsonProcessingException | RuntimeException unreadable) {
            // An exponent beyond an int is no fault of syntax, and Jackson need not have a name for it.
            return MissingNode.getInstance();
        }
    }

    /** The number that the value is; empty when it is none, or too enormous or tiny to be told. */
    static Optional<BigDecimal> number(JsonNode value) {
        return Optional.of(value).filter(JsonNode::isNumber).map(JsonNode::decimalValue)
                .filter(number -> Math.abs((long) number.scale()) <= LARGEST_EXPONENT);
    }

    /**
     * Whether two values are the same, all the way down. Where only the type of a
     * part tells them apart, that is in doubt.
     */
    static Truth same(JsonNode one, JsonNode other) {
        if (other.isMissingNode()) return Truth.FALSE;
        if (one.getNodeType() != other.getNodeType()) return Truth.DOUBTFUL;
        return switch (one.getNodeType()) {
            case NUMBER -> sameNumber(one, other);
            case ARRAY -> one.size() == other.size() ? sameElements(one, other) : Truth.FALSE;
            case OBJECT -> one.size() == other.size() ? sameMembers(one, other) : Truth.FALSE;
            case STRING, BOOLEAN, NULL -> Truth.of(one.equals(other));
            case BINARY, MISSING, POJO -> Truth.DOUBTFUL;
        };
    }

    private static Truth sameNumber(JsonNode one, JsonNode other) {
        return number(one).flatMap(left -> number(other).map(right -> Truth.of(left.compareTo(right) == 0)))
                .orElse(Truth.DOUBTFUL);
    }

    private static Truth sameElements(JsonNode one, JsonNode other) {
        Truth all = Truth.TRUE;
        for (int at = 0; at < one.size() && all != Truth.FALSE; at++) all = all.and(same(one.get(at), other.get(at)));
        return all;
    }

    private static Truth sameMembers(JsonNode one, JsonNode other) {
        Truth all = Truth.TRUE;
        for (Map.Entry<String, JsonNode> member : one.properties()) {
            all = all.and(same(member.getValue(), other.path(member.getKey())));
        }
        return all;
    }
}
