package dev.holdpoint.audit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.audit.AuditRecord.Kind;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.DecidedBy;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.InstantText;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.Submission;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.mask.Masks;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what the archive is owed as records. What is hashed are ids, kinds and digests; words of people and
 * arguments of tools are content, so that they can be erased.
 */
public final class Transcripts {
    private static final String MALFORMED = "malformed";

    private final Masks masks;
    private final String durability;

    /** @param durability how safely the store holds what it acknowledges */
    public Transcripts(Masks masks, String durability) {
        this.masks = masks;
        this.durability = durability;
    }

    public AuditRecord of(Debt.Note note) {
        Kind kind = Kind.parse(note.kind())
                .orElseThrow(() -> new IllegalArgumentException("no record is of the kind " + note.kind()));
        return AuditRecord.of(note.space(), note.id(), kind, note.at(), note.body(), note.content());
    }

    public AuditRecord of(Debt.ClosedPrompt closed) {
        Resolution resolution = closed.resolution();
        String id = resolution == null ? derived(closed) : resolution.id().value();
        ObjectNode body = Canonical.emptyObject();
        body.put("resolutionId", id);
        body.put("jobId", closed.job().id().value());
        body.put("generation", closed.event().generation());
        PendingAction action = closed.action();
        if (action != null) body.put("actionId", action.id().value());
        body.put("conversationId", closed.conversation().value());
        body.put("userId", closed.owner().value());
        if (closed.agent() != null) body.put("agentId", closed.agent().value());
        body.put("outcome", outcome(closed));
        if (resolution != null) decidedBy(body.putObject("decidedBy"), resolution.decidedBy());
        body.put("decidedAt", InstantText.of(closed.at()));
        ObjectNode content = Canonical.emptyObject();
        if (action != null) {
            asked(body, content, action.payload(), resolution);
            if (action.policyVersion() != null) body.put("policyVersion", action.policyVersion());
            body.put("waitedMs", Duration.between(action.createdAt(), closed.at()).toMillis());
        }
        if (resolution != null) submitted(body, content, resolution.submission());
        body.put("durability", resolution == null ? durability : resolution.durability());
        return AuditRecord.of(closed.space(), id, Kind.RESOLUTION, closed.at(), body, content);
    }

    /** The same for the same event, whoever works it out. */
    private static String derived(Debt.ClosedPrompt closed) {
        String tenant = closed.space().tenant() == null ? "" : closed.space().tenant().value();
        return UUID.nameUUIDFromBytes(
                String.join("\n", tenant, closed.job().id().value(), closed.event().toString())
                        .getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static String outcome(Debt.ClosedPrompt closed) {
        return closed.action() == null && closed.outcome() != ClosedAction.Outcome.DECIDED
                ? MALFORMED
                : closed.outcome().word();
    }

    private static void decidedBy(ObjectNode json, DecidedBy by) {
        json.put("subject", by.subject());
        by.roles().forEach(json.putArray("roles")::add);
        json.put("via", by.via());
    }

    private void asked(ObjectNode body, ObjectNode content, Interrupt payload, @Nullable Resolution resolution) {
        ArrayNode requests = body.putArray("requests");
        switch (payload) {
            case Interrupt.ToolApproval approval -> {
                Map<ToolCallId, String> edits = edits(resolution);
                ArrayNode arguments = content.putArray("requests");
                for (ActionRequest request : approval.requests()) {
                    ObjectNode one = requests.addObject();
                    one.put("tool_call_id", request.toolCallId().value());
                    one.put("name", request.name());
                    one.put("arguments_digest", request.argumentsDigest());
                    String edited = edits.get(request.toolCallId());
                    if (edited != null) one.put("edited_arguments_digest", edited);
                    ObjectNode shown = arguments.addObject();
                    shown.put("tool_call_id", request.toolCallId().value());
                    shown.set("arguments", Canonical.tolerant(masks.masked(request.arguments())));
                    if (request.description() != null)
                        shown.put("description", masks.masked(request.description()));
                }
            }
            case Interrupt.AskUserQuestion ask -> {
                ArrayNode questions = content.putArray("questions");
                for (Interrupt.Question question : ask.questions()) {
                    ObjectNode one = questions.addObject();
                    if (question.id() != null) one.put("id", question.id());
                    one.put("question", masks.masked(question.text()));
                }
            }
        }
    }

    private static Map<ToolCallId, String> edits(@Nullable Resolution resolution) {
        Map<ToolCallId, String> edits = new HashMap<>();
        if (resolution == null || !(resolution.submission() instanceof Submission.Decisions submitted)) return edits;
        for (Decision decision : submitted.decisions()) {
            if (decision.verdict() instanceof Decision.Edit edit) edits.put(decision.toolCallId(), edit.digest());
        }
        return edits;
    }

    private void submitted(ObjectNode body, ObjectNode content, Submission submission) {
        switch (submission) {
            case Submission.Decisions decisions -> decided(body, content, decisions.decisions());
            case Submission.Answer answer -> content.put("answer", masks.masked(answer.text()));
            case Submission.Answers answers -> {
                ObjectNode texts = content.putObject("answers");
                answers.byQuestion().forEach((id, text) -> texts.put(id, masks.masked(text)));
            }
        }
    }

    private void decided(ObjectNode body, ObjectNode content, List<Decision> decisions) {
        ArrayNode kinds = body.putArray("decisions");
        ArrayNode words = content.putArray("decisions");
        for (Decision decision : decisions) {
            ObjectNode kind = kinds.addObject();
            kind.put("tool_call_id", decision.toolCallId().value());
            kind.put("decision", decision.verdict().kind().word());
            ObjectNode said = Canonical.emptyObject();
            switch (decision.verdict()) {
                case Decision.Approve approve -> {
                    if (approve.scope() != Decision.Scope.ONCE) kind.put("scope", approve.scope().word());
                }
                case Decision.Reject reject -> {
                }
                case Decision.Edit edit ->
                        said.set("editedArguments", Canonical.tolerant(masks.masked(edit.arguments())));
                case Decision.Respond respond -> said.put("responseText", masks.masked(respond.text()));
            }
            if (decision.reason() != null) said.put("reason", masks.masked(decision.reason()));
            if (said.isEmpty()) continue;
            said.put("tool_call_id", decision.toolCallId().value());
            words.add(said);
        }
        if (words.isEmpty()) content.remove("decisions");
    }
}
