package dev.holdpoint.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.holdpoint.job.BadCursor;

/** What clients send as the cursor of a list. */
class PagingFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void cursorIsTakenOrRefused(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            assertThat(Paging.page(List.of(), Comparator.comparingLong(Indexes.Entry::number), text, 1, Instant.EPOCH,
                    job -> true).items()).isEmpty();
        } catch (BadCursor refused) {
            assertThat(text).as("what the store gives out").doesNotMatch("-?[0-9]{1,18}\\.[0-9]{1,18}");
        }
    }
}
