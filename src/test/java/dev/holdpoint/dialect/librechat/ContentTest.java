package dev.holdpoint.dialect.librechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.job.Json;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The fold of events is the one of {@code @librechat/agents}: its
 * {@code createContentAggregator} made what the golden file holds.
 */
class ContentTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static JsonNode golden(String name) {
        try (InputStream file = ContentTest.class.getResourceAsStream("/dialect/librechat/" + name)) {
            return JSON.readTree(file);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static ArrayNode folded(Iterable<JsonNode> events) {
        Content content = new Content();
        for (JsonNode event : events)
            content.apply(event.path("event").asText(), Trees.of(new Json(event.path("data").toString())));
        ArrayNode parts = JSON.createArrayNode();
        for (JsonNode part : content.parts()) {
            parts.add(ContentTest.read(part.toString()));
        }
        return parts;
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @TestFactory
    Stream<DynamicTest> foldIsTheOneOfTheSdk() {
        return StreamSupport.stream(golden("content.json").spliterator(), false)
                .map(one -> dynamicTest(one.path("name").asText(),
                        () -> assertThat(folded(one.path("events"))).isEqualTo(one.path("content"))));
    }

    @Test
    void whateverAWorkerSendsIsFolded() {
        Random random = new Random(7);
        JsonNode cases = golden("content.json");

        for (int round = 0; round < 2000; round++) {
            ArrayNode events = JSON.createArrayNode();
            for (JsonNode event : cases.get(random.nextInt(cases.size())).path("events"))
                events.add(damaged(event.deepCopy(), random));

            assertThat(folded(events)).as(events.toString()).allMatch(JsonNode::isObject);
        }
    }

    /** The same with one value somewhere that is another or isn't there. */
    private static JsonNode damaged(JsonNode event, Random random) {
        ObjectNode at = (ObjectNode) event;
        while (true) {
            String member = at.properties().stream().skip(random.nextInt(at.size())).findFirst().orElseThrow().getKey();
            JsonNode value = at.path(member);
            JsonNode within = value.isArray() && !value.isEmpty() ? value.get(random.nextInt(value.size())) : value;
            if (within instanceof ObjectNode object && !object.isEmpty() && random.nextInt(4) > 0) {
                at = object;
                continue;
            }
            switch (random.nextInt(4)) {
                case 0 -> at.remove(member);
                case 1 -> at.putNull(member);
                case 2 -> at.set(member, IntNode.valueOf(random.nextBoolean() ? -1 : Integer.MAX_VALUE));
                default -> at.putArray(member).add("odd");
            }
            return event;
        }
    }
}
