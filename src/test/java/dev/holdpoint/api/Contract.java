package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;

/** docs/openapi.yaml, and whether an answer keeps to it. */
final class Contract {
    static final JsonNode DOCUMENT = read();
    private static final String NAME = "https://holdpoint.test/openapi.json";
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(NAME, DOCUMENT.toString()))));
    private static final Map<String, JsonSchema> KNOWN = new ConcurrentHashMap<>();

    private Contract() {}

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(Files.readString(Path.of("docs/openapi.yaml")));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The answer itself. Fails when the operation doesn't describe such an answer. */
    static Reply checked(HttpRequest request, Reply reply) {
        String path = template(request.uri().getRawPath());
        String operation = "/paths/" + token(path) + "/" + request.method().toLowerCase(java.util.Locale.ROOT);
        if (path.isEmpty() || DOCUMENT.at(operation).isMissingNode()) return reply;
        JsonNode described = DOCUMENT.at(operation + "/responses/" + reply.status());
        assertThat(described.isMissingNode())
                .as("%s %s answers %d, which the contract doesn't know: %s", request.method(), path, reply.status(),
                        reply.body())
                .isFalse();
        String place = described.has("$ref")
                ? described.path("$ref").asText().substring(1)
                : operation + "/responses/" + reply.status();
        if (reply.body().isEmpty()) return reply;
        String type = reply.header("Content-Type").replaceFirst(";.*", "");
        String schema = place + "/content/" + token(type) + "/schema";
        assertThat(DOCUMENT.at(schema).isMissingNode()).as("%s %s answers %d as %s", request.method(), path,
                reply.status(), type).isFalse();
        if (type.equals("application/x-ndjson")) {
            reply.lines().forEach(line -> assertThat(faults(schema + "/contentSchema", line))
                    .as("%s %s: %s", request.method(), path, line).isEmpty());
            return reply;
        }
        if (!type.endsWith("json")) return reply;
        assertThat(faults(schema, reply.json())).as("%s %s: %s", request.method(), path, reply.body()).isEmpty();
        return reply;
    }

    /** @param component name of a schema */
    static void check(String component, JsonNode value) {
        assertThat(faults("/components/schemas/" + component, value)).as(component + ": " + value).isEmpty();
    }

    private static Set<ValidationMessage> faults(String place, JsonNode value) {
        return KNOWN.computeIfAbsent(place, where -> SCHEMAS.getSchema(SchemaLocation.of(NAME + "#" + where)))
                .validate(value);
    }

    private static String template(String path) {
        if (DOCUMENT.path("paths").has(path)) return path;
        for (String template : (Iterable<String>) DOCUMENT.path("paths")::fieldNames) {
            if (Pattern.matches(template.replaceAll("\\{[^}]+}", "[^/]+"), path)) return template;
        }
        return "";
    }

    private static String token(String name) { return name.replace("~", "~0").replace("/", "~1"); }
}
