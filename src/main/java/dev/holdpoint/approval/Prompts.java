package dev.holdpoint.approval;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Interrupt.Review;
import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Text;
import dev.holdpoint.job.ToolCallId;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** Turns what a worker asks for into a prompt that a person can decide, or says why it can't be one. */
public final class Prompts {
    private static final int MOST_CALLS = 64;
    private static final int MOST_QUESTIONS = 4;
    private static final int MOST_ALIASES = 16;
    private static final int LONGEST_NAME = 256;
    private static final Set<DecisionKind> OFFERED_BY_DEFAULT = Set.copyOf(
            EnumSet.of(DecisionKind.APPROVE, DecisionKind.REJECT, DecisionKind.EDIT));

    private Prompts() {}

    public sealed interface Reading {
        record Prompt(Interrupt payload) implements Reading {}

        /** @param why a sentence for the worker's author */
        record Unfit(String why) implements Reading {}
    }

    /** Carries the sentence out of nested readers; never leaves this class. */
    private static final class UnfitPrompt extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnfitPrompt(String why) { super(why, null, false, false); }
    }

    /** Fails with {@link InvalidName} when a tool call's id breaks the rule for names. */
    public static Uni<Reading> read(RequestedPrompt requested) {
        Uni<Reading> reading = Uni.createFrom().item(() -> readNow(requested));
        return hasSchema(requested) ? ArgumentsSchema.aside(reading) : reading;
    }

    private static boolean hasSchema(RequestedPrompt requested) {
        return requested instanceof RequestedPrompt.Approval approval && approval.reviews() != null
                && approval.reviews().stream().anyMatch(review -> review.argsSchema() != null);
    }

    static Reading readNow(RequestedPrompt requested) {
        try {
            return new Reading.Prompt(switch (requested) {
                case RequestedPrompt.Approval approval -> approval(approval);
                case RequestedPrompt.Ask ask -> question(ask);
                case RequestedPrompt.Unknown unknown ->
                        throw new UnfitPrompt(
                                "type must be tool_approval or ask_user_question, but is " + unknown.type());
            });
        } catch (InvalidName invalid) {
            // Names have one rule and one refusal wherever they stand.
            throw invalid;
        } catch (UnfitPrompt unfit) {
            return new Reading.Unfit(String.valueOf(unfit.getMessage()));
        }
    }

    private static Interrupt approval(RequestedPrompt.Approval asked) {
        List<RequestedPrompt.Call> calls = between("the list of tool calls", asked.calls(), 1, MOST_CALLS);
        Map<ToolCallId, RequestedPrompt.Review> reviews = new HashMap<>();
        for (RequestedPrompt.Review review : Optional.ofNullable(asked.reviews()).orElse(List.of())) {
            ToolCallId id = toolCall("review_configs[].tool_call_id", review.toolCallId());
            if (reviews.put(id, review) != null) throw new UnfitPrompt("two review_configs name tool_call_id " + id);
        }
        Set<ToolCallId> seen = new HashSet<>();
        List<ActionRequest> requests = calls.stream().map(call -> request(call, reviews, seen)).toList();
        reviews.keySet().stream().filter(id -> !seen.contains(id)).findFirst().ifPresent(id -> {
            throw new UnfitPrompt("a review_config names tool_call_id " + id + ", which no tool call has");
        });
        return new Interrupt.ToolApproval(requests);
    }

    private static ActionRequest request(RequestedPrompt.Call call, Map<ToolCallId, RequestedPrompt.Review> reviews,
            Set<ToolCallId> seen) {
        ToolCallId id = toolCall("the id of a tool call", call.toolCallId());
        if (!seen.add(id)) throw new UnfitPrompt("two tool calls have the id " + id);
        String name = brief(present("the name of a tool call", call.name()), "name");
        Json arguments = present("arguments of a tool call", call.arguments());
        if (!arguments.isObject()) throw new UnfitPrompt("arguments of " + id + " must be a JSON object");
        String digest = ArgumentsDigest.of(arguments)
                .orElseThrow(() -> new UnfitPrompt("arguments of " + id + " have no canonical (RFC 8785) form"));
        return new ActionRequest(id, name, arguments, digest, call.description(), review(name, id, reviews.get(id)),
                aliases(call), null);
    }

    private static List<String> aliases(RequestedPrompt.Call call) {
        if (call.aliases().size() > MOST_ALIASES)
            throw new UnfitPrompt("aliases must have at most " + MOST_ALIASES + " entries");
        return call.aliases().stream().map(alias -> brief(present("aliases[]", alias), "alias")).toList();
    }

    private static Review review(String name, ToolCallId id, RequestedPrompt.@Nullable Review review) {
        if (review == null) return new Review(name, OFFERED_BY_DEFAULT, null, null);
        if (review.argsSchema() != null) {
            ArgumentsSchema.fault(review.argsSchema()).ifPresent(fault -> {
                throw new UnfitPrompt("args_schema of " + id + " " + fault);
            });
        }
        return new Review(review.actionName() == null ? name : brief(review.actionName(), "action_name"),
                allowed(id, review.allowedDecisions()),
                review.argsSchema(), review.allowAlways());
    }

    private static Set<DecisionKind> allowed(ToolCallId id, @Nullable List<String> words) {
        if (words == null) return OFFERED_BY_DEFAULT;
        Set<DecisionKind> kinds = EnumSet.noneOf(DecisionKind.class);
        for (String word : words) {
            kinds.add(DecisionKind.parse(word).orElseThrow(
                    () -> new UnfitPrompt("allowed_decisions of " + id
                            + " may hold approve, reject, edit and respond, not " + word)));
        }
        if (kinds.isEmpty())
            throw new UnfitPrompt("allowed_decisions of " + id + " must not be empty: nobody could decide it");
        return Set.copyOf(kinds);
    }

    private static Interrupt question(RequestedPrompt.Ask ask) {
        ToolCallId toolCall = ask.toolCallId() == null ? null : new ToolCallId(ask.toolCallId());
        if (ask.questions() == null) {
            return new Interrupt.AskUserQuestion(false, List.of(question(present("question", ask.question()), null)),
                    toolCall);
        }
        Set<String> ids = new HashSet<>();
        List<Interrupt.Question> questions = between("questions", ask.questions(), 1, MOST_QUESTIONS).stream()
                .map(question -> question(question,
                        Text.name("questions[].id", present("questions[].id", question.id()))))
                .toList();
        for (Interrupt.Question question : questions) {
            if (!ids.add(String.valueOf(question.id())))
                throw new UnfitPrompt("two questions have id " + question.id());
        }
        return new Interrupt.AskUserQuestion(true, questions, toolCall);
    }

    private static Interrupt.Question question(RequestedPrompt.Question asked, @Nullable String id) {
        List<Interrupt.Option> options = Optional.ofNullable(asked.options()).orElse(List.of()).stream()
                .map(option -> new Interrupt.Option(present("options[].label", option.label()),
                        present("options[].value", option.value())))
                .toList();
        return new Interrupt.Question(id, asked.header(), present("question", asked.question()), asked.description(),
                options,
                Boolean.TRUE.equals(asked.multiSelect()));
    }

    private static <T> List<T> between(String what, @Nullable List<T> entries, int least, int most) {
        int count = entries == null ? 0 : entries.size();
        if (entries == null || count < least || count > most) {
            throw new UnfitPrompt(what + " must have " + least + " to " + most + " entries, but has " + count);
        }
        return entries;
    }

    /** Names are for keeping in many places, so they have the length of every name. */
    private static String brief(String name, String what) {
        if (name.length() > LONGEST_NAME)
            throw new UnfitPrompt(what + " has more than " + LONGEST_NAME + " characters");
        return name;
    }

    /** An empty one is there, and breaks the rule for names. */
    private static ToolCallId toolCall(String what, @Nullable String id) {
        if (id == null) throw new UnfitPrompt(what + " is missing");
        return new ToolCallId(id);
    }

    private static String present(String what, @Nullable String text) {
        if (text == null || text.isEmpty()) throw new UnfitPrompt(what + " is missing");
        return text;
    }

    private static <T> T present(String what, @Nullable T value) {
        if (value == null) throw new UnfitPrompt(what + " is missing");
        return value;
    }
}
