package dev.holdpoint.approval;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.holdpoint.job.Decision;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Interrupt.Option;
import dev.holdpoint.job.Interrupt.Question;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.Submission;
import dev.holdpoint.mask.Masks;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of prompts before they are stored, and out of decisions before people see
 * them. Digests stay those of the originals.
 */
public final class Masking {
    private final Masks masks;

    public Masking(Masks masks) { this.masks = masks; }

    public Interrupt prompt(Interrupt payload) {
        if (masks.isEmpty()) return payload;
        return switch (payload) {
            case Interrupt.ToolApproval approval ->
                    new Interrupt.ToolApproval(approval.requests().stream().map(this::request).toList());
            case Interrupt.AskUserQuestion ask -> new Interrupt.AskUserQuestion(ask.batch(),
                    ask.questions().stream().map(this::question).toList(), ask.toolCallId());
        };
    }

    ActionRequest request(ActionRequest request) {
        return new ActionRequest(request.toolCallId(), request.name(), masks.masked(request.arguments()),
                request.argumentsDigest(), text(request.description()), request.review(), request.aliases(),
                request.reason());
    }

    /** Whether the value shows that something in it was hidden. */
    public boolean hides(Json value) {
        return masks.hides(value);
    }

    /** Whether the stored arguments are all that was sent, whatever is configured to be hidden by now. */
    public static boolean isWhole(ActionRequest stored) {
        return ArgumentsDigest.of(stored.arguments()).filter(stored.argumentsDigest()::equals).isPresent();
    }

    Json arguments(Json arguments) { return masks.masked(arguments); }

    private Question question(Question question) {
        return new Question(question.id(), text(question.header()), masks.masked(question.text()),
                text(question.description()), question.options().stream()
                        .map(option -> new Option(masks.masked(option.label()), option.value())).toList(),
                question.multiSelect());
    }

    private @Nullable String text(@Nullable String text) { return text == null ? null : masks.masked(text); }

    /** What people get to see of a decision; the worker gets it as it was made. */
    Resolution resolution(Resolution made) {
        if (masks.isEmpty()) return made;
        return new Resolution(made.id(), made.job(), made.generation(), made.action(), made.conversation(),
                made.owner(), made.agent(), made.decidedBy(), made.decidedAt(), submission(made.submission()),
                made.durability());
    }

    private Submission submission(Submission made) {
        return switch (made) {
            case Submission.Decisions decisions ->
                    new Submission.Decisions(decisions.decisions().stream().map(this::decision).toList());
            case Submission.Answer answer -> new Submission.Answer(masks.masked(answer.text()));
            case Submission.Answers answers -> {
                Map<String, String> masked = new LinkedHashMap<>();
                answers.byQuestion().forEach((id, text) -> masked.put(id, masks.masked(text)));
                yield new Submission.Answers(masked);
            }
        };
    }

    private Decision decision(Decision made) {
        return new Decision(made.toolCallId(), switch (made.verdict()) {
            case Decision.Approve approve -> approve;
            case Decision.Reject reject -> reject;
            case Decision.Edit edit -> new Decision.Edit(masks.masked(edit.arguments()), edit.digest());
            case Decision.Respond respond -> new Decision.Respond(masks.masked(respond.text()));
        }, text(made.reason()), made.argumentsDigest());
    }
}
