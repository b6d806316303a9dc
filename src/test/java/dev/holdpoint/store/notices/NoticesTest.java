package dev.holdpoint.store.notices;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.EventLog.ChangesMissed;
import dev.holdpoint.job.Job;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.memory.MemoryBench;
import org.junit.jupiter.api.Test;

class NoticesTest {
    private final Notices notices = new Notices();
    private final Bench bench = MemoryBench.bench();
    private final Job job = bench.create("job");
    private final List<Change> heard = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    @Test
    void listenerIsFailedWhenChangesMayHaveGoneUnheard() {
        notices.changes().subscribe().with(heard::add, failures::add);

        miss();
        change();

        assertThat(failures).singleElement().isInstanceOf(ChangesMissed.class);
        assertThat(heard).isEmpty();
    }

    @Test
    void listenersWhoBeginAnewAtOnceHearEveryChangeBehindAMissOnce() {
        List<Change> others = new ArrayList<>();
        notices.changes().onFailure().invoke(failures::add).onFailure().retry().indefinitely()
                .subscribe().with(heard::add);
        notices.changes().onFailure().invoke(failures::add).onFailure().retry().indefinitely()
                .subscribe().with(others::add);

        miss();
        change();
        miss();
        change();

        assertThat(failures).hasSize(4);
        assertThat(heard).hasSize(2);
        assertThat(others).hasSize(2);
    }

    private void miss() {
        notices.missed();
        notices.deliver();
    }

    private void change() {
        notices.logged(bench.log(job), job);
        notices.deliver();
    }
}
