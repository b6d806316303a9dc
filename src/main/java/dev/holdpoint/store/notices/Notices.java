package dev.holdpoint.store.notices;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.EventLog.ChangesMissed;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.LoggedEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells listeners in this process what has been written, in the order of writing, outside any lock of the store. */
public final class Notices {
    /** How many changes a listener may be behind before it is failed. */
    private static final int BACKLOG = 16_384;
    private static final Logger LOG = Logger.getLogger(Notices.class);

    private final Map<JobKey, Set<MultiEmitter<? super EventId>>> watchers = new ConcurrentHashMap<>();
    private final Set<MultiEmitter<? super Change>> listeners = ConcurrentHashMap.newKeySet();
    private final Set<MultiEmitter<? super JobKey>> openListeners = ConcurrentHashMap.newKeySet();
    private final Queue<Notice> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undelivered = new AtomicInteger();

    private sealed interface Notice {}

    private record Written(EventId last, JobKey job) implements Notice {}

    private record Changed(LoggedEvent event, Job job) implements Notice {}

    private record Opened(JobKey job) implements Notice {}

    private record Missed() implements Notice {}

    /** Call in the order of the writes. A batch is one reason to look. */
    public void logged(List<LoggedEvent> events, Job job) {
        for (LoggedEvent event : events) {
            if (event.event() instanceof JobEvent.Lifecycle) queue.add(new Changed(event, job));
        }
        if (!events.isEmpty()) written(job.key(), events.getLast().id());
    }

    /** A reason to look into this job's log. */
    public void written(JobKey job, EventId last) {
        queue.add(new Written(last, job));
    }

    public void opened(JobKey job) { queue.add(new Opened(job)); }

    /** Something may have been missed: listeners to changes are failed, for they must not be skipped over. */
    public void missed() {
        queue.add(new Missed());
    }

    /** Call outside the lock. One caller at a time delivers, for all. */
    public void deliver() {
        if (undelivered.getAndIncrement() != 0) return;
        int seen = 1;
        do {
            for (Notice notice = queue.poll(); notice != null; notice = queue.poll()) deliverDespiteAll(notice);
            seen = undelivered.addAndGet(-seen);
        } while (seen != 0);
    }

    /** One listener who fails, with whatever, must not leave everybody else unwoken for ever. */
    private void deliverDespiteAll(Notice notice) {
        try {
            deliver(notice);
        } catch (Throwable broken) {
            LOG.warn("Somebody could not be told of a change.", broken);
        }
    }

    private void deliver(Notice notice) {
        switch (notice) {
            case Written written ->
                    watchers.getOrDefault(written.job(), Set.of()).forEach(watcher -> watcher.emit(written.last()));
            case Changed changed -> deliver(new Change(changed.event(), changed.job()));
            case Opened opened -> openListeners.forEach(listener -> listener.emit(opened.job()));
            // Of a copy: whoever begins anew at once has missed nothing, and hears what comes.
            case Missed missed -> List.copyOf(listeners).forEach(listener -> listener.fail(new ChangesMissed()));
        }
    }

    private void deliver(Change change) { listeners.forEach(listener -> listener.emit(change)); }

    public Multi<EventId> watch(JobKey job) {
        return Multi.createFrom().emitter(emitter -> {
            watchers.compute(job, (key, present) -> with(present, emitter));
            emitter.onTermination(() -> watchers.computeIfPresent(job, (key, present) -> without(present, emitter)));
        }, BackPressureStrategy.LATEST);
    }

    public Multi<Change> changes() { return from(listeners).onOverflow().buffer(BACKLOG); }

    public Multi<JobKey> opened() { return from(openListeners); }

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
