package dev.holdpoint.job;

import java.util.List;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Port to what outlives a job. Lists fail with {@link BadCursor}, and everything with
 * {@link ArchiveTrouble}; all of it can be asked again.
 */
public interface Archive {
    /**
     * Keeps an ended job as one turn of its conversation. Safe to repeat: a turn is known by its key and generation.
     */
    Uni<Void> keep(Job ended);

    /** Keeps what a worker was told about its calls. Safe to repeat. */
    Uni<Void> keep(Debt.JudgedCalls judged);

    /** Keeps which tools a job asked for, before the job ends. Safe to repeat. */
    Uni<Void> keep(Debt.ClosedPrompt closed);

    /** The calls that were judged last in a space, oldest first, at most about {@code limit} of them. */
    Uni<List<Debt.JudgedCalls>> latestCalls(Space space, int limit);

    /**
     * Turns of a conversation, oldest first.
     *
     * @param user whose turns; null for everybody's
     */
    Uni<Page<Job>> turns(Space space, ConversationId conversation, @Nullable UserId user, @Nullable String cursor,
            int limit);

    /** Erases what a user's ended jobs and calls said, and tells how many jobs that were. */
    Uni<Long> erase(Space space, UserId user);

    /** Ended jobs of a space, the newest ending first. */
    Uni<Page<Job>> history(Space space, HistoryQuery query, @Nullable String cursor, int limit);
}
