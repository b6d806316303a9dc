package dev.holdpoint.faults;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What one actor did or saw. Times are nanoseconds of the machine's monotonic clock, so that processes can be compared.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS, property = "fact")
sealed interface Fact {
    String job();

    /** From just before a call was sent to just after its answer was read. */
    record Span(long invoked, long returned) {
        boolean endedBefore(Span later) { return returned < later.invoked; }
    }

    /** How somebody came to name a winner. */
    enum Source {
        WON, LOST, CLAIM, EVENT
    }

    record Event(String id, String name, String data) {}

    /** Somebody sent decisions, whatever came of it. */
    record Submitted(String job, String action, String by, String decisions) implements Fact {}

    /** Somebody was told who decided. An event tells neither all of the decisions nor, to a loser, the resolution. */
    record Named(String job, String action, String by, @Nullable String resolution, @Nullable String decisions,
            Source source, String to, Span span) implements Fact {}

    /** A job as a route showed it. The inbox doesn't tell the newest event. */
    record Read(String job, String door, String status, @Nullable String pending, @Nullable String lastEventId,
            Span span)
            implements Fact {}

    /**
     * A write was confirmed. It stands in the log as an event of this name whose data has this value at this member.
     */
    record Acknowledged(String job, String call, String event, String member, String value, @Nullable String fence,
            Span span) implements Fact {}

    /** A call has no answer, or one that leaves its outcome open. */
    record Doubtful(String job, String door, String call, int status, String problem, Span span) implements Fact {}

    /** A worker's write was refused. */
    record Refused(String job, String call, String problem, @Nullable String fence, Span span) implements Fact {}

    record Claimed(String job, String action, String worker, String fence, Span span) implements Fact {}

    record Executed(String job, String action, String worker, String resolution, long at) implements Fact {}

    /** A worker was killed while it held a job. */
    record Halted(String job, String worker) implements Fact {}

    record Heard(String subscriber, String job, Event event, long at) implements Fact {}

    /** An answer that no caller can do anything with. */
    record Broken(String job, String call, int status, String body) implements Fact {}

    /** Somebody asked for too long without getting any definite answer. */
    record GaveUp(String job, String who, String call) implements Fact {}

    /** The whole log at the end; null when the job isn't there. */
    record Logged(String job, String door, @Nullable List<Event> events) implements Fact {}
}
