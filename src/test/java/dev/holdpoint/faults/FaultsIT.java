package dev.holdpoint.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

import dev.holdpoint.faults.HistoryCheck.Rule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Breaks what the packaged service needs while it works. {@code -Dfaults.rounds=long} tries every fault
 * with every durability, {@code -Dfaults.only=…} those whose name contains that, and
 * {@code -Dfaults.table=write} puts the results into the docs.
 */
class FaultsIT {
    private static final boolean THOROUGH = System.getProperty("faults.rounds", "short").equals("long");
    private static final String ONLY = System.getProperty("faults.only", "");

    @TestFactory
    Stream<DynamicTest> nothingPromisedIsLost() {
        return Arrays.stream(Fault.values())
                .flatMap(fault -> Arrays.stream(Durability.values()).map(durability -> new Cell(fault, durability)))
                .filter(cell -> THOROUGH || isWorthIt(cell)).filter(cell -> cell.toString().contains(ONLY))
                .map(cell -> DynamicTest.dynamicTest(cell.toString(), () -> breaks(cell)));
    }

    /** The short run takes the durability that most deployments have; a restart of Redis tries its log in both ways. */
    private static boolean isWorthIt(Cell cell) {
        return (cell.fault() == Fault.REDIS_KILLED) == (cell.durability() != Durability.REPLICATED);
    }

    private static void breaks(Cell cell) {
        Outcome outcome = new Breaking(cell, cell.fault().rounds(THOROUGH)).run();

        System.out.println(outcome);
        assertThat(outcome.evidence()).hasSizeGreaterThanOrEqualTo(outcome.rounds());
        Set<Rule> promised = EnumSet.allOf(Rule.class);
        promised.removeAll(cell.fault().mayBreak(cell.durability()));
        assertThat(outcome.violations()).as("what %s shows", cell.history())
                .doesNotContainKeys(promised.toArray(Rule[]::new));
    }

    @AfterAll
    static void writeTable() {
        if (System.getProperty("faults.table", "").equals("write")) LossTable.write();
    }
}
