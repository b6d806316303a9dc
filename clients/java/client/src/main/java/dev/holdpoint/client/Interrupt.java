package dev.holdpoint.client;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What a paused job waits for. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = Interrupt.Approval.class, name = "tool_approval"),
    @JsonSubTypes.Type(value = Interrupt.Asking.class, name = "ask_user_question")})
public sealed interface Interrupt {
    /** May these calls run? */
    record Approval(@JsonProperty("action_requests") List<Request> requests,
            @JsonProperty("review_configs") @Nullable List<Review> reviews) implements Interrupt {}

    /** @param argumentsDigest only of what is stored, as {@code policyReason} and {@code aliases} */
    record Request(@JsonProperty("tool_call_id") String toolCallId, String name, ObjectNode arguments,
            @Nullable String description, @JsonProperty("arguments_digest") @Nullable String argumentsDigest,
            @JsonProperty("policy_reason") @Nullable String policyReason, @Nullable List<String> aliases) {}

    /** Either one question or a batch. */
    record Asking(@Nullable Question question, @Nullable List<Question> questions,
            @JsonProperty("tool_call_id") @Nullable String toolCallId) implements Interrupt {}

    static Interrupt approval(List<ToolCall> calls, Review... reviews) {
        List<Request> requests = calls.stream().map(call -> new Request(call.toolCallId(), call.name(),
                call.arguments(), call.description(), null, null, null)).toList();
        return new Approval(requests, reviews.length == 0 ? null : List.of(reviews));
    }

    static Interrupt question(Question question) { return new Asking(question, null, null); }

    static Interrupt questions(List<Question> questions) { return new Asking(null, List.copyOf(questions), null); }
}
