package dev.holdpoint.dialect.librechat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * What a message has become by its events: the fold that LibreChat's clients and {@code @librechat/agents} make of
 * them, part by part. An event that says nothing understandable changes nothing.
 */
final class Content {
    private final NavigableMap<Long, Part> parts = new TreeMap<>();
    private final Map<String, Step> steps = new HashMap<>();
    /** Where what a run calls its nth part has come to stand. */
    private final Map<Long, Long> places = new HashMap<>();
    private final Map<String, Long> placesOfCalls = new HashMap<>();
    private final Map<Long, Author> authors = new HashMap<>();
    private long next;

    /** Who wrote a part, where several agents write at once. */
    private record Author(@Nullable String agent, @Nullable JsonNode group) {}

    private record Step(long place, Author author, int calls, @Nullable ToolStep tools) {}

    /** Which parts are the tool calls of one step, as far as that is known before each of them has an id. */
    private static final class ToolStep {
        final Set<Long> places = new LinkedHashSet<>();
        final Map<Long, Long> byChunk = new HashMap<>();
        final Set<Long> unclaimed = new LinkedHashSet<>();
        final Set<Long> unbound = new LinkedHashSet<>();
        final Map<Long, String> ids = new HashMap<>();
    }

    void apply(String event, JsonNode data) {
        switch (event) {
            case "on_run_step" -> begin(data);
            case "on_run_step_delta" -> extend(data);
            case "on_run_step_completed" -> complete(data.path("result"));
            case "on_message_delta", "on_reasoning_delta" -> append(data);
            case "on_agent_update" -> hand(data);
            case "on_summarize_delta" -> summarize(data);
            case "on_summarize_complete" -> conclude(data.path("summary"));
            case "on_steer_applied", "on_activity_label" -> insert(data);
            default -> {
            }
        }
    }

    List<JsonNode> parts() {
        return parts.values().stream().<JsonNode>map(part -> part.json().deepCopy()).toList();
    }

    private void begin(JsonNode step) {
        String id = Trees.text(step, "id");
        long index = index(step.path("index"));
        if (id == null || index < 0) return;
        boolean calling = step.path("stepDetails").path("type").asText().equals("tool_calls");
        List<JsonNode> calls = calling ? list(step.path("stepDetails").path("tool_calls")) : List.of();
        List<Long> at = new ArrayList<>();
        for (JsonNode call : calls) at.add(placeOf(call, index, at.isEmpty()));
        long place = at.isEmpty() ? place(index) : at.getFirst();
        ToolStep tools = calling ? toolsOf(id, place) : null;
        Step begun = new Step(place, new Author(Trees.text(step, "agentId"), present(step.path("groupId"))),
                calls.size(), tools);
        steps.put(id, begun);
        sign(place, begun);
        if (Trees.isPresent(step.path("summary"))) update(place, step.path("summary"), false);
        if (tools == null) return;
        register(tools, place, null);
        for (int i = 0; i < calls.size(); i++) {
            JsonNode call = calls.get(i);
            register(tools, at.get(i), Trees.text(call, "id"));
            sign(at.get(i), begun);
            update(at.get(i), toolCall(call), false);
        }
    }

    private ToolStep toolsOf(String step, long place) {
        Step known = steps.get(step);
        if (known != null && known.tools() != null) return known.tools();
        ToolStep tools = new ToolStep();
        tools.places.add(place);
        tools.unclaimed.add(place);
        tools.unbound.add(place);
        return tools;
    }

    /**
     * A call that is known already keeps its place; else the first of a step stands where the step
     * says, and the others behind everything.
     */
    private long placeOf(JsonNode call, long index, boolean first) {
        String id = Trees.text(call, "id");
        Long known = id == null ? null : placesOfCalls.get(id);
        if (known == null) return first ? place(index) : allocate(0);
        if (first) places.put(index, known);
        return known;
    }

    private void extend(JsonNode data) {
        String id = Trees.text(data, "id");
        Step step = id == null ? null : steps.get(id);
        JsonNode delta = data.path("delta");
        if (id == null || step == null || !delta.path("type").asText().equals("tool_calls")) return;
        ToolStep tools = step.tools() == null ? toolsOf(id, step.place()) : step.tools();
        steps.put(id, new Step(step.place(), step.author(), step.calls(), tools));
        for (JsonNode chunk : list(delta.path("tool_calls"))) {
            Long place = placeOf(chunk, tools);
            if (place == null) continue;
            String callId = Trees.text(chunk, "id") == null ? tools.ids.get(place) : Trees.text(chunk, "id");
            ObjectNode call = Trees.object();
            call.set("args", Trees.isPresent(chunk.path("args")) ? chunk.path("args") : TextNode.valueOf(""));
            copy(chunk, call, "name");
            if (callId != null) call.put("id", callId);
            copy(delta, call, "auth", "expires_at");
            sign(place, step);
            update(place, toolCall(call), false);
        }
    }

    /**
     * Where the call of a chunk stands: by its id, else by its number within the step, else as the only
     * one there is; null when nothing tells.
     */
    private @Nullable Long placeOf(JsonNode chunk, ToolStep tools) {
        String id = Trees.text(chunk, "id");
        Long number = chunk.path("index").isNumber() ? Long.valueOf(chunk.path("index").asLong()) : null;
        Long place = id == null ? null : placesOfCalls.get(id);
        if (place == null && number != null) place = tools.byChunk.get(number);
        Long only = tools.places.size() == 1 ? tools.places.iterator().next() : null;
        if (place == null && id == null && only != null
                && (number == null || tools.ids.containsKey(only) || tools.unclaimed.contains(only)))
            place = only;
        if (place == null && number == null && id == null) return null;
        if (place == null) place = takeFirst(id == null ? tools.unclaimed : tools.unbound);
        if (place == null) place = allocate(0);
        register(tools, place, id);
        if (number != null) {
            tools.byChunk.put(number, place);
            tools.unclaimed.remove(place);
            tools.unbound.remove(place);
        }
        return place;
    }

    private static @Nullable Long takeFirst(Set<Long> waiting) {
        if (waiting.isEmpty()) return null;
        Long first = waiting.iterator().next();
        waiting.remove(first);
        return first;
    }

    private void register(ToolStep tools, long place, @Nullable String call) {
        if (tools.places.add(place)) {
            tools.unclaimed.add(place);
            tools.unbound.add(place);
        }
        if (call == null) return;
        String before = tools.ids.put(place, call);
        if (before != null && !before.equals(call)) placesOfCalls.remove(before, place);
        placesOfCalls.put(call, place);
        tools.unbound.remove(place);
    }

    private void complete(JsonNode result) {
        String id = Trees.text(result, "id");
        Step step = id == null ? null : steps.get(id);
        if (result.path("type").asText().equals("summary") && result.has("summary")) {
            if (step != null) settle(step.place(), result.path("summary"));
            return;
        }
        if (!result.path("tool_call").isObject()) return;
        String call = Trees.text(result.path("tool_call"), "id");
        Long place = call == null ? null : placesOfCalls.get(call);
        if (place == null && step != null) place = onlyPlace(step);
        if (place == null) return;
        if (step != null) sign(place, step);
        update(place, toolCall(result.path("tool_call")), true);
    }

    private static @Nullable Long onlyPlace(Step step) {
        if (step.tools() == null) return step.calls() <= 1 ? step.place() : null;
        return step.tools().places.size() == 1 ? step.tools().places.iterator().next() : null;
    }

    private void append(JsonNode data) {
        Step step = steps.get(data.path("id").asText());
        if (step == null) return;
        JsonNode content = data.path("delta").path("content");
        if (content.isArray()) content.forEach(part -> update(step.place(), part, false));
        else update(step.place(), content, false);
    }

    private void hand(JsonNode data) {
        long index = index(data.path("agent_update").path("index"));
        if (index < 0) return;
        long place = place(index);
        ObjectNode placed = data.deepCopy();
        ((ObjectNode) placed.path("agent_update")).put("index", place);
        update(place, placed, false);
    }

    private void summarize(JsonNode data) {
        Step step = steps.get(data.path("id").asText());
        if (step != null) update(step.place(), data.path("delta").path("summary"), false);
    }

    private void conclude(JsonNode summary) {
        Step step = steps.get(summary.path("boundary").path("messageId").asText());
        if (step != null) settle(step.place(), summary);
    }

    /** What the host puts between the parts of a run comes with its place. */
    private void insert(JsonNode data) {
        long place = index(data.path("index"));
        if (place >= 0) settle(place, data.path("part"));
    }

    private void settle(long place, JsonNode part) {
        if (!part.isObject()) return;
        parts.put(place, Part.settled(part.deepCopy()));
        sign(place);
    }

    private void update(long place, JsonNode part, boolean last) {
        String type = part.path("type").asText();
        if (!part.isObject() || type.isEmpty()) return;
        Part known = parts.get(place);
        if (known != null && !type.startsWith(known.type())) return;
        if (type.equals("tool_call")) {
            if (part.path("tool_call").isObject()) call(place, known, part.path("tool_call"), last);
        } else {
            Part begun = known == null ? Part.settled(Trees.object().put("type", type)) : known;
            parts.put(place, updated(begun, type, part));
        }
        sign(place);
    }

    private static Part updated(Part known, String type, JsonNode part) {
        if (type.startsWith("text")) return text(known, part);
        if (type.startsWith("think")) return grown(known, "think", part.path("think"));
        if (type.startsWith("agent_update") && Trees.isPresent(part.path("agent_update"))) return handed(part);
        if (type.equals("summary")) return summarized(known, part);
        return type.equals("toolCall") || type.equals("toolResponse") ? Part.settled(part.deepCopy()) : known;
    }

    private static Part text(Part known, JsonNode part) {
        boolean says = part.path("text").isTextual();
        boolean cites = part.path("citations").isArray();
        if (!says && !cites) return known;
        Part text = grown(known, "text", says ? part.path("text") : TextNode.valueOf(""));
        ObjectNode rest = text.rest();
        if (Trees.isPresent(part.path("tool_call_ids"))) copy(part, rest, "tool_call_ids");
        else if (says) rest.remove("tool_call_ids");
        if (cites) part.path("citations").forEach(rest.withArray("citations")::add);
        return text;
    }

    private static Part grown(Part known, String member, JsonNode piece) {
        if (!piece.isTextual()) return known;
        Part growing = known.isGrowing() ? known : begun(known, member);
        growing.append(piece.textValue());
        return growing;
    }

    private static Part begun(Part known, String member) {
        ObjectNode json = Trees.object().put("type", member);
        return Part.growing(json, json, member, known.rest().path(member).asText());
    }

    private static Part handed(JsonNode part) {
        ObjectNode json = Trees.object().put("type", "agent_update");
        json.set("agent_update", part.path("agent_update"));
        return Part.settled(json);
    }

    private static Part summarized(Part known, JsonNode part) {
        ObjectNode json = part.deepCopy();
        // The part before is gone after this, and its content may be long.
        ArrayNode content = known.rest().path("content") instanceof ArrayNode before ? before : json.arrayNode();
        list(json.path("content")).forEach(content::add);
        json.set("content", content);
        return Part.settled(json);
    }

    private void call(long place, @Nullable Part known, JsonNode sent, boolean last) {
        JsonNode before = known == null ? Trees.object() : known.rest().path("tool_call");
        if (!last && (Trees.text(sent, "name") == null || before.path("progress").asInt() == 1)) return;

        String id = firstOf(sent, before, "id");
        String replaced = Trees.text(before, "id");
        if (replaced != null && !replaced.equals(id)) placesOfCalls.remove(replaced, place);
        ObjectNode call = Trees.object().put("id", id).put("name", firstOf(sent, before, "name"));
        ObjectNode whole = Trees.object().put("type", "tool_call");
        whole.set("tool_call", call);
        Part part = withArguments(whole, call, known, sent.path("args"), last);
        call.put("type", "tool_call");
        JsonNode auth = Trees.isPresent(sent.path("auth")) ? sent.path("auth") : before.path("auth");
        if (Trees.isPresent(auth)) {
            call.set("auth", auth);
            copy(Trees.isPresent(sent.path("expires_at")) ? sent : before, call, "expires_at");
        }
        if (last) {
            call.put("progress", 1);
            copy(sent, call, "output");
            if (Trees.isPresent(sent.path("outcome"))) copy(sent, call, "outcome");
        }
        parts.put(place, part);
        if (!id.isEmpty()) placesOfCalls.put(id, place);
    }

    /** Arguments come in pieces of text, or at once as a value; what comes last is all of them. */
    private static Part withArguments(ObjectNode whole, ObjectNode call, @Nullable Part known, JsonNode sent,
            boolean last) {
        JsonNode before = known == null ? Trees.object() : known.rest().path("tool_call").path("args");
        boolean pieces = !last && (sent.isTextual() || sent.isMissingNode())
                && (known == null || known.isGrowing() || !before.isContainerNode());
        if (pieces && known != null && known.isGrowing()) {
            Part same = known.within(whole, call);
            same.append(sent.asText());
            return same;
        }
        if (pieces) return Part.growing(whole, call, "args", sent.asText());
        if (last && !Trees.isPresent(sent) && known != null) copy(known.json().path("tool_call"), call, "args");
        else if (!sent.isMissingNode()) call.set("args", sent);
        return Part.settled(whole);
    }

    private static String firstOf(JsonNode sent, JsonNode before, String member) {
        String value = Trees.text(sent, member);
        String older = Trees.text(before, member);
        return value != null && !value.isBlank() ? value : older == null ? "" : older;
    }

    private static ObjectNode toolCall(JsonNode call) {
        ObjectNode part = Trees.object().put("type", "tool_call");
        part.set("tool_call", call);
        return part;
    }

    private void sign(long place, Step step) {
        Author author = step.author();
        Author known = authors.getOrDefault(place, new Author(null, null));
        if (author.agent() == null && author.group() == null) return;
        authors.put(place, new Author(author.agent() == null ? known.agent() : author.agent(),
                author.group() == null ? known.group() : author.group()));
    }

    private void sign(long place) {
        Author author = authors.get(place);
        Part part = parts.get(place);
        if (author == null || part == null) return;
        if (author.agent() != null) part.rest().put("agentId", author.agent());
        if (author.group() != null) part.rest().set("groupId", author.group());
    }

    private long place(long index) {
        Long known = places.get(index);
        if (known != null) return known;
        long place = allocate(index);
        places.put(index, place);
        return place;
    }

    private long allocate(long least) {
        long behind = parts.isEmpty() ? 0 : parts.lastKey() + 1;
        long place = Math.max(Math.max(next, behind), least);
        next = place + 1;
        return place;
    }

    private static long index(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt() ? value.asLong() : -1;
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        if (array.isArray()) array.forEach(elements::add);
        return elements;
    }

    private static @Nullable JsonNode present(JsonNode value) { return Trees.isPresent(value) ? value : null; }

    private static void copy(JsonNode from, ObjectNode to, String... members) {
        for (String member : members) {
            if (from.has(member)) to.set(member, from.path(member));
        }
    }
}
