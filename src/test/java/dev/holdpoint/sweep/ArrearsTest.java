package dev.holdpoint.sweep;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdpoint.store.Bench;
import dev.holdpoint.store.memory.MemoryBench;
import org.junit.jupiter.api.Test;

class ArrearsTest {
    private final Bench bench = MemoryBench.bench();
    private final Arrears arrears = new Arrears(bench.outbox, 2);

    @Test
    void tooMuchIsOwedFromTheBoundOnAndNoLongerOnceItIsPaid() {
        bench.complete(bench.create("one"));
        got(arrears.look());
        assertThat(arrears.tooMuch()).isFalse();

        bench.complete(bench.create("two"));
        got(arrears.look());
        assertThat(arrears.tooMuch()).isTrue();

        bench.payAll();
        got(arrears.look());
        assertThat(arrears.tooMuch()).isFalse();
    }
}
