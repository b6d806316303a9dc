package dev.holdpoint.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** The path and query of a request. */
class TargetFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void onlyWhatIsUtf8IsTaken(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);

        assertThat(EarlyRefusals.isUtf8(text)).isEqualTo(isUtf8(text));
    }

    private static boolean isUtf8(String target) {
        if (!target.matches("(?s)(?:[\\x00-\\x7e&&[^%]]|%[0-9A-Fa-f]{2})*+")) return false;
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int at = 0; at < target.length(); at++) {
            boolean encoded = target.charAt(at) == '%';
            octets.write(encoded ? Integer.parseInt(target.substring(at + 1, at + 3), 16) : target.charAt(at));
            if (encoded) at += 2;
        }
        byte[] all = octets.toByteArray();
        return java.util.Arrays.equals(new String(all, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), all);
    }
}
