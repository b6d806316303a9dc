package dev.holdpoint.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            read_file     | read_file
            mcp:github:*  | mcp:github:create_issue
            mcp:github:*  | mcp:github:
            *search*      | web_search
            *search*      | searcher
            *search*      | search
            tool.with.dots| tool.with.dots
            *             | everything:under_the.sun
            *             | ''
            **            | ''
            ''            | ''
            a*a           | aa
            *ab*abc*      | xabyababcz
            a*b*c         | abbbc
            *aab          | aaab
            """)
    void globMatches(String pattern, String text) {
        assertThat(Glob.of(pattern).matches(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            read_file     | read_file_lines
            read_file     | Read_file
            read_file     | my_read_file
            mcp:github:*  | mcp:slack:post
            mcp:github:*  | mcp:github
            tool.with.dots| tool_with_dots
            ''            | a
            a*a           | a
            ab*ba         | aba
            a*b*b         | ab
            *ab*ab*       | xaby
            r?ad          | read
            [a-z]*        | a
            \\*           | *
            """)
    void globDoesNotMatch(String pattern, String text) {
        assertThat(Glob.of(pattern).matches(text)).isFalse();
    }

    @Test
    void starRunsAcrossLines() {
        assertThat(Glob.of("a*z").matches("a\n\r\u2028z")).isTrue();
    }

    @Test
    void everyCharacterButTheStarStandsForItself() {
        String special = "\\^$.|?+()[]{}-/ \t\"'%";

        assertThat(Glob.of(special).matches(special)).isTrue();
        assertThat(Glob.of("*" + special + "*").matches("a" + special + "b")).isTrue();
        assertThat(Glob.of(special).matches(special + "x")).isFalse();
    }

    @Test
    void globAgreesWithANaiveMatcher() {
        Random random = new Random(5);
        int matched = 0;

        for (int round = 0; round < 200_000; round++) {
            String pattern = text(random, "aab*", 9);
            String text = text(random, "aab", 13);
            boolean expected = naive(pattern, text);
            assertThat(Glob.of(pattern).matches(text)).as("%s against %s", pattern, text).isEqualTo(expected);
            matched += expected ? 1 : 0;
        }

        assertThat(matched).isBetween(10_000, 190_000);
    }

    @Test
    void globAgreesWithANaiveMatcherOnLongSegments() {
        Random random = new Random(6);

        for (int round = 0; round < 20_000; round++) {
            String text = text(random, "ab", 60);
            int from = random.nextInt(text.length() + 1);
            int to = from + random.nextInt(text.length() - from + 1);
            String pattern = text(random, "ab*", 3) + "*" + text.substring(from, to) + "*" + text(random, "ab*", 3);
            assertThat(Glob.of(pattern).matches(text)).as("%s against %s", pattern, text)
                    .isEqualTo(naive(pattern, text));
        }
    }

    /** A matcher that tries every way would never come back. */
    @Test
    @Timeout(value = 100, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void hostilePatternsComeToAnEnd() {
        assertThat(Glob.of("*a".repeat(20) + "*b").matches("a".repeat(250))).isFalse();
        assertThat(Glob.of("*a".repeat(20) + "*b*").matches("a".repeat(250))).isFalse();
        assertThat(Glob.of("*a".repeat(255) + "*b").matches("a".repeat(1_000_000))).isFalse();
        assertThat(Glob.of("*" + "a".repeat(500) + "b*").matches("a".repeat(1_000_000))).isFalse();
    }

    @Test
    void patternThatIsTooLongIsInvalid() {
        assertThat(Glob.of("*".repeat(512)).matches("anything")).isTrue();
        assertThatExceptionOfType(InvalidPolicy.class).isThrownBy(() -> Glob.of("a".repeat(513)))
                .withMessage("Glob of more than 512 characters.");
    }

    @Test
    void globsOfTheSamePatternAreEqual() {
        assertThat(Glob.of("a*")).isEqualTo(Glob.of("a*")).hasSameHashCodeAs(Glob.of("a*")).isNotEqualTo(Glob.of("a"))
                .hasToString("a*");
    }

    private static String text(Random random, String alphabet, int longest) {
        int length = random.nextInt(longest + 1);
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < length; at++) text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        return text.toString();
    }

    /** All ways at once: which beginnings of the text the pattern so far can match. */
    private static boolean naive(String pattern, String text) {
        boolean[] reached = new boolean[text.length() + 1];
        reached[0] = true;
        for (int wanted : pattern.chars().toArray()) {
            boolean[] next = new boolean[text.length() + 1];
            for (int at = 0; at <= text.length(); at++) {
                next[at] = wanted == '*'
                        ? reached[at] || (at > 0 && next[at - 1])
                        : at > 0 && reached[at - 1] && text.charAt(at - 1) == wanted;
            }
            reached = next;
        }
        return reached[text.length()];
    }
}
