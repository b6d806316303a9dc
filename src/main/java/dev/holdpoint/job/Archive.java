package dev.holdpoint.job;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Port to what outlives a job. */
public interface Archive {
    /** Keeps an ended job as one turn of its conversation. Safe to repeat: a turn is known by its key and generation. */
    Uni<Void> keep(Job ended);

    /** Turns of a conversation, oldest first. */
    Uni<Page<Job>> turns(Space space, ConversationId conversation, @Nullable String cursor, int limit);
}
