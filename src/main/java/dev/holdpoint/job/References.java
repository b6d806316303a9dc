package dev.holdpoint.job;

import org.jspecify.annotations.Nullable;

/**
 * Names of the worker's world that another process needs to re-enter the paused graph. Holdpoint only carries them.
 *
 * @param trace where the worker was in its trace when it paused
 */
public record References(@Nullable String interruptId, @Nullable String threadId, @Nullable String runId,
        @Nullable String responseMessageId, @Nullable TraceParent trace) {
    public References {
        if (interruptId != null) Text.name("interruptId", interruptId);
        if (threadId != null) Text.name("threadId", threadId);
        if (runId != null) Text.name("runId", runId);
        if (responseMessageId != null) Text.name("responseMessageId", responseMessageId);
    }
}
