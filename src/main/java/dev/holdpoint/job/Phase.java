package dev.holdpoint.job;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** What a job is doing. Each phase carries only what exists in it, so a prompt can't outlive its pause. */
public sealed interface Phase {
    JobStatus status();

    /** @param continuation null until the first resolution */
    record Running(@Nullable Continuation continuation) implements Phase {
        @Override
        public JobStatus status() { return JobStatus.RUNNING; }
    }

    /** @param action null when what is stored can't be read as a pending action: nobody may decide it */
    record Waiting(@Nullable PendingAction action) implements Phase {
        @Override
        public JobStatus status() { return JobStatus.REQUIRES_ACTION; }
    }

    record Ended(Ending how, Instant at) implements Phase {
        @Override
        public JobStatus status() { return how.status(); }
    }
}
