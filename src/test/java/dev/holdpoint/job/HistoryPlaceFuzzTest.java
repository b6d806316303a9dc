package dev.holdpoint.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** What clients send as the cursor of ended jobs, of which the cursor of a conversation is the end. */
class HistoryPlaceFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void placeIsReadBackOrRefused(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            HistoryPlace place = HistoryPlace.parse(text);

            assertThat(HistoryPlace.parse(place.toString())).isEqualTo(place).isEqualByComparingTo(place);
        } catch (BadCursor refused) {
            assertThat(text).as("what the archives give out").doesNotMatch("[0-9]{1,18}\\.[0-9]{1,18}\\.[a-z]{1,256}");
        }
    }
}
