package dev.holdpoint.faults;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts what the sessions showed into the page that operators read. */
final class LossTable {
    private static final Path PAGE = Path.of("docs/what-can-be-lost.md");
    private static final Pattern PLACE = Pattern.compile("(?s)(<!-- table -->\n).*(<!-- /table -->)");

    private LossTable() {}

    static void write() {
        try {
            List<Outcome> outcomes = Outcome.all();
            String page = PLACE.matcher(Files.readString(PAGE))
                    .replaceFirst("$1" + Matcher.quoteReplacement(table(outcomes)) + "$2");
            Files.writeString(PAGE, page);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    static String table(List<Outcome> outcomes) {
        String head = row("", Arrays.stream(Fault.values()).map(Fault::words).toList());
        String line = row("---", Arrays.stream(Fault.values()).map(fault -> "---").toList());
        return head + line + Arrays.stream(Durability.values()).map(durability -> row("`" + durability.word() + "`",
                Arrays.stream(Fault.values()).map(fault -> cell(outcomes, fault, durability)).toList()))
                .collect(joining());
    }

    private static String cell(List<Outcome> outcomes, Fault fault, Durability durability) {
        Optional<Outcome> found =
                outcomes.stream().filter(one -> one.fault() == fault && one.durability() == durability).findFirst();
        return found.map(LossTable::cell).orElse("not run");
    }

    private static String cell(Outcome outcome) {
        return "lost %,d of %,d writes, %,d of %,d decisions; two winners: %,d; ran wrongly: %,d; longest wait %.1f s (%d rounds, %s)"
                .formatted(outcome.lostWrites(), outcome.writes(), outcome.lostDecisions(), outcome.decisions(),
                        outcome.twoWinners(), outcome.violations().getOrDefault(HistoryCheck.Rule.RUNS_ONCE, 0L),
                        outcome.outage() / 1000.0, outcome.rounds(), outcome.date());
    }

    private static String row(String first, List<String> cells) {
        return "| " + first + " | " + String.join(" | ", cells) + " |\n";
    }
}
