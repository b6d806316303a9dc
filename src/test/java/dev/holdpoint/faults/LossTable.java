package dev.holdpoint.faults;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.holdpoint.faults.HistoryCheck.Rule;

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
        List<String> wrong = new ArrayList<>();
        add(wrong, outcome.lostWrites(), "writes lost, " + outcome.lostDecisions() + " of them decisions");
        add(wrong, outcome.twoWinners(), "actions with two winners");
        add(wrong, times(outcome, Rule.RUNS_ONCE), "wrong runs");
        add(wrong, times(outcome, Rule.NOT_PENDING_AGAIN, Rule.SEEN_STAYS, Rule.STREAM_IS_THE_LOG),
                "sights that didn't last");
        add(wrong, times(outcome, Rule.COMES_TO_AN_END, Rule.TROUBLE_HAS_A_NAME), "callers left without an answer");
        return String.format(Locale.ROOT, "%s (of %,d writes, %,d decisions; %.1f s; %d %s, %s)",
                wrong.isEmpty() ? "nothing" : "**" + String.join(", ", wrong) + "**", outcome.writes(),
                outcome.decisions(),
                outcome.outage() / 1000.0, outcome.rounds(), outcome.rounds() == 1 ? "round" : "rounds",
                outcome.date());
    }

    private static void add(List<String> wrong, long count, String what) {
        if (count > 0) wrong.add(count + " " + what);
    }

    private static long times(Outcome outcome, Rule... rules) {
        return Stream.of(rules).mapToLong(rule -> outcome.violations().getOrDefault(rule, 0L)).sum();
    }

    private static String row(String first, List<String> cells) {
        return "| " + first + " | " + String.join(" | ", cells) + " |\n";
    }
}
