package dev.holdpoint.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

class PrecedenceTest {
    private final AtomicBoolean behind = new AtomicBoolean(true);
    private final Precedence precedence = new Precedence(behind::get, false);

    @Test
    void archiveGivesWayWhileTheSweepIsBehind() {
        assertThat(precedence.isGiven()).isTrue();

        behind.set(false);

        assertThat(precedence.isGiven()).isFalse();
    }

    @Test
    void archiveGoesOnBesideASweepThatStaysBehind() {
        ticks(Precedence.MOST_TICKS - 1);
        assertThat(precedence.isGiven()).isTrue();

        ticks(1);

        assertThat(precedence.isGiven()).isFalse();
    }

    @Test
    void sweepThatCaughtUpMayBeBehindAnew() {
        ticks(Precedence.MOST_TICKS);
        behind.set(false);
        ticks(1);

        behind.set(true);

        assertThat(precedence.isGiven()).isTrue();
    }

    @Test
    void nothingGivesWayWhereADecisionWaitsForItsRecord() {
        assertThat(new Precedence(behind::get, true).isGiven()).isFalse();
    }

    @Test
    void archiveThatGaveWayIsOwedOneRun() {
        assertThat(precedence.wasGiven()).isFalse();
        precedence.isGiven();
        behind.set(false);
        precedence.isGiven();

        assertThat(precedence.wasGiven()).isTrue();
        assertThat(precedence.wasGiven()).isFalse();
    }

    private void ticks(int count) {
        for (int tick = 0; tick < count; tick++)
            precedence.tick();
    }
}
