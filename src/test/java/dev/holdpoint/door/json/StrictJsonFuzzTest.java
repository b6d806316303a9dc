package dev.holdpoint.door.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.holdpoint.job.Json;

/** Bodies: the first octet says of which request. */
class StrictJsonFuzzTest {
    private static final StrictJson STRICT = new StrictJson(64, 10_000);
    private static final List<Class<?>> TYPES = List.of(Requests.CreateJob.class, Requests.Pause.class,
            Requests.Resolve.class, Requests.Gate.class, Json.class, Requests.Abort.class, Requests.ClaimAny.class);

    @FuzzTest(maxDuration = "5s")
    void valueIsReadOrRefused(byte[] data) {
        if (data.length == 0) return;
        byte[] body = Arrays.copyOfRange(data, 1, data.length);
        Class<?> type = TYPES.get(Math.floorMod(data[0], TYPES.size()));
        try {
            Object value = STRICT.read(body, type);

            if (value instanceof Json json)
                assertThat(STRICT.read(json.text().getBytes(StandardCharsets.UTF_8), Json.class)).isEqualTo(json);
        } catch (BadJson refused) {
            assertThat(refused.getMessage()).isNotBlank().doesNotContain("Exception", "com.fasterxml", "java.");
        }
    }
}
