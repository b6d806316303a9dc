package dev.holdpoint.job;

import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Which pending actions to list.
 *
 * @param owner when given, only this user's
 * @param other when given, only those of other users than this one
 * @param tool  when given, only prompts that ask for this exact tool name
 * @param text  when given, only prompts in whose ids, tool names, descriptions or question texts it occurs, in any case
 */
public record PendingQuery(@Nullable UserId owner, @Nullable UserId other, @Nullable String tool, @Nullable String text,
        Order order) {
    public enum Order { DEADLINE, NEWEST, OLDEST }

    public boolean matches(Job job, PendingAction action) {
        return (owner == null || owner.equals(job.details().owner()))
                && (other == null || !other.equals(job.details().owner()))
                && (tool == null || action.payload().toolNames().contains(tool))
                && (text == null || Stream.concat(ids(job, action), words(action)).anyMatch(this::contains));
    }

    private boolean contains(String words) {
        return text != null && words.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }

    private static Stream<String> ids(Job job, PendingAction action) {
        AgentId agent = job.details().agent();
        return Stream.concat(Stream.ofNullable(agent).map(AgentId::value),
                Stream.of(job.key().id().value(), action.id().value(),
                        job.details().conversation().value(), job.details().owner().value()));
    }

    private static Stream<String> words(PendingAction action) {
        return switch (action.payload()) {
            case Interrupt.ToolApproval approval -> approval.requests().stream()
                    .flatMap(request -> Stream.concat(Stream.of(request.name()),
                            Stream.ofNullable(request.description())));
            case Interrupt.AskUserQuestion ask -> ask.questions().stream().map(Interrupt.Question::text);
        };
    }
}
