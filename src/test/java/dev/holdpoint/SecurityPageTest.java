package dev.holdpoint;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** SECURITY.md names, for each threat, tests that are there. */
class SecurityPageTest {
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]*(?:Test|IT|Contract))(?:\\.([a-zA-Z]+))?`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| [0-9]+ \\|.*$");

    private static Map<String, String> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(file -> file.getFileName().toString().replace(".java", ""),
                            SecurityPageTest::text, (one, other) -> one + other));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static boolean isThere(MatchResult named, Map<String, String> tests) {
        String source = tests.getOrDefault(named.group(1), "");
        return named.group(2) == null ? !source.isEmpty() : source.contains(" " + named.group(2) + "(");
    }

    @Test
    void everyThreatIsHeldByATestThatIsThere() throws IOException {
        Map<String, String> tests = tests();
        List<String> rows = ROW.matcher(text(Path.of("SECURITY.md"))).results().map(MatchResult::group).toList();

        assertThat(rows).hasSize(17);
        assertThat(rows).allSatisfy(row -> {
            List<MatchResult> named = TEST.matcher(row).results().toList();
            assertThat(named).as(row).isNotEmpty();
            assertThat(named.stream().filter(not(one -> isThere(one, tests))).map(MatchResult::group)).as(row)
                    .isEmpty();
        });
    }
}
