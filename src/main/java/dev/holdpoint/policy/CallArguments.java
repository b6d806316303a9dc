package dev.holdpoint.policy;

import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/** The arguments of one call, read when the first condition asks for them and never twice. What is no JSON object leaves every condition in doubt. */
final class CallArguments {
    private final Json json;
    private final Function<Json, JsonNode> reader;
    private @Nullable JsonNode read;

    CallArguments(Json json, Function<Json, JsonNode> reader) {
        this.json = json;
        this.reader = reader;
    }

    Truth fulfil(Condition condition) {
        if (read == null) read = reader.apply(json);
        return read.isObject() ? condition.in(read) : Truth.DOUBTFUL;
    }
}
