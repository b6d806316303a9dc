package dev.holdpoint.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.contract.Contract;
import dev.holdpoint.fuzz.Space.Person;
import org.jspecify.annotations.Nullable;

/** Writes requests for every operation of the document, whichever there are, out of its examples and schemas. */
final class Operations {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final int DEEPEST = 6;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<Operation> ALL = all();

    private final Knowledge knowledge;
    private final Random chance;

    private record Operation(String method, String path, List<JsonNode> parameters, JsonNode content) {}

    Operations(Knowledge knowledge, Random chance) {
        this.knowledge = knowledge;
        this.chance = chance;
    }

    private static List<Operation> all() {
        List<Operation> all = new ArrayList<>();
        Contract.DOCUMENT.path("paths").properties().forEach(path -> path.getValue().properties().forEach(method -> {
            // What operators read is the framework's to answer.
            if (!METHODS.contains(method.getKey()) || path.getKey().startsWith("/q/")) return;
            List<JsonNode> parameters = new ArrayList<>();
            path.getValue().path("parameters").forEach(one -> parameters.add(resolved(one)));
            method.getValue().path("parameters").forEach(one -> parameters.add(resolved(one)));
            all.add(new Operation(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), parameters,
                    resolved(method.getValue().path("requestBody")).path("content")));
        }));
        return all;
    }

    static int count() { return ALL.size(); }

    private static JsonNode resolved(JsonNode node) {
        return node.path("$ref").isTextual()
                ? resolved(Contract.DOCUMENT.at(node.path("$ref").asText().substring(1)))
                : node;
    }

    Draft some(Space space) {
        Operation operation = ALL.get(chance.nextInt(ALL.size()));
        Person person = chance.nextInt(3) > 0 ? Person.ADMIN : Person.any(chance);
        List<String> values = new ArrayList<>();
        StringBuilder path = new StringBuilder();
        for (String segment : operation.path().substring(1).split("/", -1)) {
            boolean variable = segment.startsWith("{");
            path.append('/').append(variable ? "{}" : segment);
            if (variable) values.add(value(parameter(operation, segment.substring(1, segment.length() - 1))));
        }
        Draft draft = Draft.of(operation.method(), space, person, path.toString(), values.toArray(String[]::new));
        for (JsonNode parameter : operation.parameters()) add(draft, parameter);
        body(draft, operation.content());
        return draft.within(space);
    }

    private static JsonNode parameter(Operation operation, String name) {
        return operation.parameters().stream().filter(one -> one.path("name").asText().equals(name)).findAny()
                .orElseThrow();
    }

    private void add(Draft draft, JsonNode parameter) {
        String name = parameter.path("name").asText();
        boolean wanted = parameter.path("required").asBoolean() || chance.nextInt(5) == 0;
        if (!wanted || name.equals("Holdpoint-Tenant")) return;
        switch (parameter.path("in").asText()) {
            case "query" -> draft.asking(name, value(parameter));
            case "header" -> draft.put(name, value(parameter));
            default -> {}
        }
    }

    private String value(JsonNode parameter) {
        String known = knowledge.some(parameter.path("name").asText());
        if (known != null && chance.nextInt(6) > 0) return known;
        if (chance.nextBoolean()) return parameter.path("example").asText();
        JsonNode sample = sample(parameter.path("schema"), parameter.path("name").asText(), 0);
        return sample.isValueNode() ? sample.asText() : Draft.text(sample);
    }

    private void body(Draft draft, JsonNode content) {
        List<String> types = new ArrayList<>();
        content.fieldNames().forEachRemaining(types::add);
        if (types.isEmpty()) return;
        String type = types.get(chance.nextInt(types.size()));
        JsonNode described = content.path(type);
        List<JsonNode> examples = new ArrayList<>();
        described.path("examples").forEach(one -> examples.add(resolved(one).path("value")));
        JsonNode body = examples.isEmpty() || chance.nextBoolean()
                ? sample(described.path("schema"), "", 0)
                : examples.get(chance.nextInt(examples.size())).deepCopy();
        if (type.endsWith("json") && !body.isTextual()) {
            fill(body);
            draft.saying(body);
        } else {
            draft.bytes = Draft.latin(body.asText());
        }
        draft.put("Content-Type", type);
    }

    /** Puts what is known where an example only shows what it could look like. */
    private void fill(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String name : names(object)) {
                String known = object.path(name).isTextual() ? knowledge.some(name) : null;
                if (known != null && chance.nextInt(4) > 0) object.put(name, known);
            }
        }
        node.forEach(this::fill);
    }

    static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private JsonNode sample(JsonNode schema, String name, int depth) {
        if (schema.has("const")) return schema.path("const");
        if (schema.has("enum")) return one(schema.path("enum"));
        if (schema.has("$ref")) return sample(resolved(schema), name, depth);
        if (schema.has("properties") || schema.path("type").asText().equals("object")) {
            ObjectNode object = object(schema, depth);
            if (schema.has("oneOf")) object.setAll(required(one(schema.path("oneOf")), schema, depth));
            return object;
        }
        for (String choice : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.has(choice)) return sample(one(schema.path(choice)), name, depth);
        }
        return switch (schema.path("type").asText()) {
            case "array" -> array(schema, depth);
            case "string" -> string(schema, name);
            case "integer", "number" -> number(name);
            case "boolean" -> NODES.booleanNode(chance.nextBoolean());
            default -> anything();
        };
    }

    private JsonNode one(JsonNode choices) { return choices.get(chance.nextInt(choices.size())); }

    private ObjectNode required(JsonNode alternative, JsonNode schema, int depth) {
        ObjectNode chosen = NODES.objectNode();
        alternative.path("required").forEach(name -> chosen.set(name.asText(),
                sample(schema.path("properties").path(name.asText()), name.asText(), depth + 1)));
        return chosen;
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        Set<String> required = new java.util.HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        schema.path("properties").properties().forEach(member -> {
            if (required.contains(member.getKey()) || depth < DEEPEST && chance.nextInt(3) == 0)
                object.set(member.getKey(), sample(member.getValue(), member.getKey(), depth + 1));
        });
        if (schema.path("additionalProperties").isObject() && depth < DEEPEST)
            object.set(chance.nextBoolean() ? "region" : "/amount",
                    sample(schema.path("additionalProperties"), "", depth + 1));
        return object;
    }

    private ArrayNode array(JsonNode schema, int depth) {
        ArrayNode array = NODES.arrayNode();
        int size = depth < DEEPEST ? chance.nextInt(3) : 0;
        for (int at = 0; at < Math.max(size, schema.path("minItems").asInt()); at++) {
            array.add(sample(schema.path("items"), "", depth + 1));
        }
        return array;
    }

    private JsonNode string(JsonNode schema, String name) {
        @Nullable
        String known = knowledge.some(name);
        if (known != null) return NODES.textNode(known);
        return NODES.textNode(switch (name) {
            case "ttl", "wait" -> "PT0.01S";
            case "expiresAt" -> "2030-01-01T00:00:00.000Z";
            default -> schema.has("pattern") ? "a1" : "some " + name;
        });
    }

    private JsonNode number(String name) {
        String known = knowledge.some(name);
        return known != null && known.matches("[0-9]{1,18}")
                ? NODES.numberNode(Long.parseLong(known))
                : NODES.numberNode(chance.nextInt(12));
    }

    private JsonNode anything() {
        return switch (chance.nextInt(5)) {
            case 0 -> NODES.textNode(knowledge.any());
            case 1 -> NODES.numberNode(chance.nextInt());
            case 2 -> NODES.objectNode().put("amount", chance.nextInt(5000));
            case 3 -> NODES.arrayNode().add(true).addNull();
            default -> NODES.nullNode();
        };
    }
}
