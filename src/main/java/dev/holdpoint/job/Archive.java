package dev.holdpoint.job;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Port to what outlives a job. Lists fail with {@link BadCursor}, and everything with {@link ArchiveTrouble}; all of it can be asked again. */
public interface Archive {
    /** Keeps an ended job as one turn of its conversation. Safe to repeat: a turn is known by its key and generation. */
    Uni<Void> keep(Job ended);

    /** Turns of a conversation, oldest first. */
    Uni<Page<Job>> turns(Space space, ConversationId conversation, @Nullable String cursor, int limit);

    /** Ended jobs of a space, the newest ending first. */
    Uni<Page<Job>> history(Space space, HistoryQuery query, @Nullable String cursor, int limit);
}
