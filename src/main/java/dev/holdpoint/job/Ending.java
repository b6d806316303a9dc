package dev.holdpoint.job;

import org.jspecify.annotations.Nullable;

/** How a job ended. */
public sealed interface Ending {
    JobStatus status();

    /** Null only when the job completed. */
    @Nullable
    JobError error();

    record Completed(@Nullable Json result) implements Ending {
        @Override
        public JobStatus status() { return JobStatus.COMPLETE; }

        @Override
        public @Nullable JobError error() { return null; }
    }

    record Failed(JobError error) implements Ending {
        @Override
        public JobStatus status() { return JobStatus.ERROR; }
    }

    record Aborted(JobError error) implements Ending {
        @Override
        public JobStatus status() { return JobStatus.ABORTED; }
    }

    /** @param action null when the stored prompt could not be read */
    record Expired(@Nullable ActionId action) implements Ending {
        @Override
        public JobStatus status() { return JobStatus.ABORTED; }

        @Override
        public JobError error() { return JobError.APPROVAL_EXPIRED; }
    }

    record Replaced() implements Ending {
        @Override
        public JobStatus status() { return JobStatus.ABORTED; }

        @Override
        public JobError error() { return JobError.REPLACED; }
    }
}
