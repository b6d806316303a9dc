package dev.holdpoint.pages;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.holdpoint.pages.Options.Option;
import org.junit.jupiter.api.Test;

/**
 * The tables of options are written from the configuration mappings:
 * {@code -Dpages=write} does, without it they must be right.
 */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("docs/configuration.md");
    private static final Pattern TABLE =
            Pattern.compile("<!-- options (\\S+) -->\n.*?<!-- /options -->", Pattern.DOTALL);

    @Test
    void tablesSayWhatTheMappingsSay() throws IOException {
        List<Option> options = Options.read().all();
        String page = Files.readString(PAGE);
        List<String> groups = TABLE.matcher(page).results().map(table -> table.group(1))
                .sorted(Comparator.comparingInt(String::length).reversed()).toList();

        String written = TABLE.matcher(page).replaceAll(table -> quoted(table, options, groups));
        if ("write".equals(System.getProperty("pages"))) Files.writeString(PAGE, written);

        assertThat(options).hasSizeGreaterThan(50).allSatisfy(option -> {
            assertThat(option.meaning()).as(option.name()).isNotEmpty();
            assertThat(groups).as("a table for " + option.name()).anyMatch(option.name()::startsWith);
        });
        assertThat(Files.readString(PAGE)).as("write it anew with -Dtest=ConfigurationPageTest -Dpages=write")
                .isEqualTo(written);
    }

    private static String quoted(MatchResult table, List<Option> options, List<String> groups) {
        String group = table.group(1);
        return Matcher.quoteReplacement(options.stream()
                .filter(option -> groups.stream().filter(option.name()::startsWith).findFirst().equals(
                        Optional.of(group)))
                .map(ConfigurationPageTest::row)
                .collect(joining("\n",
                        "<!-- options " + group + " -->\n| option | default | meaning |\n| --- | --- | --- |\n",
                        "\n<!-- /options -->")));
    }

    private static String row(Option option) {
        return "| `%s` | %s | %s |".formatted(option.name(),
                option.standard().map(text -> "`" + text + "`").orElse("–"), option.meaning());
    }
}
