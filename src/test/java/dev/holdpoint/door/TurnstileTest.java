package dev.holdpoint.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class TurnstileTest {
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final Turnstile.Line line = new Turnstile.Line(later::add);
    private final List<Integer> served = new ArrayList<>();

    private void enter(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(number -> line.enter(() -> served.add(number)));
    }

    private void pass() {
        assertThat(later).hasSize(1);
        later.remove().run();
    }

    private static Integer[] upTo(int last) { return IntStream.rangeClosed(1, last).boxed().toArray(Integer[]::new); }

    @Test
    void whoeverComesAloneIsServedAtOnce() {
        enter(1, 1);

        assertThat(served).containsExactly(1);
    }

    @Test
    void crowdIsServedAFewAtATimeInTheOrderInWhichItCame() {
        enter(1, 20);
        assertThat(served).containsExactly(upTo(8));

        pass();
        assertThat(served).containsExactly(upTo(16));
        pass();
        assertThat(served).containsExactly(upTo(20));
    }

    @Test
    void whoeverComesInAPauseGoesBehindThoseWhoWait() {
        enter(1, 10);
        enter(11, 12);
        pass();
        assertThat(served).containsExactly(upTo(12));

        pass();
        assertThat(later).as("nothing goes on when nobody waits").isEmpty();
        enter(13, 13);
        assertThat(served).containsExactly(upTo(13));
    }
}
