package dev.holdpoint.job;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/** The picture in the documentation is drawn from the table that the code runs by. */
class StateDiagramTest {
    private static final Path PAGE = Path.of("docs", "architecture.md");
    private static final Pattern MARKED = Pattern.compile("<!-- states -->\n(.*)<!-- /states -->", Pattern.DOTALL);

    private record Arrow(JobStatus from, JobStatus to) {}

    @Test
    void architecturePageShowsTheTransitionTable() throws IOException {
        Matcher marked = MARKED.matcher(Files.readString(PAGE));

        assertThat(marked.find()).as("docs/architecture.md has its states between markers").isTrue();
        assertThat(marked.group(1)).isEqualTo(diagram());
    }

    private static String diagram() {
        List<String> lines = new ArrayList<>(List.of("```mermaid", "stateDiagram-v2", "    [*] --> running: create"));
        arrows().forEach((arrow, moves) -> lines.add("    " + arrow.from().word() + " --> " + arrow.to().word() + ": "
                + moves));
        Arrays.stream(JobStatus.values()).filter(JobStatus::isTerminal)
                .forEach(ending -> lines.add("    " + ending.word() + " --> [*]"));
        lines.add("```");
        return String.join("\n", lines) + "\n";
    }

    /** In the order of the statuses, so that the picture doesn't change by itself. */
    private static Map<Arrow, String> arrows() {
        return Arrays.stream(JobStatus.values())
                .flatMap(from -> Arrays.stream(JobStatus.values()).map(to -> new Arrow(from, to)))
                .flatMap(arrow -> Arrays.stream(Move.values())
                        .filter(move -> move.isLegalFrom(arrow.from()) && move.to(arrow.from()) == arrow.to())
                        .map(move -> Map.entry(arrow, word(move))))
                .collect(groupingBy(Map.Entry::getKey, LinkedHashMap::new,
                        mapping(Map.Entry::getValue, joining(", "))));
    }

    private static String word(Move move) {
        return move == Move.COMPLETE_JOB ? "complete" : move.name().toLowerCase(Locale.ROOT);
    }
}
