package dev.holdpoint.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.holdpoint.job.BadCursor;

/** What clients send as the cursor of a list. */
class ListCursorFuzzTest {
    private static final double LARGEST_EXACT = 1e15;

    @FuzzTest(maxDuration = "5s")
    void cursorIsReadBackOrRefused(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            Lists.Entry entry = Lists.position(text);

            if (Math.abs(entry.score()) < LARGEST_EXACT)
                assertThat(Lists.position(Lists.cursor(entry))).isEqualTo(entry);
        } catch (BadCursor refused) {
            assertThat(text).as("what the store gives out")
                    .doesNotMatch("[0-9]{1,15}(?:\\.5)?\\.(?:[A-Za-z0-9_-]{4}){0,9}");
        }
    }
}
