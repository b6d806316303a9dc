package dev.holdpoint.job;

import java.time.Instant;
import java.util.List;

import dev.holdpoint.job.ClosedAction.Outcome;
import org.jspecify.annotations.Nullable;

/** One thing that the archive is owed. */
public sealed interface Debt {
    Space space();

    record EndedJob(Job job) implements Debt {
        @Override
        public Space space() { return job.key().space(); }
    }

    /**
     * A prompt that no longer waits, however it ended.
     *
     * @param event      the event that closed it, by which it is known again
     * @param at         the store's time of that event
     * @param action     null when what was stored could not be read any more
     * @param resolution null unless the outcome is {@code DECIDED}
     */
    record ClosedPrompt(JobKey job, EventId event, Instant at, UserId owner, ConversationId conversation,
            @Nullable AgentId agent, @Nullable PendingAction action, Outcome outcome, @Nullable Resolution resolution)
            implements Debt {
        @Override
        public Space space() { return job.space(); }
    }

    /** Tool calls that a worker was told about in one answer, in the order asked. */
    record JudgedCalls(JobKey job, long generation, Instant at, UserId owner, ConversationId conversation,
            List<JudgedCall> calls) implements Debt {
        public JudgedCalls {
            calls = List.copyOf(calls);
        }

        @Override
        public Space space() { return job.space(); }
    }

    /**
     * Something in a job's life that ends nothing, so that no other debt tells of it: it was created, paused or
     * claimed. Made only where somebody is to be told.
     */
    record News(JobKey job, EventId event, Instant at, UserId owner, ConversationId conversation,
            @Nullable AgentId agent, JobEvent.Lifecycle what) implements Debt {
        @Override
        public Space space() { return job.space(); }
    }

    /**
     * What no move of a job tells of, such as a changed policy.
     *
     * @param id      names the note for ever
     * @param kind    word for what it tells of
     * @param body    a JSON object
     * @param content a JSON object that may be erased later; the body holds its digest
     */
    record Note(String id, String kind, Space space, Instant at, Json body, @Nullable Json content) implements Debt {}
}
