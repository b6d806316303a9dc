package dev.holdpoint.dialect.mcp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.holdpoint.access.Caller;
import dev.holdpoint.approval.Masking;
import dev.holdpoint.approval.Prompts;
import dev.holdpoint.approval.Prompts.Reading;
import dev.holdpoint.approval.RequestedPrompt;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.Traces;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.NewPause.Deadline;
import dev.holdpoint.job.References;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Makes an inquiry of what a tool was called with, and of what the client's headers say of all its calls. */
@ApplicationScoped
class Inquiries {
    private static final long LONGEST_SECONDS = 315_360_000;

    private final McpConfig config;
    private final Ids ids;
    private final Masking masking;

    Inquiries(McpConfig config, Ids ids, Masking masking) {
        this.config = config;
        this.ids = ids;
        this.masking = masking;
    }

    /**
     * What is said beside the prompt.
     *
     * @param key names the call; null when its caller doesn't
     */
    private record Frame(String tool, @Nullable String key, @Nullable String user, @Nullable String conversation,
            @Nullable Long expiresIn) {}

    Uni<Inquiry> approval(Caller caller, HttpServerRequest request, Arguments.Approval asked) {
        String id = asked.toolUseId() == null ? "call" : asked.toolUseId();
        RequestedPrompt prompt = new RequestedPrompt.Approval(
                List.of(new RequestedPrompt.Call(id, Inputs.present(asked.toolName(), "tool_name"),
                        Inputs.present(asked.input(), "input"), asked.description(), List.of())),
                asked.allowedDecisions() == null ? null
                        : List.of(new RequestedPrompt.Review(asked.toolName(), id, asked.allowedDecisions(), null,
                                null)));
        return inquiry(caller, request, prompt, new Frame(Tools.REQUEST, asked.toolUseId(), asked.userId(),
                asked.conversationId(), asked.expiresInSeconds()));
    }

    Uni<Inquiry> question(Caller caller, HttpServerRequest request, Arguments.Ask asked) {
        return inquiry(caller, request, prompt(asked), new Frame(Tools.ASK, asked.idempotencyKey(), asked.userId(),
                asked.conversationId(), asked.expiresInSeconds()));
    }

    private static RequestedPrompt prompt(Arguments.Ask asked) {
        if (asked.questions() == null) return new RequestedPrompt.Ask(
                new RequestedPrompt.Question(null, asked.header(), Inputs.present(asked.question(), "question"),
                        asked.description(), options(asked.options()), asked.multiSelect()),
                null, null);
        if (asked.question() != null || asked.options() != null)
            throw Inputs.invalid("Send question or questions, not both.");
        List<RequestedPrompt.Question> questions = new ArrayList<>();
        for (Arguments.Question one : asked.questions()) {
            Arguments.Question question = Inputs.present(one, "questions[]");
            String id = question.id() == null ? "q" + (questions.size() + 1) : question.id();
            questions.add(new RequestedPrompt.Question(id, question.header(), question.question(),
                    question.description(), options(question.options()), question.multiSelect()));
        }
        return new RequestedPrompt.Ask(null, questions, null);
    }

    private static @Nullable List<RequestedPrompt.Option> options(@Nullable List<Arguments.@Nullable Option> options) {
        return options == null ? null : options.stream().map(Inquiries::option).toList();
    }

    private static RequestedPrompt.Option option(Arguments.@Nullable Option sent) {
        Arguments.Option option = Inputs.present(sent, "options[]");
        String label = Inputs.present(option.label(), "options[].label");
        return new RequestedPrompt.Option(option.description() == null ? label : label + ": " + option.description(),
                option.value() == null ? label : option.value());
    }

    private Uni<Inquiry> inquiry(Caller caller, HttpServerRequest request, RequestedPrompt prompt, Frame frame) {
        UserId user = user(caller, request.getHeader("Holdpoint-User"), frame.user());
        JobKey job = caller.space().job(job(caller, user, frame));
        Deadline deadline = deadline(frame.expiresIn());
        Traces trace = Traces.of(request);
        String conversation = conversation(request.getHeader("Holdpoint-Conversation"), frame.conversation());
        References references = new References(null, null, null, null, trace.place());
        return Prompts.read(prompt).map(reading -> switch (reading) {
            case Reading.Unfit unfit -> throw new Problem(ProblemType.INVALID_INTERRUPT, unfit.why() + ".").refused();
            case Reading.Prompt fit -> {
                Interrupt payload = masking.prompt(fit.payload());
                Marker marker = new Marker(frame.tool(), Inquiry.digest(payload));
                JobDetails details = new JobDetails(user,
                        new ConversationId(conversation == null ? job.id().value() : conversation),
                        new AgentId(caller.subject()), null, null, null, marker.metadata());
                Inquiry inquiry = new Inquiry(job, marker, details, prompt, payload, frame.key() != null, deadline,
                        references);
                trace.concern(job, inquiry.action());
                yield inquiry;
            }
        });
    }

    /** Whoever set up the client comes before the model that calls: it must not pick who decides. */
    private UserId user(Caller caller, @Nullable String setUp, @Nullable String named) {
        if (setUp != null && named != null && !setUp.equals(named))
            throw Refusals.forbidden("This client asks " + setUp + " and nobody else.").refused();
        String user = Optional.ofNullable(setUp).or(() -> Optional.ofNullable(named)).or(config::user).orElse(null);
        return JobAccess.owner(caller, user, "Holdpoint-User or userId");
    }

    /** Nor may it pick the conversation, in which an approval for the session may hold. */
    private static @Nullable String conversation(@Nullable String setUp, @Nullable String named) {
        if (setUp != null && named != null && !setUp.equals(named))
            throw Refusals.forbidden("This client asks in conversation " + setUp + " and in no other.").refused();
        return setUp != null ? setUp : named;
    }

    /**
     * The same call by the same caller is the same job, on any replica and after any
     * restart. No part can hold a line break.
     */
    private JobId job(Caller caller, UserId user, Frame frame) {
        if (frame.key() == null) return new JobId(Marker.PREFIX + ids.next());
        return new JobId(Marker.PREFIX + Sha256.of(String.join("\n", caller.subject(), user.value(), frame.tool(),
                frame.key())).substring(0, 40));
    }

    private static Deadline deadline(@Nullable Long seconds) {
        return seconds == null ? new Deadline.Unsaid() : new Deadline.In(seconds(seconds, 1, "expiresInSeconds"));
    }

    /**
     * How long a call waits: as it says itself, or else as its client is set up;
     * never longer than this service lets it.
     */
    Duration wait(@Nullable Long said, HttpServerRequest request) {
        String setUp = request.getHeader("Holdpoint-Wait");
        Duration wanted = said != null
                ? seconds(said, 0, "waitSeconds")
                : setUp != null ? Inputs.ttl(setUp) : config.waitTime();
        return wanted.compareTo(config.longestWait()) > 0 ? config.longestWait() : wanted;
    }

    private static Duration seconds(long seconds, long least, String name) {
        if (seconds < least || seconds > LONGEST_SECONDS)
            throw Inputs.invalid(name + " is " + least + " to " + LONGEST_SECONDS + ".");
        return Duration.ofSeconds(seconds);
    }
}
