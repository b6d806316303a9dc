package dev.holdpoint.dialect.langgraph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Undoes what a page of text areas does to arguments: what it lets a person edit comes back as text, and every number has been through a double.
 * A text becomes what stood there before, or what the schema wants, where it can be read as that; where it can't, the edit is refused.
 */
final class EditedArguments {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode properties;
    private final List<String> unreadable = new ArrayList<>();

    private EditedArguments(JsonNode schema) { this.properties = schema.path("properties"); }

    /**
     * @param arguments  as they would run
     * @param unreadable names of those whose text can't be read as what it must be
     */
    record Restored(ObjectNode arguments, List<String> unreadable) {
        Restored {
            unreadable = List.copyOf(unreadable);
        }
    }

    /** @param schema of the arguments; anything but an object says nothing */
    static Restored of(JsonNode original, ObjectNode edited, JsonNode schema) {
        EditedArguments work = new EditedArguments(schema);
        ObjectNode arguments = NODES.objectNode();
        for (Map.Entry<String, JsonNode> member : edited.properties()) {
            String name = member.getKey();
            JsonNode before = original.path(name);
            arguments.set(name, member.getValue().isTextual()
                    ? work.read(name, before, member.getValue())
                    : unrounded(before, member.getValue()));
        }
        return new Restored(arguments, work.unreadable);
    }

    private JsonNode read(String name, JsonNode before, JsonNode text) {
        if (before.isTextual()) return text;
        Set<String> wanted = types(properties.path(name).path("type"));
        boolean unknown = wanted.isEmpty() && (before.isMissingNode() || before.isNull());
        Optional<JsonNode> value = Tree.read(text.textValue());
        if (value.isPresent() && (isAlike(before, value.get()) || isOneOf(wanted, value.get())))
            return unrounded(before, value.get());
        // Where nothing says what it should be, it is what it came as.
        if (unknown || wanted.contains("string")) return text;
        unreadable.add(name);
        return text;
    }

    private static Set<String> types(JsonNode type) {
        Set<String> types = new HashSet<>();
        if (type.isTextual()) types.add(type.textValue());
        type.elements().forEachRemaining(one -> types.add(one.asText()));
        return types;
    }

    private static boolean isAlike(JsonNode before, JsonNode value) {
        return before.getNodeType() == value.getNodeType();
    }

    private static boolean isOneOf(Set<String> types, JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> types.contains("number") || types.contains("integer");
            case BOOLEAN -> types.contains("boolean");
            case NULL -> types.contains("null");
            case ARRAY -> types.contains("array");
            case OBJECT -> types.contains("object");
            case STRING, MISSING, BINARY, POJO -> false;
        };
    }

    /** A number that nobody touched has lost digits on its way through a browser: it is the one that it was. */
    private static JsonNode unrounded(@Nullable JsonNode before, JsonNode value) {
        JsonNode old = before == null ? MissingNode.getInstance() : before;
        if (old.isNumber() && value.isNumber()) {
            return Tree.throughScript(old).filter(rounded -> rounded.compareTo(value.decimalValue()) == 0).isPresent()
                    ? old
                    : value;
        }
        if (old.isObject() && value.isObject()) {
            ObjectNode object = NODES.objectNode();
            value.properties().forEach(member -> object.set(member.getKey(),
                    unrounded(old.get(member.getKey()), member.getValue())));
            return object;
        }
        if (old.isArray() && value.isArray()) {
            ArrayNode array = NODES.arrayNode();
            for (int at = 0; at < value.size(); at++) array.add(unrounded(old.get(at), value.get(at)));
            return array;
        }
        return value;
    }
}
