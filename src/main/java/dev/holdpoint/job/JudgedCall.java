package dev.holdpoint.job;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A tool call as a policy judged it.
 *
 * @param aliases       other spellings of the tool
 * @param verdict       {@code allow}, {@code deny} or {@code ask}
 * @param reason        for the worker or the person to read
 * @param ground        what decided, as a JSON object
 * @param grant         the remembered approval that allowed it
 * @param policyVersion of the policy that judged
 */
public record JudgedCall(ToolCallId toolCallId, String name, List<String> aliases, Json arguments, String verdict,
        @Nullable String reason, Json ground, @Nullable String grant, long policyVersion) {
    public JudgedCall {
        aliases = List.copyOf(aliases);
    }
}
