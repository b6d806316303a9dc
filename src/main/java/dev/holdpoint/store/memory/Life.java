package dev.holdpoint.store.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.holdpoint.job.ClosedAction;
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
    /** Whether the log may lack what something else still holds. */
    private final boolean trimmed;
    private final Map<EventName, Json> retained = new LinkedHashMap<>();
    private final List<LoggedEvent> log = new ArrayList<>();
    /** How many entries at the front of {@link #log} are let go already; they leave the list in bulk. */
    private int gone;
    private long logBytes;
    /** Of what the log doesn't hold, or may lack. */
    private long besideBytes;

    Life(long number, Job job, int keep) {
        this(number, job, keep, keep > 0);
    }

    private Life(long number, Job job, int keep, boolean trimmed) {
        this.number = number;
        this.job = job;
        this.keep = keep;
        this.trimmed = trimmed;
        this.besideBytes = (trimmed ? Weights.of(job.details()) + Weights.of(job.phase()) : 0) + beside(job.closed());
    }

    /** A life as it was read from disk. */
    Life(long number, Job job, int keep, List<LoggedEvent> log, Map<EventName, Json> retained, long firstClosed) {
        this(number, job, keep, keep > 0 || log.getFirst().id().seq() > 1);
        this.firstClosed = firstClosed;
        this.log.addAll(log);
        retained.forEach(this::retain);
        log.forEach(logged -> logBytes += Weights.of(logged.event()));
    }

    /** The job as a move left it. */
    @SuppressWarnings("ReferenceEquality") // what a move leaves alone is the same object
    void become(Job next) {
        if (next.closed() != job.closed()) remember(next.closed());
        if (trimmed) besideBytes += Weights.of(next.phase()) - Weights.of(job.phase());
        job = next;
    }

    private void remember(List<ClosedAction> after) {
        List<ClosedAction> before = job.closed();
        int forgotten = forgotten(before, after);
        besideBytes += beside(after.subList(before.size() - forgotten, after.size()))
                - beside(before.subList(0, forgotten));
    }

    /** How many closed prompts the memory lost at its front, which never comes without a gain at its end. */
    @SuppressWarnings("ReferenceEquality") // what a move leaves alone is the same object
    static int forgotten(List<ClosedAction> before, List<ClosedAction> after) {
        int forgotten = 0;
        while (forgotten < before.size() && (after.isEmpty() || before.get(forgotten) != after.getFirst()))
            forgotten++;
        return forgotten;
    }

    private long beside(List<ClosedAction> closed) {
        long bytes = 0;
        for (ClosedAction one : closed)
            if (trimmed || one.generation() != job.generation()) bytes += Weights.of(one);
        return bytes;
    }

    private void retain(EventName name, Json data) {
        Json before = retained.put(name, data);
        if (trimmed) besideBytes += Weights.of(data) - Weights.of(before);
    }

    List<LoggedEvent> append(List<JobEvent> events, long firstSeq, Instant at) {
        List<LoggedEvent> added = new ArrayList<>(events.size());
        long seq = firstSeq;
        for (JobEvent event : events) {
            LoggedEvent logged = new LoggedEvent(new EventId(job.generation(), seq++), at, event);
            added.add(logged);
            log.add(logged);
            logBytes += Weights.of(event);
            if (event instanceof Reported reported && reported.retained()) retain(reported.name(), reported.data());
        }
        while (keep > 0 && kept() > keep) letGo();
        return added;
    }

    private void letGo() {
        logBytes -= Weights.of(log.get(gone++).event());
        if (gone <= log.size() / 2 && gone < MOST_GONE) return;
        log.subList(0, gone).clear();
        gone = 0;
    }

    int kept() { return log.size() - gone; }

    /** About what the log takes. */
    long logBytes() { return logBytes; }

    /** About what all of it takes; of a log that is trimmed, what it shares with the rest counts twice. */
    long bytes() {
        return logBytes + besideBytes;
    }

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
