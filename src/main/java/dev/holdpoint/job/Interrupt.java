package dev.holdpoint.job;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** What the worker asks of a person. Shapes follow LangChain's and LibreChat's interrupt payloads. */
public sealed interface Interrupt {
    /** Of the tools that it asks for, one for each call. */
    List<String> toolNames();

    /** Asks whether tool calls may run: 1 to 64 requests with unique tool call ids, each with its own review. */
    record ToolApproval(List<ActionRequest> requests) implements Interrupt {
        public ToolApproval {
            requests = List.copyOf(requests);
        }

        @Override
        public List<String> toolNames() { return requests.stream().map(ActionRequest::name).toList(); }
    }

    /**
     * Asks for words. {@code batch} tells whether the answer is a map by question id; otherwise there
     * is exactly one question, without an id.
     */
    record AskUserQuestion(boolean batch, List<Question> questions, @Nullable ToolCallId toolCallId)
            implements Interrupt {
        public AskUserQuestion {
            questions = List.copyOf(questions);
        }

        @Override
        public List<String> toolNames() { return List.of(); }
    }

    /**
     * @param arguments       a JSON object, as received
     * @param argumentsDigest lower-case hex SHA-256 of the canonical (RFC 8785) arguments
     * @param description     the agent's own words
     * @param aliases         other spellings of the tool, which rules may name it by
     * @param reason          why a policy asks, in the words of whoever wrote it
     */
    record ActionRequest(ToolCallId toolCallId, String name, Json arguments, String argumentsDigest,
            @Nullable String description, Review review, List<String> aliases, @Nullable String reason) {
        public ActionRequest {
            // What was stored before there were aliases has none.
            aliases = aliases == null ? List.of() : List.copyOf(aliases);
        }
    }

    /**
     * @param allowed     never empty, or the prompt could not be decided
     * @param argsSchema  JSON Schema 2020-12 that edited arguments must satisfy
     * @param allowAlways false offers no memory for this call
     */
    record Review(String actionName, Set<DecisionKind> allowed, @Nullable Json argsSchema,
            @Nullable Boolean allowAlways) {
        public Review {
            allowed = Set.copyOf(allowed);
        }
    }

    record Question(@Nullable String id, @Nullable String header, String text, @Nullable String description,
            List<Option> options, boolean multiSelect) {
        public Question {
            options = List.copyOf(options);
        }
    }

    record Option(String label, String value) {}
}
