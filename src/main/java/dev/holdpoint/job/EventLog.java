package dev.holdpoint.job;

import java.time.Instant;
import java.util.List;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Port to the ordered events of each job. The log is the truth; everything live only wakes. */
public interface EventLog {
    /** The job and where its log begins, both of one moment; null when there is no job. */
    Uni<@Nullable Extent> extent(JobKey job);

    /**
     * Events of one generation behind {@code after}, in order, at most {@code limit}. The generation before the current
     * one stays readable for a while, so that whoever follows it can read it to its end; {@link Slice#kept()} is false
     * when the log no longer reaches back to {@code after}.
     */
    Uni<Slice> read(JobKey job, long generation, long after, int limit);

    /**
     * The same from what this process has heard, without asking anybody: it can lag behind the log but never skips an
     * event. Null when that isn't known here, and the log has to be read.
     */
    @Nullable
    Slice heard(JobKey job, long generation, long after, int limit);

    /** Emits after each change of this job's log; wakes may merge, and may come without news. Never completes. */
    Multi<EventId> watch(JobKey job);

    /**
     * Each lifecycle change of every job from now on, in order per job. Nobody is skipped over: a subscriber that can't
     * keep up is failed with a back-pressure failure, and all are with {@link ChangesMissed}.
     */
    Multi<Change> changes();

    /** Changes may have gone unheard: whoever needs them all begins anew and catches up. */
    final class ChangesMissed extends RuntimeException {
        private static final long serialVersionUID = 1;

        public ChangesMissed() { super("changes may have gone unheard", null, false, false); }
    }

    /** @param firstKept sequence number of the oldest event in the log */
    record Extent(Job job, long firstKept, Instant at) {
        /** Whether a reader who stands at this position of the current generation would miss nothing. */
        public boolean reaches(long seq) {
            return seq >= firstKept - 1 && seq <= job.lastSeq();
        }
    }

    record Slice(List<LoggedEvent> events, boolean kept) {
        public Slice {
            events = List.copyOf(events);
        }
    }

    /** @param job the job right after the change */
    record Change(LoggedEvent event, Job job) {
        public JobEvent.Lifecycle what() { return (JobEvent.Lifecycle) event.event(); }
    }
}
