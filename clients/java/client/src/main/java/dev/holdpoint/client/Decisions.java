package dev.holdpoint.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** A verdict on each of the calls that were asked about, in their order. */
public record Decisions(List<Verdict> all) {
    public Decisions { all = List.copyOf(all); }

    public Verdict of(String toolCallId) {
        return all.stream().filter(verdict -> verdict.toolCallId().equals(toolCallId)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nobody was asked about " + toolCallId));
    }

    /** Joined by id; what is unclear is refused. */
    static Verdict verdict(ToolCall call, Resolution resolution) {
        List<Decision> decisions = resolution.decisions();
        return verdict(call, decisions == null ? null
                : decisions.stream().filter(decision -> decision.toolCallId().equals(call.toolCallId())).findFirst()
                        .orElse(null));
    }

    private static Verdict verdict(ToolCall call, @Nullable Decision decision) {
        String id = call.toolCallId();
        // The worker's own arguments, because those in the prompt may be masked.
        if (decision instanceof Decision.Approve) return new Verdict.Run(id, call.arguments());
        if (decision instanceof Decision.Edit edit) return new Verdict.Run(id, edit.editedArguments());
        if (decision instanceof Decision.Respond respond) return new Verdict.Respond(id, respond.responseText());
        if (decision instanceof Decision.Reject reject && reject.reason() != null)
            return new Verdict.Refuse(id, reject.reason());
        return new Verdict.Refuse(id, decision == null ? "Nobody decided about it." : "A person refused.");
    }
}
