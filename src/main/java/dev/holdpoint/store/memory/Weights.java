package dev.holdpoint.store.memory;

import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.Submission;
import org.jspecify.annotations.Nullable;

/** About how many bytes things take: good enough to bound the store by. */
final class Weights {
    private static final long OBJECT = 200;

    private Weights() {}

    static long of(JobEvent event) {
        return OBJECT + switch (event) {
            case JobEvent.Reported reported -> of(reported.data());
            case JobEvent.JobCreated created -> of(created.job());
            case JobEvent.JobPaused paused -> of(paused.action());
            case JobEvent.JobResumed resumed -> of(resumed.resolution().submission());
            case JobEvent.JobClaimed claimed -> 0;
            case JobEvent.JobEnded ended ->
                    of(ended.how());
        };
    }

    /** What is owed to the archive, which may outlive the job that it tells of. */
    static long of(Debt debt) {
        return 2 * OBJECT + switch (debt) {
            case Debt.EndedJob ended -> of(ended.job());
            case Debt.ClosedPrompt closed -> (closed.action() == null ? 0 : of(closed.action()))
                    + (closed.resolution() == null ? 0 : of(closed.resolution().submission()));
            case Debt.JudgedCalls judged -> judged.calls().stream()
                    .mapToLong(call -> 2 * OBJECT + of(call.arguments()) + length(call.reason()) + of(call.ground()))
                    .sum();
            case Debt.News news -> of(news.what());
            case Debt.Note note -> of(note.body()) + of(note.content());
        };
    }

    private static long of(Ending how) {
        JobError error = how.error();
        return (how instanceof Ending.Completed completed ? of(completed.result()) : 0)
                + (error == null ? 0 : length(error.message()));
    }

    /** What a phase holds that isn't among the closed prompts. */
    static long of(Phase phase) {
        return switch (phase) {
            case Phase.Running running -> 0;
            case Phase.Waiting waiting -> waiting.action() == null ? 0 : of(waiting.action());
            case Phase.Ended ended -> of(ended.how());
        };
    }

    private static long of(Job job) { return of(job.details()) + job.closed().stream().mapToLong(Weights::of).sum(); }

    static long of(ClosedAction closed) {
        Resolution resolution = closed.resolution();
        return OBJECT + (resolution == null ? 0 : of(resolution.action()) + of(resolution.submission()));
    }

    static long of(JobDetails details) {
        return 4 * OBJECT + of(details.userMessage()) + of(details.metadata());
    }

    private static long of(PendingAction action) {
        return of(action.resumeContext()) + switch (action.payload()) {
            case Interrupt.ToolApproval approval -> approval.requests().stream().mapToLong(Weights::of).sum();
            case Interrupt.AskUserQuestion ask -> ask.questions().stream().mapToLong(Weights::of).sum();
        };
    }

    private static long of(Interrupt.ActionRequest request) {
        return 3 * OBJECT + of(request.arguments()) + length(request.description()) + of(request.review().argsSchema());
    }

    private static long of(Interrupt.Question question) {
        return 2 * OBJECT + length(question.text()) + length(question.header()) + length(question.description())
                + question.options().stream().mapToLong(option -> length(option.label()) + length(option.value()))
                        .sum();
    }

    private static long of(Submission submission) {
        return switch (submission) {
            case Submission.Decisions decisions -> decisions.decisions().stream().mapToLong(Weights::of).sum();
            case Submission.Answer answer -> length(answer.text());
            case Submission.Answers answers -> answers.byQuestion().values().stream().mapToLong(Weights::length).sum();
        };
    }

    private static long of(Decision decision) {
        return OBJECT + length(decision.reason()) + switch (decision.verdict()) {
            case Decision.Approve approve -> 0;
            case Decision.Reject reject -> 0;
            case Decision.Edit edit -> of(edit.arguments());
            case Decision.Respond respond -> length(respond.text());
        };
    }

    static long of(@Nullable Json json) { return json == null ? 0 : length(json.text()); }

    /** A string takes two bytes a character as soon as one of them is beyond Latin-1. */
    private static long length(@Nullable String text) {
        if (text == null) return 0;
        return text.chars().anyMatch(character -> character > 0xff) ? 2L * text.length() : text.length();
    }
}
