package dev.holdpoint.dialect.mcp;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.holdpoint.approval.RequestedPrompt;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.References;
import dev.holdpoint.job.Sha256;

/**
 * One call that asks a person. It is a job of its own, and the job's id is its prompt's id as well:
 * the one id that whoever asked is told.
 *
 * @param marker  what the job tells of it
 * @param payload what is asked, without its secrets
 * @param named   whether the same call would find it again
 */
record Inquiry(JobKey job, Marker marker, JobDetails details, RequestedPrompt prompt, Interrupt payload,
        boolean named, Deadline deadline, References references) {
    ActionId action() { return action(job); }

    static ActionId action(JobKey job) { return new ActionId(job.id().value()); }

    /** @param kept without its secrets, as the person gets to see it */
    static String digest(Interrupt kept) {
        return switch (kept) {
            case Interrupt.ToolApproval approval -> Sha256.of(approval.requests().stream()
                    .map(Inquiry::words).collect(Collectors.joining("\n")));
            case Interrupt.AskUserQuestion ask -> Sha256.of(ask.questions().stream()
                    .map(Inquiry::words).collect(Collectors.joining("\n")));
        };
    }

    /**
     * The arguments' own digest takes large numbers for equal that aren't, and their text lacks
     * what is hidden: together they tell all.
     */
    private static String words(Interrupt.ActionRequest request) {
        return words(List.of(request.name(), request.argumentsDigest(), request.arguments().text()));
    }

    private static String words(Interrupt.Question question) {
        List<String> parts = new ArrayList<>(List.of(String.valueOf(question.id()), question.text(),
                String.valueOf(question.description()), String.valueOf(question.multiSelect())));
        question.options().forEach(option -> parts.addAll(List.of(option.label(), option.value())));
        return words(parts);
    }

    /** Each part with its length, so that no two things asked read the same. */
    private static String words(List<String> parts) {
        return parts.stream().map(part -> part.length() + ":" + part).collect(Collectors.joining());
    }
}
