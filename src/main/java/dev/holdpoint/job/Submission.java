package dev.holdpoint.job;

import java.util.List;
import java.util.Map;

/** What a person sends to close a pending action. Equal submissions say the same thing. */
public sealed interface Submission {
    record Decisions(List<Decision> decisions) implements Submission {
        public Decisions {
            decisions = List.copyOf(decisions);
        }
    }

    /** The answer to a prompt with one question. */
    record Answer(String text) implements Submission {}

    /** The answers to a batch, by question id. */
    record Answers(Map<String, String> byQuestion) implements Submission {
        public Answers {
            byQuestion = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(byQuestion));
        }
    }
}
