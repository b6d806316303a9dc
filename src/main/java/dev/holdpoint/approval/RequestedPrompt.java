package dev.holdpoint.approval;

import java.util.List;

import dev.holdpoint.job.Json;
import org.jspecify.annotations.Nullable;

/** A prompt as a worker wrote it down; {@link Prompts} tells whether it can be put to a person. */
public sealed interface RequestedPrompt {
    record Approval(@Nullable List<Call> calls, @Nullable List<Review> reviews) implements RequestedPrompt {}

    record Ask(@Nullable Question question, @Nullable List<Question> questions, @Nullable String toolCallId)
            implements RequestedPrompt {}

    record Unknown(@Nullable String type) implements RequestedPrompt {}

    /** @param aliases other spellings of the tool */
    record Call(@Nullable String toolCallId, @Nullable String name, @Nullable Json arguments,
            @Nullable String description, List<String> aliases) {}

    record Review(@Nullable String actionName, @Nullable String toolCallId, @Nullable List<String> allowedDecisions,
            @Nullable Json argsSchema, @Nullable Boolean allowAlways) {}

    record Question(@Nullable String id, @Nullable String header, @Nullable String question,
            @Nullable String description,
            @Nullable List<Option> options, @Nullable Boolean multiSelect) {}

    record Option(@Nullable String label, @Nullable String value) {}
}
