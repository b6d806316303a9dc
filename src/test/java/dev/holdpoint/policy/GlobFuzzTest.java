package dev.holdpoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** A pattern and a text, both as hostile as may be; a line each. */
class GlobFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void matchesAsTheSimplestMatcherDoes(byte[] data) {
        String[] lines = new String(data, StandardCharsets.UTF_8).split("\n", 2);
        String text = lines.length == 1 ? "" : lines[1];
        try {
            assertThat(Glob.of(lines[0]).matches(text)).isEqualTo(matches(lines[0], text));
        } catch (InvalidPolicy refused) {
            assertThat(lines[0]).hasSizeGreaterThan(512);
        }
    }

    /** For each start of the pattern, which starts of the text it matches. */
    private static boolean matches(String pattern, String text) {
        boolean[] matched = new boolean[text.length() + 1];
        matched[0] = true;
        for (int place = 0; place < pattern.length(); place++) {
            char one = pattern.charAt(place);
            boolean[] next = new boolean[matched.length];
            for (int at = 0; at < matched.length; at++) {
                if (one == '*') next[at] = matched[at] || at > 0 && next[at - 1];
                else next[at] = at > 0 && matched[at - 1] && text.charAt(at - 1) == one;
            }
            matched = next;
        }
        return matched[text.length()];
    }
}
