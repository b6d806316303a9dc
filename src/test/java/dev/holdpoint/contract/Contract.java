package dev.holdpoint.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;

/** docs/openapi.yaml, and whether an answer keeps to it. */
public final class Contract {
    public static final JsonNode DOCUMENT = read();
    private static final String NAME = "https://holdpoint.test/openapi.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(NAME, DOCUMENT.toString()))));
    private static final Map<String, JsonSchema> KNOWN = new ConcurrentHashMap<>();
    private static final Map<String, Pattern> TEMPLATES = templates();

    private Contract() {}

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(Files.readString(Path.of("docs/openapi.yaml")));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Map<String, Pattern> templates() {
        Map<String, Pattern> templates = new ConcurrentHashMap<>();
        DOCUMENT.path("paths").fieldNames().forEachRemaining(
                path -> templates.put(path, Pattern.compile(path.replaceAll("\\{[^}]+}", "[^/]+"))));
        return templates;
    }

    /** An answer, as far as the contract speaks of it. A header that isn't there is empty. */
    public record Answered(int status, UnaryOperator<String> header, String body) {}

    /** Whether there is such an operation. */
    public static boolean describes(String method, String rawPath) {
        return operation(method, rawPath).isPresent();
    }

    /**
     * What in the answer to this request isn't as the operation describes it; nothing when there is no such operation.
     */
    public static List<String> faults(String method, String rawPath, Answered answer) {
        return operation(method, rawPath).map(operation -> faults(operation, answer)).orElse(List.of());
    }

    private static List<String> faults(String operation, Answered answer) {
        String place = resolved(operation + "/responses/" + answer.status());
        if (DOCUMENT.at(place).isMissingNode())
            return List.of("answers " + answer.status() + ", which the contract doesn't know");
        List<String> faults = new ArrayList<>(headers(place, answer));
        if (answer.body().isEmpty()) return faults;
        String type = answer.header().apply("Content-Type").replaceFirst(";.*", "");
        String schema = resolved(place + "/content/" + token(type) + "/schema");
        if (DOCUMENT.at(schema).isMissingNode()) {
            faults.add("answers " + answer.status() + " as '" + type + "'");
        } else {
            faults.addAll(body(type, schema, answer.body()));
        }
        return faults;
    }

    private static List<String> headers(String place, Answered answer) {
        List<String> faults = new ArrayList<>();
        DOCUMENT.at(place).path("headers").fieldNames().forEachRemaining(name -> {
            JsonNode header = DOCUMENT.at(resolved(place + "/headers/" + token(name)));
            if (header.path("required").asBoolean() && answer.header().apply(name).isEmpty())
                faults.add("lacks the header " + name);
        });
        return faults;
    }

    private static List<String> body(String type, String schema, String body) {
        return switch (type) {
            case "application/x-ndjson" -> body.lines().flatMap(
                    line -> broken(schema + "/contentSchema", json(line)).stream()).toList();
            case "text/event-stream" -> frames(body).stream().flatMap(
                    frame -> broken(schema + "/contentSchema", frame).stream()).toList();
            default -> type.endsWith("json") ? broken(schema, json(body)) : List.of();
        };
    }

    /** The complete frames of a stream that say something, as the contract writes them down. */
    private static List<JsonNode> frames(String stream) {
        List<JsonNode> frames = new ArrayList<>();
        String complete = stream.substring(0, Math.max(0, stream.lastIndexOf("\n\n")));
        for (String text : complete.split("\n\n", -1)) {
            ObjectNode frame = JSON.createObjectNode();
            text.lines().filter(line -> line.matches("(id|event): .*")).forEach(
                    line -> frame.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(' ') + 1)));
            text.lines().filter(line -> line.startsWith("data: ") && line.length() > "data: ".length())
                    .forEach(line -> frame.set("data", json(line.substring("data: ".length()))));
            if (!frame.isEmpty()) frames.add(frame);
        }
        return frames;
    }

    /** What isn't JSON is a text that no schema of ours expects. */
    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException malformed) {
            return TextNode.valueOf("no JSON: " + text);
        }
    }

    /** @param component name of a schema */
    public static void check(String component, JsonNode value) {
        assertThat(faults(component, value)).as(component + ": " + value).isEmpty();
    }

    /** What in the value isn't as this schema has it. */
    public static List<String> faults(String component, JsonNode value) {
        return broken("/components/schemas/" + component, value);
    }

    private static List<String> broken(String where, JsonNode value) {
        return KNOWN.computeIfAbsent(where, one -> SCHEMAS.getSchema(SchemaLocation.of(NAME + "#" + one)))
                .validate(value).stream().map(fault -> fault.getMessage()).toList();
    }

    private static Optional<String> operation(String method, String rawPath) {
        String lower = method.toLowerCase(Locale.ROOT);
        return template(rawPath).map(path -> "/paths/" + token(path) + "/" + lower)
                .filter(operation -> lower.toUpperCase(Locale.ROOT).equals(method)
                        && !DOCUMENT.at(operation).isMissingNode());
    }

    private static Optional<String> template(String path) {
        if (TEMPLATES.containsKey(path)) return Optional.of(path);
        return TEMPLATES.entrySet().stream().filter(one -> one.getValue().matcher(path).matches())
                .map(Map.Entry::getKey)
                .findAny();
    }

    private static String resolved(String place) {
        JsonNode reference = DOCUMENT.at(place).path("$ref");
        return reference.isTextual() ? reference.asText().substring(1) : place;
    }

    private static String token(String name) { return name.replace("~", "~0").replace("/", "~1"); }
}
