package dev.holdpoint.job;

import java.util.List;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Port to what outlives a job. */
public interface Archive {
    /** Keeps an ended job as one turn of its conversation. Safe to repeat: a turn is known by its key and generation. */
    Uni<Void> keep(Job ended);

    /** Keeps what a worker was told about its calls. Safe to repeat. */
    Uni<Void> keep(Debt.JudgedCalls judged);

    /** The calls that were judged last in a space, oldest first, at most about {@code limit} of them. */
    Uni<List<Debt.JudgedCalls>> latestCalls(Space space, int limit);

    /** Turns of a conversation, oldest first. */
    Uni<Page<Job>> turns(Space space, ConversationId conversation, @Nullable String cursor, int limit);
}
