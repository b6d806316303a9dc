package dev.holdpoint.dialect.langgraph;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Undoes what a page of text areas does to arguments: what it lets a person edit comes back as text, and every number
 * has been through a double. A text becomes what stood there before, or what the schema wants, where it can be read as
 * that; where it can't, the edit is refused. So it is where a number of a list could be several that stood there.
 */
final class EditedArguments {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode properties;
    private final List<Fault> faults = new ArrayList<>();

    private EditedArguments(JsonNode schema) { this.properties = schema.path("properties"); }

    /** What can't be told of one argument. */
    record Fault(String name, String message) {}

    /** @param arguments as they would run, if there are no faults */
    record Restored(ObjectNode arguments, List<Fault> faults) {
        Restored {
            faults = List.copyOf(faults);
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
                    : work.unrounded(name, before, member.getValue()));
        }
        return new Restored(arguments, work.faults);
    }

    private JsonNode read(String name, JsonNode before, JsonNode text) {
        if (before.isTextual()) return text;
        Set<String> wanted = types(properties.path(name).path("type"));
        boolean unknown = wanted.isEmpty() && (before.isMissingNode() || before.isNull());
        Optional<JsonNode> value = Tree.read(text.textValue());
        if (value.isPresent() && (isAlike(before, value.get()) || isOneOf(wanted, value.get())))
            return unrounded(name, before, value.get());
        // Where nothing says what it should be, it is what it came as.
        if (unknown || wanted.contains("string")) return text;
        faults.add(new Fault(name, "the text can't be read as what stood there"));
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

    private JsonNode unrounded(String name, JsonNode before, JsonNode value) {
        return unrounded(name, before, value, Map.of());
    }

    /**
     * A number that nobody touched has lost digits on its way through a browser: it is the one that it was.
     *
     * @param listed what stood in the list around it, by what a browser makes of it: elements move when
     *               one is put in or taken out
     */
    private JsonNode unrounded(String name, JsonNode before, JsonNode value, Map<Double, List<JsonNode>> listed) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode members = NODES.objectNode();
                object.properties().forEach(member -> members.set(member.getKey(),
                        unrounded(name, before.path(member.getKey()), member.getValue(), listed)));
                yield members;
            }
            case ArrayNode array -> {
                Map<Double, List<JsonNode>> around = before.isArray() ? byRounding(before) : listed;
                boolean inPlace = before.isArray() && before.size() == array.size();
                ArrayNode elements = NODES.arrayNode();
                for (int at = 0; at < array.size(); at++)
                    elements.add(unrounded(name,
                            inPlace ? before.path(at) : MissingNode.getInstance(), array.get(at), around));
                yield elements;
            }
            default -> value.isNumber() ? number(name, before, value, listed) : value;
        };
    }

    private JsonNode number(String name, JsonNode before, JsonNode value, Map<Double, List<JsonNode>> listed) {
        if (before.isNumber() && isWrittenAs(before, value)) return before;
        List<JsonNode> meant = isWrittenAs(value, value) ? listed.getOrDefault(value.doubleValue(), List.of())
                : List.of();
        if (meant.size() > 1)
            faults.add(
                    new Fault(name, "a number of a list that was changed can't be told from another that stood there"));
        return meant.size() == 1 ? meant.getFirst() : value;
    }

    /** Whether a browser writes a number as this. */
    private static boolean isWrittenAs(JsonNode number, JsonNode written) {
        return Tree.throughScript(number).filter(rounded -> rounded.compareTo(written.decimalValue()) == 0).isPresent();
    }

    /** All numbers in a list, however deep; those of one value are one. */
    private static Map<Double, List<JsonNode>> byRounding(JsonNode list) {
        Map<Double, Map<BigDecimal, JsonNode>> values = new HashMap<>();
        collect(list, values);
        Map<Double, List<JsonNode>> numbers = new HashMap<>();
        values.forEach((rounded, exact) -> numbers.put(rounded, List.copyOf(exact.values())));
        return numbers;
    }

    private static void collect(JsonNode value, Map<Double, Map<BigDecimal, JsonNode>> values) {
        if (value.isNumber() && Double.isFinite(value.doubleValue()))
            values.computeIfAbsent(value.doubleValue(), none -> new TreeMap<>())
                    .putIfAbsent(value.decimalValue(), value);
        value.elements().forEachRemaining(element -> collect(element, values));
    }
}
