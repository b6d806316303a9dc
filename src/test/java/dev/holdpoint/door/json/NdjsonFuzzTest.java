package dev.holdpoint.door.json;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;

/** Events, one JSON object behind the other. */
class NdjsonFuzzTest {
    private static final StrictJson STRICT = new StrictJson(64, 10_000);

    @FuzzTest(maxDuration = "5s")
    void linesSayTheSameAsAnArray(byte[] data) {
        try {
            List<Requests.Event> events = STRICT.readLines(data, Requests.Event.class);

            byte[] array = events.stream().map(NdjsonFuzzTest::written).collect(joining(",", "[", "]"))
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(STRICT.readArray(array, Requests.Event.class)).isEqualTo(events);
        } catch (BadJson refused) {
            assertThat(refused.getMessage()).isNotBlank().doesNotContain("Exception", "com.fasterxml", "java.");
        }
    }

    private static String written(Requests.@Nullable Event event) {
        if (event == null) return "null";
        String members = member("event", event.event()) + member("retain", event.retain())
                + (event.data() == null ? "" : ",\"data\":" + event.data().text());
        return members.isEmpty() ? "{}" : "{" + members.substring(1) + "}";
    }

    private static String member(String name, @Nullable String value) {
        return value == null ? "" : ",\"" + name + "\":" + TextNode.valueOf(value);
    }
}
