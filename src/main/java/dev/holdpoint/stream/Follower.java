package dev.holdpoint.stream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.EventLog.Extent;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.poll.LongPolls;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Finds a reader's place in a log and reads on from there. The reader's position is all that is kept
 * for him: the log itself is the buffer.
 */
public final class Follower {
    private final EventLog log;
    private final LongPolls polls;

    public Follower(EventLog log, LongPolls polls) {
        this.log = log;
        this.polls = polls;
    }

    public Uni<Opening> open(JobKey job, Cursor cursor) {
        return log.extent(job).map(extent -> extent == null ? new Opening.NoSuchJob() : opening(extent, cursor));
    }

    private static Opening opening(Extent extent, Cursor cursor) {
        Job job = extent.job();
        EventId start = new EventId(job.generation(), extent.firstKept() - 1);
        return switch (cursor) {
            case Cursor.Start atStart when extent.reaches(0) -> new Opening.From(start, Optional.empty());
            case Cursor.Start atStart -> new Opening.From(start, Optional.of(Opening.Break.LOG_TRIMMED));
            case Cursor.Now now -> behind(job, job.lastEventId());
            case Cursor.After after when after.event().generation() != job.generation() ->
                    new Opening.From(start, Optional.of(Opening.Break.GENERATION_REPLACED));
            case Cursor.After after when !extent.reaches(after.event().seq()) ->
                    new Opening.From(start, Optional.of(Opening.Break.LOG_TRIMMED));
            case Cursor.After after -> behind(job, after.event());
        };
    }

    private static Opening behind(Job job, EventId event) {
        return job.status().isTerminal() && event.equals(job.lastEventId())
                ? new Opening.Over(event)
                : new Opening.From(event, Optional.empty());
    }

    /** What follows a position, at once; {@link Slice#kept()} is false when the log has moved past it. */
    public Uni<Slice> read(JobKey job, EventId after, int limit) {
        return log.read(job, after.generation(), after.seq(), limit);
    }

    /** The same at once, from what this process has heard; null when only a read can tell. */
    public @Nullable Slice heard(JobKey job, EventId after, int limit) {
        return log.heard(job, after.generation(), after.seq(), limit);
    }

    /** Wakes whoever waits for more of this job; see {@link EventLog#watch}. */
    public Multi<EventId> wakes(JobKey job) {
        return log.watch(job);
    }

    /** What follows a position, as soon as there is anything; empty when nothing came within {@code wait}. */
    public Uni<List<LoggedEvent>> next(JobKey job, EventId after, int limit, Duration wait) {
        return polls.poll(wait, wakes(job), () -> read(job, after, limit),
                slice -> !slice.events().isEmpty() || !slice.kept())
                .map(slice -> slice == null ? List.of() : slice.events());
    }
}
