package dev.holdpoint.policy;

import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.job.Json;
import dev.holdpoint.policy.Condition.Operator;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call, read when the first condition asks for them and never twice. What is no JSON
 * object leaves every condition in doubt.
 */
final class CallArguments {
    /**
     * Characters that globs may go over for one call, so that many globs and a long text don't hold up everybody else.
     */
    private static final long MOST_MATCHING = 16_000_000;

    private final Json json;
    private final Function<Json, JsonNode> reader;
    private @Nullable JsonNode read;
    private long matched;

    CallArguments(Json json, Function<Json, JsonNode> reader) {
        this.json = json;
        this.reader = reader;
    }

    Truth fulfil(Condition condition) {
        if (read == null) read = reader.apply(json);
        if (!read.isObject()) return Truth.DOUBTFUL;

        JsonNode value = condition.place(read);
        if (value.isMissingNode() && condition.isOutOfSight(read)) return Truth.DOUBTFUL;
        if (condition.operator() == Operator.MATCHES && value.isTextual()) matched += value.textValue().length();
        return matched > MOST_MATCHING ? Truth.DOUBTFUL : condition.holds(value);
    }
}
