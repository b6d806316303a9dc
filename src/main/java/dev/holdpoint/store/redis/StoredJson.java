package dev.holdpoint.store.redis;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.holdpoint.job.DecidedBy;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.JudgedCall;
import dev.holdpoint.job.References;
import dev.holdpoint.job.Submission;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.TraceParent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** How parts of a job that scripts carry but never look into are written down. Opaque JSON is kept as a string, so that its numbers keep their digits. */
@RegisterForReflection(targets = {StoredJson.Prompt.class, StoredJson.Details.class, StoredJson.Decided.class,
    RedisRules.Rest.class,
    StoredJson.Interrupts.class, StoredJson.Submissions.class, StoredJson.Verdicts.class,
    Interrupt.class, Interrupt.ToolApproval.class, Interrupt.AskUserQuestion.class, Interrupt.ActionRequest.class,
    Interrupt.Review.class, Interrupt.Question.class, Interrupt.Option.class, References.class, DecidedBy.class,
    Submission.class, Submission.Decisions.class, Submission.Answer.class, Submission.Answers.class,
    Decision.class, Decision.Verdict.class, Decision.Approve.class, Decision.Reject.class, Decision.Edit.class,
    Decision.Respond.class, JudgedCall.class, JudgedCall[].class})
final class StoredJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .visibility(PropertyAccessor.ALL, Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
            .defaultPropertyInclusion(JsonInclude.Value.construct(Include.NON_NULL, Include.NON_NULL))
            // A newer service may have written more than this one knows.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addMixIn(Interrupt.class, Interrupts.class)
            .addMixIn(Submission.class, Submissions.class)
            .addMixIn(Decision.Verdict.class, Verdicts.class)
            .addModule(new SimpleModule()
                    .addSerializer(new TextSerializer<>(Json.class, Json::text))
                    .addDeserializer(Json.class, new TextDeserializer<>(Json.class, Json::new))
                    .addSerializer(new TextSerializer<>(ToolCallId.class, ToolCallId::value))
                    .addDeserializer(ToolCallId.class, new TextDeserializer<>(ToolCallId.class, ToolCallId::new))
                    .addSerializer(new TextSerializer<>(TraceParent.class, TraceParent::value))
                    .addDeserializer(TraceParent.class, new TextDeserializer<>(TraceParent.class, TraceParent::new)))
            .build();

    static {
        MAPPER.getFactory().setStreamReadConstraints(
                StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build());
    }

    private StoredJson() {}

    /** What a pause keeps beside the fields that scripts look at. */
    record Prompt(Interrupt payload, References references, @Nullable Json resumeContext,
            @Nullable Long policyVersion) {}

    /** What a creation keeps beside them. */
    record Details(@Nullable String runId, @Nullable String responseMessageId, @Nullable Json userMessage,
            Json metadata) {}

    /** What a resolution keeps beside them. */
    record Decided(DecidedBy decidedBy, Submission submission, String durability) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = Interrupt.ToolApproval.class, name = "tool_approval"),
        @JsonSubTypes.Type(value = Interrupt.AskUserQuestion.class, name = "ask_user_question")})
    interface Interrupts {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = Submission.Decisions.class, name = "decisions"),
        @JsonSubTypes.Type(value = Submission.Answer.class, name = "answer"),
        @JsonSubTypes.Type(value = Submission.Answers.class, name = "answers")})
    interface Submissions {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = Decision.Approve.class, name = "approve"),
        @JsonSubTypes.Type(value = Decision.Reject.class, name = "reject"),
        @JsonSubTypes.Type(value = Decision.Edit.class, name = "edit"),
        @JsonSubTypes.Type(value = Decision.Respond.class, name = "respond")})
    interface Verdicts {}

    static String write(Object part) {
        try {
            return MAPPER.writeValueAsString(part);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalStateException("every part of a job can be written", unwritable);
        }
    }

    /** Throws {@link Unreadable} when the text isn't what {@link #write} made. */
    static <T> T read(@Nullable String text, Class<T> type) {
        if (text == null) throw new Unreadable("nothing is stored", null);
        try {
            T part = MAPPER.readValue(text, type);
            if (part == null) throw new Unreadable("null is stored", null);
            return part;
        } catch (JsonProcessingException | IllegalArgumentException | NullPointerException broken) {
            throw new Unreadable("what is stored is not a " + type.getSimpleName(), broken);
        }
    }

    static Details details(@Nullable String text) {
        Details details = read(text, Details.class);
        if (details.metadata() == null) throw new Unreadable("details without metadata", null);
        return details;
    }

    static boolean isJson(String text) {
        try (JsonParser json = MAPPER.getFactory().createParser(text)) {
            if (json.nextToken() == null) return false;
            json.skipChildren();
            return json.nextToken() == null;
        } catch (IOException broken) {
            return false;
        }
    }

    static String[] strings(String text) { return read(text, String[].class); }

    static JsonParser parser(byte[] text) throws IOException { return MAPPER.getFactory().createParser(text); }

    /** Something else wrote into what is ours. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(String message, @Nullable Throwable cause) { super(message, cause, false, false); }
    }

    private static final class TextSerializer<T> extends StdSerializer<T> {
        private static final long serialVersionUID = 1;

        private final transient Function<T, String> text;

        TextSerializer(Class<T> type, Function<T, String> text) {
            super(type);
            this.text = text;
        }

        @Override
        public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(text.apply(value));
        }
    }

    private static final class TextDeserializer<T> extends StdDeserializer<T> {
        private static final long serialVersionUID = 1;

        private final transient Function<String, T> made;

        TextDeserializer(Class<T> type, Function<String, T> made) {
            super(type);
            this.made = made;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return made.apply(json.getText());
        }
    }

    static @Nullable Instant instant(@Nullable String millis) {
        return millis == null || millis.isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(millis));
    }

    static String millis(Duration span) { return Long.toString(span.toMillis()); }
}
