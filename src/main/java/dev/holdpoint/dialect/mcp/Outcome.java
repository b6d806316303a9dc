package dev.holdpoint.dialect.mcp;

import java.util.List;
import java.util.function.Consumer;

import dev.holdpoint.approval.Masking;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.Submission;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * How an inquiry ended, as whoever asked is told.
 *
 * @param tool    that was called
 * @param digest  of what was asked
 * @param how     in a word: the kind of decision, what the policy said, or how the prompt was closed
 * @param by      who decided; null when nobody did
 * @param input   what the agent's tool runs with; null when it doesn't run, or when only whoever asked
 *                has the input as it was
 * @param message for the agent to read
 * @param answer  to the only question
 * @param answers to a batch, by question
 */
@RegisterForReflection
record Outcome(String tool, String digest, String how, @Nullable String by, @Nullable Json input,
        @Nullable String message, @Nullable String answer, @Nullable Json answers) {
    private static final List<String> LETTING_RUN = List.of("approve", "edit", "allowed");

    /** @param made on what was asked, and on nothing else */
    static Outcome of(Marker asked, Resolution made) {
        String by = made.decidedBy().subject();
        return switch (made.submission()) {
            case Submission.Answer one -> new Outcome(asked.tool(), asked.digest(), "answered", by, null, null,
                    one.text(), null);
            case Submission.Answers all -> new Outcome(asked.tool(), asked.digest(), "answered", by, null, null, null,
                    Members.json(json -> all.byQuestion().forEach(json::text)));
            case Submission.Decisions decisions -> of(asked, made, decisions.decisions().getFirst());
        };
    }

    private static Outcome of(Marker asked, Resolution made, Decision decision) {
        Json input = switch (decision.verdict()) {
            case Decision.Approve approve -> shown(made);
            case Decision.Edit edit -> edit.arguments();
            case Decision.Reject reject -> null;
            case Decision.Respond respond -> null;
        };
        String message = switch (decision.verdict()) {
            case Decision.Approve approve -> decision.reason();
            case Decision.Edit edit -> decision.reason();
            case Decision.Reject reject ->
                    decision.reason() == null ? "A person rejected this call." : decision.reason();
            case Decision.Respond respond -> respond.text();
        };
        return new Outcome(asked.tool(), asked.digest(), decision.verdict().kind().word(), made.decidedBy().subject(),
                input, message, null, null);
    }

    private static @Nullable Json shown(Resolution made) {
        return made.action().payload() instanceof Interrupt.ToolApproval approval
                && Masking.isWhole(approval.requests().getFirst())
                        ? approval.requests().getFirst().arguments()
                        : null;
    }

    static Outcome allowed(Marker asked) {
        return new Outcome(asked.tool(), asked.digest(), "allowed", null, null, null, null, null);
    }

    static Outcome denied(Marker asked, String reason) {
        return new Outcome(asked.tool(), asked.digest(), "denied", null, null, reason, null, null);
    }

    /** Nobody decided. */
    static Outcome closed(Marker asked, Ending how) {
        return switch (how) {
            case Ending.Expired expired -> undecided(asked, "expired", "Nobody decided before the deadline.");
            case Ending.Aborted aborted -> undecided(asked, "aborted", "The request was aborted.");
            case Ending.Replaced replaced -> undecided(asked, "aborted", "The request was replaced.");
            case Ending.Failed failed -> undecided(asked, "aborted", "The request was given up.");
            case Ending.Completed completed -> undecided(asked, "aborted", "The request is over.");
        };
    }

    /** Anybody who drives jobs can have something else decided under the same id. */
    static Outcome ofAnother(Marker asked) {
        return undecided(asked, "aborted", "What was decided is not what was asked.");
    }

    private static Outcome undecided(Marker asked, String how, String message) {
        return new Outcome(asked.tool(), asked.digest(), how, null, null, message, null, null);
    }

    boolean letsRun() {
        return LETTING_RUN.contains(how);
    }

    /** @param asked digest of what a call asks; null when it only names an id */
    boolean answers(@Nullable String asked) {
        return asked == null || asked.equals(digest);
    }

    /**
     * In the words of a coding agent's permission prompt, or of a question.
     *
     * @param asSent by a call that this answers; tells what the person didn't get to see
     */
    Consumer<Members> told(@Nullable Json asSent) {
        if (tool.equals(Tools.ASK)) return json -> json.text("status", how).text("message", message)
                .text("answer", answer).json("answers", answers);
        if (!letsRun()) return json -> json.text("behavior", "deny").text("message", message);
        return json -> json.text("behavior", "allow").json("updatedInput", input == null ? asSent : input);
    }

    Json written() {
        return Members.json(json -> json.text("tool", tool).text("digest", digest).text("how", how).text("by", by)
                .json("input", input).text("message", message).text("answer", answer).json("answers", answers));
    }

    /** What the job ends with. The resolution has the rest. */
    Json end() {
        return Members.json(json -> json.text("outcome", how));
    }
}
