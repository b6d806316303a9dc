package dev.holdpoint.dialect.langgraph;

import java.time.Instant;
import java.util.Optional;

import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.Phase;

/** Where a thread stands. */
enum Status {
    IDLE("idle"), BUSY("busy"), INTERRUPTED("interrupted"), ERROR("error");

    private final String word;

    Status(String word) { this.word = word; }

    String word() { return word; }

    static Optional<Status> parse(String word) {
        for (Status status : values()) if (status.word.equals(word)) return Optional.of(status);
        return Optional.empty();
    }

    /** A prompt that nobody may decide any more is in error until somebody ends its job. */
    static Status of(Job job, Instant now) {
        return switch (job.phase()) {
            case Phase.Running running -> BUSY;
            case Phase.Waiting waiting -> job.livePrompt(now).isPresent() ? INTERRUPTED : ERROR;
            case Phase.Ended ended -> ended.how().status() == JobStatus.ERROR ? ERROR : IDLE;
        };
    }

    /** The word for the run that brought the job to where it is. */
    static String ofRun(Job job) {
        return switch (job.phase()) {
            case Phase.Running running -> job.continuation().filter(Continuation::isOpen).isPresent() ? "pending"
                    : "running";
            case Phase.Waiting waiting -> "interrupted";
            case Phase.Ended ended -> switch (ended.how()) {
                case Ending.Completed completed -> "success";
                case Ending.Failed failed -> "error";
                case Ending.Expired expired -> "timeout";
                case Ending.Aborted aborted -> "interrupted";
                case Ending.Replaced replaced -> "interrupted";
            };
        };
    }
}
