package dev.holdpoint.approval;

import java.util.List;
import java.util.Map;

import dev.holdpoint.job.Decision.Scope;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.ToolCallId;
import org.jspecify.annotations.Nullable;

/** A submission as it came in, before anybody checked it against the prompt. */
public record Proposal(@Nullable List<ProposedDecision> decisions, @Nullable String answer,
        @Nullable Map<String, String> answers) {
    public record ProposedDecision(ToolCallId toolCallId, DecisionKind kind, Scope scope, @Nullable String reason,
            @Nullable Json editedArguments, @Nullable String responseText, @Nullable String argumentsDigest) {}
}
