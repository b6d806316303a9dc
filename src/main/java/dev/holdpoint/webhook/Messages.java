package dev.holdpoint.webhook;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.holdpoint.cloudevents.CloudEvent;
import dev.holdpoint.cloudevents.CloudEvents;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ClosedAction.Outcome;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt;
import dev.holdpoint.job.Decision;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.InstantText;
import dev.holdpoint.job.Interrupt;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.job.Submission;
import dev.holdpoint.job.TraceParent;
import dev.holdpoint.job.UserId;
import dev.holdpoint.mask.Masks;
import org.jspecify.annotations.Nullable;

/**
 * Writes what an endpoint is told. Ids, names and outcomes are told to everybody; words and arguments
 * only where that is asked for, and masked.
 */
final class Messages {
    /** Receivers are told little and ask for the rest; a body beyond this leaves the content out. */
    private static final int MOST_BYTES = 16_384;
    private static final Set<String> LISTS = Set.of("tools", "decisions", "questions");
    private static final int ID_DIGITS = 32;

    private final Masks masks;
    private final CloudEvents cloudEvents;

    Messages(Masks masks, CloudEvents cloudEvents) {
        this.masks = masks;
        this.cloudEvents = cloudEvents;
    }

    /** What belongs to the endpoint of all that the debt tells of. */
    List<Message> of(Debt debt, Endpoint endpoint) {
        return switch (debt) {
            case Debt.News news -> news(news, endpoint);
            case Debt.ClosedPrompt closed -> closed(closed, endpoint);
            case Debt.EndedJob ended -> ended(ended.job(), endpoint);
            case Debt.JudgedCalls judged -> List.of();
            case Debt.Note note -> List.of();
        };
    }

    /**
     * @param prompt the action that an approval is about
     * @param about  what the event is about, with or without content
     */
    private record Event(EventType type, JobKey job, EventId id, Instant at, @Nullable ActionId prompt,
            @Nullable TraceParent trace, Facts about) {
        Event(EventType type, JobKey job, EventId id, Instant at, Facts about) {
            this(type, job, id, at, null, null, about);
        }

        Event with(@Nullable ActionId prompt, @Nullable TraceParent trace) {
            return new Event(type, job, id, at, prompt, trace, about);
        }

        Head head() {
            return new Head(type, at, CloudEvent.id(job, id, type.word()),
                    prompt == null ? CloudEvent.subject(job.id()) : CloudEvent.subject(job.id(), prompt), trace);
        }
    }

    /** What is said of an event beside its data. */
    private record Head(EventType type, Instant at, String id, String subject, @Nullable TraceParent trace) {}

    private interface Facts {
        void write(ObjectNode data, boolean content);
    }

    private List<Message> news(Debt.News news, Endpoint endpoint) {
        List<Event> events = new ArrayList<>();
        switch (news.what()) {
            case JobEvent.JobCreated created -> events.add(of(EventType.JOB_CREATED, news,
                    (data, content) -> put(data, "runId", created.job().details().runId())));
            case JobEvent.JobPaused paused -> {
                PendingAction action = paused.action();
                TraceParent trace = action.references().trace();
                events.add(of(EventType.APPROVAL_REQUESTED, news, (data, content) -> prompt(data, action, content))
                        .with(action.id(), trace));
                events.add(of(EventType.JOB_PAUSED, news,
                        (data, content) -> data.put("actionId", action.id().value())).with(null, trace));
            }
            case JobEvent.JobClaimed claimed -> events.add(of(EventType.JOB_CLAIMED, news,
                    (data, content) -> data.put("workerId", claimed.worker().value())
                            .put("execution", claimed.execution())));
            case JobEvent.JobResumed resumed -> {
            }
            case JobEvent.JobEnded ended -> {
            }
        }
        return messages(events, endpoint);
    }

    private static Event of(EventType type, Debt.News news, Facts facts) {
        return new Event(type, news.job(), news.event(), news.at(), (data, content) -> {
            about(data, news.owner(), news.conversation(), news.agent());
            facts.write(data, content);
        });
    }

    private List<Message> closed(Debt.ClosedPrompt closed, Endpoint endpoint) {
        Facts facts = (data, content) -> {
            about(data, closed.owner(), closed.conversation(), closed.agent());
            if (closed.action() != null) prompt(data, closed.action(), content);
            if (closed.resolution() != null) decided(data, closed.resolution(), content);
        };
        List<Event> events = new ArrayList<>();
        Resolution resolution = closed.resolution();
        PendingAction action = closed.action();
        TraceParent trace = resolution != null ? resolution.decidedBy().trace()
                : action == null ? null : action.references().trace();
        events.add(new Event(type(closed.outcome()), closed.job(), closed.event(), closed.at(), facts)
                .with(action == null ? null : action.id(), trace));
        if (resolution != null)
            events.add(new Event(EventType.JOB_RESUMED, closed.job(), closed.event(), closed.at(), (data, content) -> {
                about(data, closed.owner(), closed.conversation(), closed.agent());
                data.put("actionId", resolution.action().id().value());
                data.put("resolutionId", resolution.id().value());
            }).with(null, trace));
        return messages(events, endpoint);
    }

    private static EventType type(Outcome outcome) {
        return switch (outcome) {
            case DECIDED -> EventType.APPROVAL_DECIDED;
            case EXPIRED -> EventType.APPROVAL_EXPIRED;
            case ABORTED, REPLACED -> EventType.APPROVAL_CANCELLED;
        };
    }

    private List<Message> ended(Job job, Endpoint endpoint) {
        Phase.Ended ended = job.ended().orElseThrow(() -> new IllegalArgumentException("the job has not ended"));
        JobError error = ended.how().error();
        return messages(List.of(new Event(type(ended.how()), job.key(), job.lastEventId(), ended.at(),
                (data, content) -> {
                    about(data, job.details().owner(), job.details().conversation(), job.details().agent());
                    put(data, "runId", job.details().runId());
                    data.put("status", job.status().word());
                    if (error == null) return;
                    ObjectNode told = data.putObject("error").put("code", error.code());
                    if (content) told.put("message", masks.masked(error.message()));
                })), endpoint);
    }

    private static EventType type(Ending how) {
        return switch (how) {
            case Ending.Completed completed -> EventType.JOB_COMPLETED;
            case Ending.Failed failed -> EventType.JOB_FAILED;
            case Ending.Aborted aborted -> EventType.JOB_ABORTED;
            case Ending.Expired expired -> EventType.JOB_EXPIRED;
            case Ending.Replaced replaced -> EventType.JOB_REPLACED;
        };
    }

    private List<Message> messages(List<Event> events, Endpoint endpoint) {
        return events.stream().filter(event -> endpoint.events().contains(event.type()))
                .map(event -> message(event, endpoint)).toList();
    }

    private Message message(Event event, Endpoint endpoint) {
        String body = body(event, endpoint, endpoint.includeArguments());
        if (endpoint.includeArguments() && new Json(body).utf8Length() > MOST_BYTES)
            body = body(event, endpoint, false);
        return new Message(id(event, endpoint), event.type().word(), event.at(), new Json(body));
    }

    private String body(Event event, Endpoint endpoint, boolean content) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        if (event.job().space().tenant() != null) data.put("tenantId", event.job().space().tenant().value());
        data.put("jobId", event.job().id().value());
        data.put("generation", event.id().generation());
        data.put("eventId", event.id().toString());
        event.about().write(data, content);
        if (!content && endpoint.includeArguments()) data.put("contentOmitted", true);
        String body = body(event.head(), data, endpoint);
        if (content || new Json(body).utf8Length() <= MOST_BYTES) return body;
        // Names are short, but there may be many of them, and thousands of messages wait.
        data.remove(LISTS);
        return body(event.head(), data.put("contentOmitted", true), endpoint);
    }

    private String body(Head head, ObjectNode data, Endpoint endpoint) {
        return switch (endpoint.format()) {
            case STANDARD -> {
                ObjectNode body = JsonNodeFactory.instance.objectNode();
                body.put("type", head.type().word()).put("timestamp", InstantText.of(head.at())).set("data", data);
                yield body.toString();
            }
            case SLACK -> SlackText.of(head.type(), data).toString();
            case CLOUDEVENTS -> cloudEvents.written(new CloudEvent(head.id(), head.type().word(), head.subject(),
                    head.at(), head.trace(), new Json(data.toString()))).text();
        };
    }

    /** One event makes at most one message of each type for an endpoint. */
    private static String id(Event event, Endpoint endpoint) {
        String tenant = event.job().space().tenant() == null ? "" : event.job().space().tenant().value();
        return "msg_" + Sha256.of(String.join("\n", tenant, event.job().id().value(), event.id().toString(),
                event.type().word(), endpoint.name())).substring(0, ID_DIGITS);
    }

    /** A message that tells of nothing. */
    Message test(Endpoint endpoint, String id, Instant at) {
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("endpoint", endpoint.name());
        String digits = id.replace("-", "");
        Head head = new Head(EventType.WEBHOOK_TEST, at, "evt_" + digits, "webhooks/" + endpoint.name(), null);
        return new Message("msg_" + digits, head.type().word(), at, new Json(body(head, data, endpoint)));
    }

    // --- what there is to tell

    private static void about(ObjectNode data, UserId owner, ConversationId conversation, @Nullable AgentId agent) {
        data.put("userId", owner.value());
        data.put("conversationId", conversation.value());
        if (agent != null) data.put("agentId", agent.value());
    }

    private void prompt(ObjectNode data, PendingAction action, boolean content) {
        data.put("actionId", action.id().value());
        data.put("requestedAt", InstantText.of(action.createdAt()));
        data.put("deadline", InstantText.of(action.deadline()));
        switch (action.payload()) {
            case Interrupt.ToolApproval approval -> {
                ArrayNode tools = data.put("kind", "tool_approval").putArray("tools");
                approval.requests().forEach(request -> tool(tools.addObject(), request, content));
            }
            case Interrupt.AskUserQuestion ask -> {
                data.put("kind", "ask_user_question");
                if (!content) return;
                ArrayNode questions = data.putArray("questions");
                ask.questions().forEach(question -> questions.add(masks.masked(question.text())));
            }
        }
    }

    private void tool(ObjectNode tool, Interrupt.ActionRequest request, boolean content) {
        tool.put("tool_call_id", request.toolCallId().value()).put("name", request.name());
        ArrayNode allowed = tool.putArray("allowed_decisions");
        request.review().allowed().stream().sorted().map(DecisionKind::word).forEach(allowed::add);
        if (!content) return;
        tool.putRawValue("arguments", new RawValue(masks.masked(request.arguments()).text()));
        if (request.description() != null) tool.put("description", masks.masked(request.description()));
    }

    private void decided(ObjectNode data, Resolution resolution, boolean content) {
        data.put("resolutionId", resolution.id().value());
        ObjectNode by = data.putObject("decidedBy").put("subject", resolution.decidedBy().subject());
        resolution.decidedBy().roles().forEach(by.putArray("roles")::add);
        by.put("via", resolution.decidedBy().via());
        data.put("decidedAt", InstantText.of(resolution.decidedAt()));
        if (!(resolution.submission() instanceof Submission.Decisions submitted)) return;
        ArrayNode decisions = data.putArray("decisions");
        submitted.decisions().forEach(decision -> decision(decisions.addObject(), decision, content));
    }

    private void decision(ObjectNode told, Decision decision, boolean content) {
        told.put("tool_call_id", decision.toolCallId().value()).put("decision", decision.verdict().kind().word());
        if (content && decision.reason() != null) told.put("reason", masks.masked(decision.reason()));
    }

    private static void put(ObjectNode data, String name, @Nullable String value) {
        if (value != null) data.put(name, value);
    }
}
