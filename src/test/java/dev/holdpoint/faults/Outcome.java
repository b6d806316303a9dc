package dev.holdpoint.faults;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.SerializationFeature;
import dev.holdpoint.faults.Fact.Acknowledged;
import dev.holdpoint.faults.Fact.Doubtful;
import dev.holdpoint.faults.Fact.Executed;
import dev.holdpoint.faults.HistoryCheck.Rule;
import dev.holdpoint.faults.HistoryCheck.Violation;

/**
 * What a session showed.
 *
 * @param writes     acknowledged writes of every kind
 * @param decisions  acknowledged decisions
 * @param twoWinners actions for which different winners were named
 * @param outage     longest time in milliseconds without any acknowledged write
 * @param examples   the first violations of each rule
 */
record Outcome(Fault fault, Durability durability, String date, int rounds, long jobs, long writes, long lostWrites,
        long decisions, long lostDecisions, long twoWinners, long runs, long doubtful, long outage,
        Map<Rule, Long> violations, List<String> evidence, List<String> examples) {
    private static final int EXAMPLES = 30;

    static Outcome of(Cell cell, int rounds, History history, List<String> evidence) {
        List<Fact> facts = history.facts();
        List<Violation> violations = HistoryCheck.check(facts);
        List<Acknowledged> writes = history.of(Acknowledged.class);
        List<Acknowledged> lost = HistoryCheck.lost(facts);
        Outcome outcome = new Outcome(cell.fault(), cell.durability(), LocalDate.now(ZoneOffset.UTC).toString(), rounds,
                writes.stream().filter(write -> write.call().equals("create")).count(),
                writes.size(), lost.size(), decisions(writes), decisions(lost),
                violations.stream().filter(one -> one.rule() == Rule.ONE_WINNER).map(Violation::job).distinct().count(),
                history.of(Executed.class).size(), history.of(Doubtful.class).size(), outage(writes).toMillis(),
                violations.stream().collect(groupingBy(Violation::rule, TreeMap::new, counting())),
                List.copyOf(evidence),
                violations.stream().map(Violation::toString).limit(EXAMPLES).toList());
        outcome.write(cell.outcome());
        history.write(cell.history());
        return outcome;
    }

    private static long decisions(List<Acknowledged> writes) {
        return writes.stream().filter(write -> write.call().equals("resolve")).count();
    }

    private static Duration outage(List<Acknowledged> writes) {
        long[] times = writes.stream().mapToLong(write -> write.span().returned()).sorted().toArray();
        long longest = 0;
        for (int at = 1; at < times.length; at++) longest = Math.max(longest, times[at] - times[at - 1]);
        return Duration.ofNanos(longest);
    }

    private void write(Path file) {
        try {
            History.JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** What every session so far has left behind. */
    static List<Outcome> all() {
        try (Stream<Path> files = Files.list(Cell.FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json")).map(Outcome::read).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Outcome read(Path file) {
        try {
            return History.JSON.readValue(file.toFile(), Outcome.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
