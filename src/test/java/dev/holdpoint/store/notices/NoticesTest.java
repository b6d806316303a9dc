package dev.holdpoint.store.notices;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.EventLog.ChangesMissed;
import dev.holdpoint.job.Job;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.memory.MemoryBench;
import io.smallrye.mutiny.subscription.MultiSubscriber;
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

    @Test
    void listenerWhoBreaksKeepsNobodyElseUnwoken() {
        List<EventId> wakes = new ArrayList<>();
        notices.changes().subscribe().withSubscriber(new Breaking());
        notices.watch(job.key()).subscribe().with(wakes::add);

        change();
        change();

        assertThat(wakes).hasSize(2);
    }

    private static final class Breaking implements MultiSubscriber<Change> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) { subscription.request(Long.MAX_VALUE); }

        @Override
        public void onItem(Change change) { throw new AssertionError("broken"); }

        @Override
        public void onFailure(Throwable failure) { throw new AssertionError(failure); }

        @Override
        public void onCompletion() {}
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
