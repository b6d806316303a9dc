package dev.holdpoint.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import dev.holdpoint.faults.HistoryCheck.Rule;
import org.junit.jupiter.api.Test;

class LossTableTest {
    @Test
    void cellTellsWhatItsRunLost() {
        assertThat(asyncRow(12, Map.of(Rule.RUNS_ONCE, 2L, Rule.SEEN_STAYS, 4L, Rule.STREAM_IS_THE_LOG, 1L))).endsWith(
                "| not run | **12 writes lost, 3 of them decisions, 1 actions with two winners, 2 wrong runs, 5 sights that didn't"
                        + " last** (of 1,400 writes, 40 decisions; 4.2 s; 2 rounds, 2026-11-23) |");
    }

    @Test
    void cellSaysWhenNothingWasLost() {
        Outcome sound = new Outcome(Fault.PARTITION, Durability.ASYNC, "2026-11-23", 1, 40, 1_400, 0, 40, 0, 0, 30, 9,
                4_210, Map.of(), List.of(), List.of());

        assertThat(LossTable.table(List.of(sound)))
                .contains("| nothing (of 1,400 writes, 40 decisions; 4.2 s; 1 round, 2026-11-23) |");
    }

    private static String asyncRow(long lost, Map<Rule, Long> violations) {
        Outcome outcome = new Outcome(Fault.PARTITION, Durability.ASYNC, "2026-11-23", 2, 40, 1_400, lost, 40, 3, 1, 30,
                9, 4_210, violations, List.of(), List.of());
        return LossTable.table(List.of(outcome)).lines().filter(row -> row.startsWith("| `async`")).findFirst()
                .orElseThrow();
    }

    @Test
    void everyModeIsARow() {
        assertThat(LossTable.table(List.of()).lines()).hasSize(2 + Durability.values().length);
    }
}
