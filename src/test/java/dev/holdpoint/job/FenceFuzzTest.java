package dev.holdpoint.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** What workers send as a fence. */
class FenceFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void onlyWhatAFenceSaysIsAFence(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);

        Fence.parse(text).ifPresent(fence -> assertThat(fence).hasToString(text));
    }
}
