package dev.holdpoint.approval;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import dev.holdpoint.job.Json;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

/**
 * JSON Schema 2020-12 over tool arguments. Schemas come from agents, so nothing is fetched by reference
 * and patterns run in linear time (RE2).
 */
final class ArgumentsSchema {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    /**
     * References that double at each level would be followed without end; deeper
     * ones are followed when they are needed.
     */
    private static final int MOST_PRELOADED_REFERENCES = 8;
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .regularExpressionFactory(ArgumentsSchema::linearTime)
            .preloadJsonSchema(true)
            .preloadJsonSchemaRefMaxNestingDepth(MOST_PRELOADED_REFERENCES)
            .pathType(PathType.JSON_POINTER)
            .build();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));
    private static final JsonSchema META_SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(SchemaLocation.of(SchemaId.V202012));
    private static final int MOST_ERRORS = 20;
    private static final int LONGEST_SCHEMA = 65_536;
    private static final int LONGEST_PATTERN = 500;
    /** Most instructions that a pattern may come to when its counted repetitions are written out. */
    private static final int MOST_PROGRAM = 5_000;
    private static final long MOST_MATCHING = 100_000_000;
    /** A number beyond any double: written out in full it would fill the memory. */
    private static final Pattern ENORMOUS = Pattern.compile("[eE][+-]?0*[1-9][0-9]{3,}$");

    /** Beyond what honest schemas and arguments need, and done in about a second at the worst. */
    private static final int MOST_STEPS = 30_000;

    private ArgumentsSchema() {}

    private static final class TooMuchWork extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooMuchWork() { super(null, null, false, false); }
    }

    /**
     * Every keyword asks the context for its configuration, which is where the work of one
     * validation can be counted and cut off.
     */
    private static final class Bounded extends ExecutionContext {
        private int steps;

        Bounded(ExecutionConfig config) { super(config); }

        @Override
        public ExecutionConfig getExecutionConfig() {
            if (++steps > MOST_STEPS) throw new TooMuchWork();
            return super.getExecutionConfig();
        }
    }

    private static Set<ValidationMessage> validate(JsonSchema schema, JsonNode node) {
        return schema.validate(new Bounded(schema.createExecutionContext().getExecutionConfig()), node);
    }

    private static com.networknt.schema.regex.RegularExpression linearTime(String regex) {
        long size = PatternSize.of(regex);
        if (regex.length() > LONGEST_PATTERN || size > MOST_PROGRAM) throw new TooMuchWork();
        Pattern pattern = Pattern.compile(regex);
        return text -> find(pattern, size, text);
    }

    /** Linear in the text, but also in the pattern's size: long texts need short patterns. */
    private static boolean find(Pattern pattern, long size, String text) {
        if (size * text.length() > MOST_MATCHING) throw new TooMuchWork();
        return pattern.matcher(text).find();
    }

    /** Work with schemas is bounded but not short; done here, it keeps nobody else waiting. */
    static <T> Uni<T> aside(Uni<T> work) {
        return work.runSubscriptionOn(Infrastructure.getDefaultExecutor());
    }

    private static boolean hasEnormousNumber(Json json) {
        try (JsonParser tokens = MAPPER.createParser(json.text())) {
            for (JsonToken token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
                if (token == JsonToken.VALUE_NUMBER_FLOAT && ENORMOUS.matcher(tokens.getText()).find()) return true;
            }
            return false;
        } catch (IOException unreadable) {
            return true;
        }
    }

    /** What is wrong with the schema itself; empty when it can be used. */
    static Optional<String> fault(Json schema) {
        if (hasEnormousNumber(schema)) return Optional.of("has a number that is out of range");
        if (schema.text().length() > LONGEST_SCHEMA)
            return Optional.of("is longer than " + LONGEST_SCHEMA + " characters");
        try {
            JsonNode node = MAPPER.readTree(schema.text());
            if (!node.isObject()) return Optional.of("must be an object");
            String dialect = node.path("$schema").asText(SchemaId.V202012);
            if (!dialect.equals(SchemaId.V202012)) return Optional.of("must be JSON Schema 2020-12, not " + dialect);
            Optional<ValidationMessage> fault = META_SCHEMA.validate(node).stream().findFirst();
            if (fault.isPresent()) return Optional.of("is no JSON Schema: " + fault.get().getMessage());
            JsonSchema usable = FACTORY.getSchema(node, CONFIG);
            usable.initializeValidators();
            validate(usable, MAPPER.createObjectNode());
            return Optional.empty();
        } catch (PatternSyntaxException beyondRe2) {
            return Optional.of("has a pattern that can't run in linear time: " + beyondRe2.getPattern());
        } catch (TooMuchWork bomb) {
            return Optional.of("takes too much work to check");
        } catch (StackOverflowError endless) {
            return Optional.of("refers to itself without end");
        } catch (JsonProcessingException | RuntimeException unusable) {
            return Optional.of("can't be used: it must be self-contained JSON Schema 2020-12");
        }
    }

    /** @param path JSON Pointer to what is wrong */
    record Violation(String path, String message) {}

    /** What breaks the schema; empty when nothing does. */
    static List<Violation> violations(Json schema, Json arguments) {
        if (hasEnormousNumber(arguments))
            return List.of(new Violation("", "has a number that is out of range"));
        try {
            JsonNode node = MAPPER.readTree(arguments.text());
            return validate(FACTORY.getSchema(MAPPER.readTree(schema.text()), CONFIG), node).stream().limit(MOST_ERRORS)
                    .map(one -> new Violation(one.getInstanceLocation().toString(), one.getError())).toList();
        } catch (JsonProcessingException | RuntimeException | StackOverflowError unusable) {
            // In doubt: refuse. The schema was checked when the job paused.
            return List.of(new Violation("", "the arguments can't be checked against the schema"));
        }
    }
}
