package dev.holdpoint.text;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.DecidedBy;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.JudgedCall;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.References;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResolutionId;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.Submission;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.TraceParent;
import dev.holdpoint.job.UserId;
import dev.holdpoint.job.WorkerId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * Values of the domain as JSON of our own. Opaque JSON is kept as a string, so that its numbers keep their digits.
 * Names in here lie in stores: a new version may add to them, and must go on reading what older ones wrote.
 */
@RegisterForReflection(targets = {Texts.Interrupts.class, Texts.Submissions.class, Texts.Verdicts.class,
    Texts.Phases.class, Texts.Holds.class, Texts.Endings.class, Texts.Events.class, Texts.Debts.class,
    Interrupt.class, Interrupt.ToolApproval.class, Interrupt.AskUserQuestion.class, Interrupt.ActionRequest.class,
    Interrupt.Review.class, Interrupt.Question.class, Interrupt.Option.class, References.class, DecidedBy.class,
    Submission.class, Submission.Decisions.class, Submission.Answer.class, Submission.Answers.class,
    Decision.class, Decision.Verdict.class, Decision.Approve.class, Decision.Reject.class, Decision.Edit.class,
    Decision.Respond.class, JudgedCall.class, JudgedCall[].class,
    Job.class, JobKey.class, Space.class, JobDetails.class, ClosedAction.class, PendingAction.class, Resolution.class,
    Phase.class, Phase.Running.class, Phase.Waiting.class, Phase.Ended.class,
    Continuation.class, Continuation.Hold.class, Continuation.Hold.Open.class, Continuation.Hold.Claimed.class,
    Ending.class, Ending.Completed.class, Ending.Failed.class, Ending.Aborted.class, Ending.Expired.class,
    Ending.Replaced.class, JobError.class,
    JobEvent.class, JobEvent.Lifecycle.class, JobEvent.Reported.class, JobEvent.JobCreated.class,
    JobEvent.JobPaused.class,
    JobEvent.JobResumed.class, JobEvent.JobClaimed.class, JobEvent.JobEnded.class,
    Debt.class, Debt.EndedJob.class, Debt.ClosedPrompt.class, Debt.JudgedCalls.class, Debt.News.class,
    Debt.Note.class})
public final class Texts {
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
            .addMixIn(Phase.class, Phases.class)
            .addMixIn(Continuation.Hold.class, Holds.class)
            .addMixIn(Ending.class, Endings.class)
            .addMixIn(JobEvent.class, Events.class)
            .addMixIn(Debt.class, Debts.class)
            .addModule(new Names()
                    .with(Json.class, Json::text, Json::new)
                    .with(ToolCallId.class, ToolCallId::value, ToolCallId::new)
                    .with(TenantId.class, TenantId::value, TenantId::new)
                    .with(JobId.class, JobId::value, JobId::new)
                    .with(UserId.class, UserId::value, UserId::new)
                    .with(ConversationId.class, ConversationId::value, ConversationId::new)
                    .with(AgentId.class, AgentId::value, AgentId::new)
                    .with(ActionId.class, ActionId::value, ActionId::new)
                    .with(ResolutionId.class, ResolutionId::value, ResolutionId::new)
                    .with(TraceParent.class, TraceParent::value, TraceParent::new)
                    .with(WorkerId.class, WorkerId::value, WorkerId::new)
                    .with(EventName.class, EventName::value, EventName::new)
                    .with(EventId.class, EventId::toString, Texts::eventId)
                    .addSerializer(new InstantSerializer())
                    .addDeserializer(Instant.class, new InstantDeserializer()))
            .build();

    static {
        MAPPER.getFactory().setStreamReadConstraints(
                StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build());
    }

    private Texts() {}

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

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = Phase.Running.class, name = "running"),
        @JsonSubTypes.Type(value = Phase.Waiting.class, name = "waiting"),
        @JsonSubTypes.Type(value = Phase.Ended.class, name = "ended")})
    interface Phases {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = Continuation.Hold.Open.class, name = "open"),
        @JsonSubTypes.Type(value = Continuation.Hold.Claimed.class, name = "claimed")})
    interface Holds {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = Ending.Completed.class, name = "completed"),
        @JsonSubTypes.Type(value = Ending.Failed.class, name = "failed"),
        @JsonSubTypes.Type(value = Ending.Aborted.class, name = "aborted"),
        @JsonSubTypes.Type(value = Ending.Expired.class, name = "expired"),
        @JsonSubTypes.Type(value = Ending.Replaced.class, name = "replaced")})
    interface Endings {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = JobEvent.Reported.class, name = "reported"),
        @JsonSubTypes.Type(value = JobEvent.JobCreated.class, name = "created"),
        @JsonSubTypes.Type(value = JobEvent.JobPaused.class, name = "paused"),
        @JsonSubTypes.Type(value = JobEvent.JobResumed.class, name = "resumed"),
        @JsonSubTypes.Type(value = JobEvent.JobClaimed.class, name = "claimed"),
        @JsonSubTypes.Type(value = JobEvent.JobEnded.class, name = "ended")})
    interface Events {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({@JsonSubTypes.Type(value = Debt.EndedJob.class, name = "ended"),
        @JsonSubTypes.Type(value = Debt.ClosedPrompt.class, name = "closed"),
        @JsonSubTypes.Type(value = Debt.JudgedCalls.class, name = "judged"),
        @JsonSubTypes.Type(value = Debt.News.class, name = "news"),
        @JsonSubTypes.Type(value = Debt.Note.class, name = "note")})
    interface Debts {}

    /** Types that the mapper isn't told of here must be registered for reflection where they are. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalStateException("every value can be written", unwritable);
        }
    }

    /** Throws {@link Unreadable} when the text isn't what {@link #write} made. */
    public static <T> T read(@Nullable String text, Class<T> type) {
        if (text == null) throw new Unreadable("nothing is stored", null);
        try {
            T value = MAPPER.readValue(text, type);
            if (value == null) throw new Unreadable("null is stored", null);
            return value;
        } catch (JsonProcessingException | IllegalArgumentException | NullPointerException broken) {
            throw new Unreadable("what is stored is not a " + type.getSimpleName(), broken);
        }
    }

    public static boolean isJson(String text) {
        try (JsonParser json = MAPPER.getFactory().createParser(text)) {
            if (json.nextToken() == null) return false;
            json.skipChildren();
            return json.nextToken() == null;
        } catch (IOException broken) {
            return false;
        }
    }

    public static JsonParser parser(byte[] text) throws IOException { return MAPPER.getFactory().createParser(text); }

    private static EventId eventId(String text) {
        return EventId.parse(text).orElseThrow(() -> new IllegalArgumentException("no event id: " + text));
    }

    /** Values that are one text. */
    private static final class Names extends SimpleModule {
        private static final long serialVersionUID = 1;

        <T> Names with(Class<T> type, Function<T, String> text, Function<String, T> made) {
            addSerializer(new TextSerializer<>(type, text));
            addDeserializer(type, new TextDeserializer<>(type, made));
            return this;
        }
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

    /** Milliseconds, which nearly every instant is whole in; ISO-8601 for one that isn't. */
    private static final class InstantSerializer extends StdSerializer<Instant> {
        private static final long serialVersionUID = 1;

        InstantSerializer() { super(Instant.class); }

        @Override
        public void serialize(Instant at, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (at.equals(at.truncatedTo(ChronoUnit.MILLIS))) json.writeNumber(at.toEpochMilli());
            else json.writeString(at.toString());
        }
    }

    private static final class InstantDeserializer extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1;

        InstantDeserializer() { super(Instant.class); }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return json.currentToken() == JsonToken.VALUE_STRING ? Instant.parse(json.getText())
                    : Instant.ofEpochMilli(json.getLongValue());
        }
    }
}
