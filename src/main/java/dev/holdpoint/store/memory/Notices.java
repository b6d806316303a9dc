package dev.holdpoint.store.memory;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.LoggedEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import org.jspecify.annotations.Nullable;

/** Tells listeners what has been written, in the order of writing, outside the store's lock. */
final class Notices {
    /** How many changes a listener may be behind before it is failed. */
    private static final int BACKLOG = 16_384;

    private final Map<JobKey, Set<MultiEmitter<? super EventId>>> watchers = new ConcurrentHashMap<>();
    private final Set<MultiEmitter<? super Change>> listeners = ConcurrentHashMap.newKeySet();
    private final Set<MultiEmitter<? super JobKey>> openListeners = ConcurrentHashMap.newKeySet();
    private final Queue<Notice> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undelivered = new AtomicInteger();

    private sealed interface Notice {}

    private record Written(EventId last, JobKey job) implements Notice {}

    private record Changed(LoggedEvent event, Job job) implements Notice {}

    private record Opened(JobKey job) implements Notice {}

    /** Call under the store's lock, so that the queue has the order of the writes. A batch is one reason to look. */
    void logged(List<LoggedEvent> events, Job job) {
        for (LoggedEvent event : events) {
            if (event.event() instanceof JobEvent.Lifecycle) queue.add(new Changed(event, job));
        }
        if (!events.isEmpty()) queue.add(new Written(events.getLast().id(), job.key()));
    }

    /** Call under the store's lock. */
    void opened(JobKey job) { queue.add(new Opened(job)); }

    /** Call outside the lock. One caller at a time delivers, for all. */
    void deliver() {
        if (undelivered.getAndIncrement() != 0) return;
        int seen = 1;
        do {
            for (Notice notice = queue.poll(); notice != null; notice = queue.poll()) deliver(notice);
            seen = undelivered.addAndGet(-seen);
        } while (seen != 0);
    }

    private void deliver(Notice notice) {
        switch (notice) {
            case Written written ->
                    watchers.getOrDefault(written.job(), Set.of()).forEach(watcher -> watcher.emit(written.last()));
            case Changed changed -> deliver(new Change(changed.event(), changed.job()));
            case Opened opened -> openListeners.forEach(listener -> listener.emit(opened.job()));
        }
    }

    private void deliver(Change change) { listeners.forEach(listener -> listener.emit(change)); }

    Multi<EventId> watch(JobKey job) {
        return Multi.createFrom().emitter(emitter -> {
            watchers.compute(job, (key, present) -> with(present, emitter));
            emitter.onTermination(() -> watchers.computeIfPresent(job, (key, present) -> without(present, emitter)));
        }, BackPressureStrategy.LATEST);
    }

    Multi<Change> changes() { return from(listeners).onOverflow().buffer(BACKLOG); }

    Multi<JobKey> opened() { return from(openListeners); }

    private static <T> Multi<T> from(Set<MultiEmitter<? super T>> emitters) {
        return Multi.createFrom().emitter(emitter -> {
            emitters.add(emitter);
            emitter.onTermination(() -> emitters.remove(emitter));
        }, BackPressureStrategy.IGNORE);
    }

    private static <T> Set<T> with(@Nullable Set<T> present, T one) {
        Set<T> set = present == null ? ConcurrentHashMap.newKeySet() : present;
        set.add(one);
        return set;
    }

    private static <T> @Nullable Set<T> without(Set<T> present, T one) {
        present.remove(one);
        return present.isEmpty() ? null : present;
    }
}
