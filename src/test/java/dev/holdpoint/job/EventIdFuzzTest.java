package dev.holdpoint.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** What clients send as the id of an event. */
class EventIdFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void onlyWhatAnIdSaysIsAnId(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);

        EventId.parse(text).ifPresent(id -> assertThat(id).hasToString(text));
    }
}
