package dev.holdpoint.dialect.librechat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.approval.Proposal;
import dev.holdpoint.approval.Proposal.ProposedDecision;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.ToolCallId;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends to let a run go on. Beside what is decided it may carry whatever a chat request carries, of which
 * nothing counts here; within a decision nothing is let pass that isn't understood.
 */
record Resume(JsonNode body) {
    private static final long LAST_SAFE_INTEGER = (1L << 53) - 1;
    private static final Set<String> MEMBERS = Set.of("tool_call_id", "decision", "type", "editedArguments",
            "updatedInput", "responseText", "reason", "scope", "argumentsDigest");

    /** Empty when the client names no generation. */
    static OptionalLong generation(JsonNode body) {
        JsonNode named = body.path("generationCreatedAt");
        if (!Trees.isPresent(named)) return OptionalLong.empty();
        if (!named.isIntegralNumber() || !named.canConvertToLong() || named.longValue() < 0
                || named.longValue() > LAST_SAFE_INTEGER)
            throw Words.coded(ProblemType.INVALID_REQUEST, "INVALID_GENERATION_IDENTITY", "Invalid generation identity")
                    .refused();
        return OptionalLong.of(named.longValue());
    }

    OptionalLong generation() { return generation(body); }

    String conversationId() {
        String id = Trees.text(body, "conversationId");
        if (id == null || id.equals(ChatResource.NEW)) throw Inputs.invalid("conversationId is required to resume");
        return id;
    }

    @Nullable
    ActionId actionId() {
        String named = Trees.text(body, "actionId");
        return named == null ? null : new ActionId(named);
    }

    /** Whether the client means the same as the job says; where the job says nothing, anything goes. */
    boolean agrees(String member, @Nullable String said) {
        return said == null || said.equals(Trees.text(body, member));
    }

    /** @param payload what is asked, as far as it is known: a list without ids follows its order */
    Proposal proposal(@Nullable Interrupt payload) {
        long kinds = List.of("decisions", "answer", "answers").stream()
                .filter(member -> Trees.isPresent(body.path(member))).count();
        if (kinds > 1) throw Inputs.invalid("Send decisions, answer or answers: one of them.");
        return new Proposal(decisions(body.path("decisions"), payload), text(body, "answer"),
                answers(body.path("answers")));
    }

    private static @Nullable Map<String, String> answers(JsonNode sent) {
        if (!Trees.isPresent(sent)) return null;
        if (!sent.isObject()) throw Inputs.invalid("answers must be an object.");
        Map<String, String> answers = new LinkedHashMap<>();
        sent.properties().forEach(answer -> answers.put(answer.getKey(), words(answer.getValue(), "answers")));
        return answers;
    }

    private static @Nullable List<ProposedDecision> decisions(JsonNode sent, @Nullable Interrupt payload) {
        if (!Trees.isPresent(sent)) return null;
        List<ProposedDecision> decisions = new ArrayList<>();
        if (sent.isObject()) {
            sent.properties().forEach(one -> decisions.add(decision(one.getValue(), keyed(one))));
        } else if (sent.isArray() && !sent.isEmpty() && isWithoutIds(sent)) {
            List<ToolCallId> calls = calls(payload);
            if (calls == null) return null; // nothing waits, and that is what the client must be told
            if (calls.size() != sent.size())
                throw Inputs.invalid("decisions without tool_call_id must be as many as the calls: " + calls.size());
            for (int i = 0; i < calls.size(); i++) decisions.add(decision(sent.get(i), calls.get(i)));
        } else if (sent.isArray()) {
            for (JsonNode one : sent) decisions.add(decision(one, id(one)));
        } else {
            throw Inputs.invalid("decisions must be a list, or an object by tool_call_id.");
        }
        return decisions;
    }

    private static ToolCallId keyed(Map.Entry<String, JsonNode> one) {
        String within = text(one.getValue(), "tool_call_id");
        if (within != null && !within.equals(one.getKey()))
            throw Inputs.invalid("A decision names another tool_call_id than the one it stands under.");
        return new ToolCallId(one.getKey());
    }

    private static boolean isWithoutIds(JsonNode list) {
        for (JsonNode one : list) if (one.has("tool_call_id")) return false;
        return true;
    }

    private static @Nullable List<ToolCallId> calls(@Nullable Interrupt payload) {
        return switch (payload) {
            case null -> null;
            case Interrupt.ToolApproval approval ->
                    approval.requests().stream().map(Interrupt.ActionRequest::toolCallId).toList();
            case Interrupt.AskUserQuestion ask -> List.of();
        };
    }

    private static ToolCallId id(JsonNode one) {
        return new ToolCallId(Inputs.present(text(one, "tool_call_id"), "tool_call_id"));
    }

    private static ProposedDecision decision(JsonNode sent, ToolCallId call) {
        if (!sent.isObject()) throw Inputs.invalid("A decision must be an object.");
        sent.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) throw Inputs.invalid("A decision has no member " + name + ".");
        });
        String kind = Inputs.present(either(sent, "decision", "type") ? text(sent, "decision") : text(sent, "type"),
                "decision");
        JsonNode edited = either(sent, "editedArguments", "updatedInput") ? sent.path("editedArguments")
                : sent.path("updatedInput");
        return new ProposedDecision(call,
                DecisionKind.parse(kind)
                        .orElseThrow(() -> Inputs.invalid("decision must be approve, reject, edit or respond.")),
                Inputs.scope(text(sent, "scope")), text(sent, "reason"),
                Trees.isPresent(edited) ? Trees.json(edited) : null,
                text(sent, "responseText"), text(sent, "argumentsDigest"));
    }

    /** Whether the member goes by the first of two names; it must not go by both. */
    private static boolean either(JsonNode sent, String one, String other) {
        boolean first = Trees.isPresent(sent.path(one));
        if (first && Trees.isPresent(sent.path(other)))
            throw Inputs.invalid("Send " + one + " or " + other + ", not both.");
        return first;
    }

    private static @Nullable String text(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return Trees.isPresent(value) ? words(value, member) : null;
    }

    private static String words(JsonNode value, String member) {
        if (!value.isTextual()) throw Inputs.invalid(member + " must be a text.");
        return value.textValue();
    }

    static Resume of(Json value) { return new Resume(Trees.of(value)); }
}
