package dev.holdpoint.store.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobEvent.Reported;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import org.jspecify.annotations.Nullable;

/**
 * One generation in memory: the job as it stands and its log. Guarded by the store's lock, but for what says otherwise.
 */
final class Life {
    /** Tells lives of the same instant apart in ordered indexes. */
    final long number;
    /** Written under the lock; read without it where a slightly newer job does as well. */
    volatile Job job;
    /** Where the deadline index has it; null when it isn't there. */
    @Nullable Instant lookAt;
    /** The generation that it took the id from, while somebody may still be reading that. */
    @Nullable Life predecessor;

    /** Number of the row in which the first closed prompt of {@link #job} lies on disk. */
    long firstClosed;

    /** How many let-go events may stay in memory until the list is cleared of them. */
    private static final int MOST_GONE = 32;

    private final int keep;
    private final Map<EventName, Json> retained = new LinkedHashMap<>();
    private final List<LoggedEvent> log = new ArrayList<>();
    /** How many entries at the front of {@link #log} are let go already; they leave the list in bulk. */
    private int gone;
    private long bytes;

    Life(long number, Job job, int keep) {
        this.number = number;
        this.job = job;
        this.keep = keep;
    }

    /** A life as it was read from disk. */
    Life(long number, Job job, int keep, List<LoggedEvent> log, Map<EventName, Json> retained, long firstClosed) {
        this(number, job, keep);
        this.firstClosed = firstClosed;
        this.log.addAll(log);
        this.retained.putAll(retained);
        log.forEach(logged -> bytes += Weights.of(logged.event()));
    }

    List<LoggedEvent> append(List<JobEvent> events, long firstSeq, Instant at) {
        List<LoggedEvent> added = new ArrayList<>(events.size());
        long seq = firstSeq;
        for (JobEvent event : events) {
            LoggedEvent logged = new LoggedEvent(new EventId(job.generation(), seq++), at, event);
            added.add(logged);
            log.add(logged);
            bytes += Weights.of(event);
            if (event instanceof Reported reported && reported.retained())
                retained.put(reported.name(), reported.data());
        }
        while (keep > 0 && kept() > keep) letGo();
        return added;
    }

    private void letGo() {
        bytes -= Weights.of(log.get(gone++).event());
        if (gone <= log.size() / 2 && gone < MOST_GONE) return;
        log.subList(0, gone).clear();
        gone = 0;
    }

    int kept() { return log.size() - gone; }

    long bytes() { return bytes; }

    Map<EventName, Json> retained() { return retained; }

    /** 1 before anything is there. */
    long firstKept() {
        return log.isEmpty() ? 1 : log.get(gone).id().seq();
    }

    long lastSeq() { return log.getLast().id().seq(); }

    Slice read(long after, int limit) {
        if (after < firstKept() - 1 || after > lastSeq()) return new Slice(List.of(), false);
        int from = gone + (int) (after - firstKept() + 1);
        int to = (int) Math.min(log.size(), (long) from + limit);
        return new Slice(log.subList(from, to), true);
    }
}
