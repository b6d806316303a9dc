package dev.holdpoint.door.json;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Continuation.Hold;
import dev.holdpoint.job.DecidedBy;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.Decision.Scope;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Interrupt.Review;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Submission;

/**
 * What each thing looks like in JSON: one method a thing, so that it looks the same in answers, events and problems.
 */
public final class Shapes {
    private Shapes() {}

    /** @param now the instant by which liveness is judged */
    public static void job(Members json, Job job, Instant now) {
        json.text("id", job.key().id()).number("generation", job.generation()).text("status", job.status().word())
                .flag("active", job.isActive(now)).text("userId", job.details().owner())
                .text("tenantId", job.key().space().tenant())
                .text("conversationId", job.details().conversation()).text("agentId", job.details().agent())
                .text("runId", job.details().runId()).text("responseMessageId", job.details().responseMessageId())
                .instant("createdAt", job.createdAt()).instant("lastActiveAt", job.lastActiveAt());
        job.ended().ifPresent(
                ended -> json.instant("completedAt", ended.at()).object("error", ended.how().error(), Shapes::error));
        json.text("lastEventId", job.lastEventId());
        job.livePrompt(now).ifPresent(action -> json.object("pendingAction",
                pending -> pendingAction(pending, job.key(), job.generation(), action)));
        job.continuation()
                .ifPresent(continuation -> json.object("continuation", one -> continuation(one, continuation, now)));
        json.json("metadata", job.details().metadata());
    }

    public static void resumeState(Members json, ResumeState state) {
        json.object("job", job -> job(job, state.job(), state.at()))
                .object("retained", names -> retained(names, state.retained()))
                .json("userMessage", state.job().details().userMessage());
        state.job().livePrompt(state.at()).ifPresent(action -> json.object("pendingAction",
                pending -> pendingAction(pending, state.job().key(), state.job().generation(), action)));
        json.text("lastEventId", state.job().lastEventId());
    }

    private static void retained(Members json, Map<EventName, Json> retained) {
        retained.forEach((name, data) -> json.json(name.value(), data));
    }

    private static void error(Members json, JobError error) {
        json.text("code", error.code()).text("message", error.message());
    }

    private static void continuation(Members json, Continuation continuation, Instant now) {
        switch (continuation.holdAt(now)) {
            case Hold.Open open -> json.text("state", "open");
            case Hold.Claimed claimed -> json.text("state", "claimed").text("workerId", claimed.worker());
        }
    }

    /** As everybody may see it: without what only the worker needs. */
    public static void pendingAction(Members json, JobKey job, long generation, PendingAction action) {
        json.text("actionId", action.id()).text("jobId", job.id()).number("generation", generation)
                .object("payload", payload -> payload(payload, action.payload()))
                .instant("createdAt", action.createdAt()).instant("expiresAt", action.expiresAt())
                .texts("warnings", Warnings.of(action.payload()))
                .text("interruptId", action.references().interruptId()).text("threadId", action.references().threadId())
                .text("runId", action.references().runId())
                .text("responseMessageId", action.references().responseMessageId());
    }

    /** An item of the inbox. */
    public static void approval(Members json, Job job, PendingAction action) {
        approvalIds(json, job, action.id());
        json.object("payload", payload -> payload(payload, action.payload())).instant("createdAt", action.createdAt())
                .instant("expiresAt", action.expiresAt()).texts("warnings", Warnings.of(action.payload()));
    }

    /** What is left of an item of the inbox once it no longer waits. */
    public static void approvalIds(Members json, Job job, ActionId action) {
        json.text("jobId", job.key().id()).text("actionId", action).number("generation", job.generation())
                .text("conversationId", job.details().conversation()).text("userId", job.details().owner())
                .text("agentId", job.details().agent());
    }

    public static void payload(Members json, Interrupt payload) {
        switch (payload) {
            case Interrupt.ToolApproval approval -> json.text("type", "tool_approval")
                    .objects("action_requests", approval.requests(), Shapes::actionRequest)
                    .objects("review_configs", approval.requests(), Shapes::reviewConfig);
            case Interrupt.AskUserQuestion ask when ask.batch() -> json.text("type", "ask_user_question")
                    .objects("questions", ask.questions(), Shapes::question).text("tool_call_id", ask.toolCallId());
            case Interrupt.AskUserQuestion ask -> json.text("type", "ask_user_question")
                    .object("question", ask.questions().getFirst(), Shapes::question)
                    .text("tool_call_id", ask.toolCallId());
        }
    }

    private static void actionRequest(Members json, ActionRequest request) {
        json.text("tool_call_id", request.toolCallId()).text("name", request.name())
                .json("arguments", request.arguments())
                .text("description", request.description()).text("arguments_digest", request.argumentsDigest())
                .text("policy_reason", request.reason());
        if (!request.aliases().isEmpty()) json.texts("aliases", request.aliases());
    }

    private static void reviewConfig(Members json, ActionRequest request) {
        Review review = request.review();
        List<String> allowed = List.of(DecisionKind.values()).stream().filter(review.allowed()::contains)
                .map(DecisionKind::word).toList();
        json.text("action_name", review.actionName()).text("tool_call_id", request.toolCallId())
                .texts("allowed_decisions", allowed)
                .json("args_schema", review.argsSchema()).flag("allow_always", review.allowAlways());
    }

    private static void question(Members json, Interrupt.Question question) {
        json.text("id", question.id()).text("header", question.header()).text("question", question.text())
                .text("description", question.description());
        if (!question.options().isEmpty()) json.objects("options", question.options(), Shapes::option);
        json.flag("multiSelect", question.multiSelect());
    }

    private static void option(Members json, Interrupt.Option option) {
        json.text("label", option.label()).text("value", option.value());
    }

    public static void resolution(Members json, Resolution resolution) {
        json.text("resolutionId", resolution.id()).text("tenantId", resolution.job().space().tenant())
                .text("jobId", resolution.job().id()).number("generation", resolution.generation())
                .text("actionId", resolution.action().id()).text("conversationId", resolution.conversation())
                .text("userId", resolution.owner()).text("agentId", resolution.agent())
                .text("outcome", ClosedAction.Outcome.DECIDED.word())
                .object("decidedBy", resolution.decidedBy(), Shapes::decidedBy)
                .instant("decidedAt", resolution.decidedAt())
                .objects("requests", requests(resolution), (one, request) -> request(one, request, resolution));
        submission(json, resolution.submission());
        Long policyVersion = resolution.action().policyVersion();
        if (policyVersion != null) json.number("policyVersion", policyVersion);
        json.text("durability", resolution.durability()).number("waitedMs", resolution.waited().toMillis());
    }

    private static List<ActionRequest> requests(Resolution resolution) {
        return resolution.action().payload() instanceof Interrupt.ToolApproval approval ? approval.requests()
                : List.of();
    }

    private static void request(Members json, ActionRequest request, Resolution resolution) {
        json.text("tool_call_id", request.toolCallId()).text("name", request.name()).text("arguments_digest",
                request.argumentsDigest());
        if (!(resolution.submission() instanceof Submission.Decisions submitted)) return;
        submitted.decisions().stream().filter(decision -> decision.toolCallId().equals(request.toolCallId()))
                .map(Decision::verdict)
                .forEach(verdict -> {
                    if (verdict instanceof Decision.Edit edit) json.text("edited_arguments_digest", edit.digest());
                });
    }

    private static void decidedBy(Members json, DecidedBy by) {
        json.text("subject", by.subject()).texts("roles", by.roles()).text("via", by.via());
    }

    private static void submission(Members json, Submission submission) {
        switch (submission) {
            case Submission.Decisions submitted -> json.objects("decisions", submitted.decisions(), Shapes::decision);
            case Submission.Answer answer -> json.text("answer", answer.text());
            case Submission.Answers answers -> json.object("answers", one -> answers.byQuestion().forEach(one::text));
        }
    }

    private static void decision(Members json, Decision decision) {
        json.text("tool_call_id", decision.toolCallId()).text("decision", decision.verdict().kind().word());
        switch (decision.verdict()) {
            case Decision.Approve approve ->
                    json.text("scope", approve.scope() == Scope.ONCE ? null : approve.scope().word());
            case Decision.Reject reject -> {
            }
            case Decision.Edit edit -> json.json("editedArguments", edit.arguments());
            case Decision.Respond respond -> json.text("responseText", respond.text());
        }
        json.text("reason", decision.reason()).text("argumentsDigest", decision.argumentsDigest());
    }

    /** Who won, for those who came too late. */
    public static void winner(Members json, Resolution winner) {
        json.text("by", winner.decidedBy().subject()).instant("at", winner.decidedAt());
        submission(json, winner.submission());
    }

    /** A resolved job in the hands of the worker that goes on with it. */
    public static void claim(Members json, Job job, Continuation continuation) {
        Resolution resolution = continuation.resolution();
        json.text("jobId", job.key().id()).object("resolution", resolution, Shapes::resolution)
                .object("action", action -> pendingAction(action, job.key(), job.generation(), resolution.action()))
                .json("resumeContext", resolution.action().resumeContext())
                .text("traceparent", resolution.action().references().trace()).text("fence", job.fence());
        if (continuation.hold() instanceof Hold.Claimed claimed)
            json.instant("leaseExpiresAt", claimed.leaseExpiresAt());
    }

    /** A turn of a conversation. */
    public static void turn(Members json, Job job) {
        json.number("generation", job.generation()).text("status", job.status().word()).json("userMessage",
                job.details().userMessage());
        job.ended().map(Phase.Ended::how).ifPresent(how -> ending(json, how));
        json.instant("createdAt", job.createdAt());
        job.ended().ifPresent(ended -> json.instant("completedAt", ended.at()));
        json.text("responseMessageId", job.details().responseMessageId()).text("runId", job.details().runId())
                .text("agentId", job.details().agent());
    }

    /** An ended job as the archive has it. */
    public static void archivedJob(Members json, Job job) {
        json.text("id", job.key().id()).text("userId", job.details().owner())
                .text("conversationId", job.details().conversation()).number("events", job.lastSeq());
        turn(json, job);
        json.json("metadata", job.details().metadata());
    }

    private static void ending(Members json, Ending how) {
        if (how instanceof Ending.Completed completed) json.json("final", completed.result());
        json.object("error", how.error(), Shapes::error);
    }

    public static String eventName(JobEvent event) {
        return switch (event) {
            case JobEvent.Reported reported -> reported.name().value();
            case JobEvent.JobCreated created -> "job.created";
            case JobEvent.JobPaused paused -> "job.paused";
            case JobEvent.JobResumed resumed -> "job.resumed";
            case JobEvent.JobClaimed claimed -> "job.claimed";
            case JobEvent.JobEnded ended -> switch (ended.how()) {
                case Ending.Completed completed -> "job.completed";
                case Ending.Failed failed -> "job.failed";
                case Ending.Aborted aborted -> "job.aborted";
                case Ending.Expired expired -> "job.expired";
                case Ending.Replaced replaced -> "job.replaced";
            };
        };
    }

    public static Json eventData(JobKey job, LoggedEvent logged) {
        return switch (logged.event()) {
            case JobEvent.Reported reported -> reported.data();
            case JobEvent.JobCreated created -> Members.json(json -> job(json, created.job(), logged.at()));
            case JobEvent.JobPaused paused ->
                    Members.json(json -> pendingAction(json, job, logged.id().generation(), paused.action()));
            case JobEvent.JobResumed resumed -> Members.json(json -> resumed(json, resumed.resolution()));
            case JobEvent.JobClaimed claimed -> Members
                    .json(json -> json.text("workerId", claimed.worker()).number("execution", claimed.execution()));
            case JobEvent.JobEnded ended -> Members.json(json -> ended(json, ended.how()));
        };
    }

    private static void resumed(Members json, Resolution resolution) {
        List<Decision> decisions =
                resolution.submission() instanceof Submission.Decisions submitted ? submitted.decisions() : List.of();
        json.text("actionId", resolution.action().id()).text("resolutionId", resolution.id())
                .object("decidedBy", resolution.decidedBy(), Shapes::decidedBy)
                .objects("decisions", decisions, (one, decision) -> one.text("tool_call_id", decision.toolCallId())
                        .text("decision", decision.verdict().kind().word()));
    }

    private static void ended(Members json, Ending how) {
        json.text("status", how.status().word());
        ending(json, how);
        if (how instanceof Ending.Expired expired) json.text("actionId", expired.action());
    }

    /** An event as an item of a list. */
    public static void event(Members json, JobKey job, LoggedEvent logged) {
        json.text("id", logged.id()).text("event", eventName(logged.event())).json("data", eventData(job, logged));
    }
}
