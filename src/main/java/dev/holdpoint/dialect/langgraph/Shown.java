package dev.holdpoint.dialect.langgraph;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Interrupt.AskUserQuestion;
import dev.holdpoint.job.Interrupt.Question;
import dev.holdpoint.job.Interrupt.ToolApproval;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.ToolCallId;

/** A prompt as its readers see it: one interrupt, or one for each call. */
record Shown(PendingAction action, Form form) {
    /** @param call the one call that it is about; empty when it is about the whole prompt */
    record One(String id, Optional<ToolCallId> call, Json value) {
        void write(Members json) { json.text("id", id).json("value", value); }
    }

    List<One> interrupts() {
        return switch (action.payload()) {
            case ToolApproval approval when form == Form.PER_CALL ->
                    approval.requests().stream().map(request -> new One(callId(request.toolCallId()),
                            Optional.of(request.toolCallId()), Members.json(json -> perCall(json, request)))).toList();
            case ToolApproval approval -> List.of(whole(json -> approval(json, approval.requests())));
            case AskUserQuestion ask when form == Form.AGENT_INBOX -> List.of(whole(json -> question(json, ask)));
            case AskUserQuestion ask -> List.of(whole(json -> Shapes.payload(json, ask)));
        };
    }

    private One whole(Consumer<Members> value) {
        return new One(action.id().value(), Optional.empty(), Members.json(value));
    }

    /**
     * Whether this names the prompt as a whole. The interrupt id of the agent's graph doesn't: a node
     * that asks again asks under the same one.
     */
    boolean isNamed(String id) {
        return id.equals(action.id().value());
    }

    /** Whether this names the prompt or one of its calls, however they are shown. */
    boolean isMeantBy(String id) {
        return isNamed(id) || action.payload() instanceof ToolApproval approval
                && approval.requests().stream().map(ActionRequest::toolCallId).map(this::callId).anyMatch(id::equals);
    }

    String callId(ToolCallId call) { return action.id().value() + "/" + call.value(); }

    private void approval(Members json, List<ActionRequest> requests) {
        switch (form) {
            case AGENT_INBOX -> humanInterrupt(json, requests);
            case HITL, PER_CALL -> hitl(json, requests, "action_requests", "review_configs", "action_name",
                    "allowed_decisions", "args_schema");
            case HITL_JS -> hitl(json, requests, "actionRequests", "reviewConfigs", "actionName", "allowedDecisions",
                    "argsSchema");
        }
    }

    /** The page decides one thing at a time, so several calls are one: all of them, each under its id. */
    private static void humanInterrupt(Members json, List<ActionRequest> requests) {
        ActionRequest first = requests.getFirst();
        boolean one = requests.size() == 1;
        json.object("action_request", action -> {
            action.text("action", action(requests));
            if (one) action.json("args", first.arguments());
            else action.object("args", args -> requests.forEach(
                    request -> args.json(request.toolCallId().value(), request.arguments())));
        });
        config(json, all(requests, allows(DecisionKind.APPROVE)), all(requests, allows(DecisionKind.EDIT)),
                all(requests, Shown::takesWords), all(requests, allows(DecisionKind.REJECT)));
        json.text("description", one ? first.description() : descriptions(requests));
    }

    /** The title under which the page shows the calls. */
    static String action(List<ActionRequest> requests) {
        return requests.stream().map(ActionRequest::name).collect(joining(", "));
    }

    private static String descriptions(List<ActionRequest> requests) {
        return requests.stream()
                .map(request -> request.toolCallId() + ": " + request.name()
                        + (request.description() == null ? "" : "\n\n" + request.description()))
                .collect(joining("\n\n"));
    }

    private static boolean all(List<ActionRequest> requests, Predicate<ActionRequest> is) {
        return requests.stream().allMatch(is);
    }

    private static Predicate<ActionRequest> allows(DecisionKind kind) {
        return request -> request.review().allowed().contains(kind);
    }

    /** A person's words stand for the result where they may, and else for the reason why there is none. */
    private static boolean takesWords(ActionRequest request) {
        return allows(DecisionKind.RESPOND).or(allows(DecisionKind.REJECT)).test(request);
    }

    private static void config(Members json, boolean accept, boolean edit, boolean respond, boolean ignore) {
        json.object("config", config -> config.flag("allow_ignore", ignore).flag("allow_respond", respond)
                .flag("allow_edit", edit).flag("allow_accept", accept));
    }

    private static void hitl(Members json, List<ActionRequest> requests, String actionRequests, String reviewConfigs,
            String actionName, String allowedDecisions, String argsSchema) {
        json.objects(actionRequests, requests, Shown::call).objects(reviewConfigs, requests,
                (one, request) -> one.text(actionName, request.name()).texts(allowedDecisions, allowed(request))
                        .json(argsSchema, request.review().argsSchema()));
    }

    private static void call(Members json, ActionRequest request) {
        json.text("name", request.name()).json("args", request.arguments()).text("description", request.description());
    }

    private static void perCall(Members json, ActionRequest request) {
        json.text("type", "tool_approval").text("tool_call_id", request.toolCallId());
        call(json, request);
        json.texts("allowed_decisions", allowed(request)).json("args_schema", request.review().argsSchema());
    }

    private static List<String> allowed(ActionRequest request) {
        return List.of(DecisionKind.values()).stream().filter(request.review().allowed()::contains)
                .map(DecisionKind::word).toList();
    }

    /** One question is answered in words; several in the page's text areas, which are made for arguments. */
    private static void question(Members json, AskUserQuestion ask) {
        Question first = ask.questions().getFirst();
        json.object("action_request", action -> action
                .text("action", ask.batch() || first.header() == null ? "ask_user_question" : first.header())
                .object("args", args -> {
                    if (ask.batch()) ask.questions().forEach(question -> args.text(id(question), ""));
                    else args.text("question", first.text());
                }));
        config(json, false, ask.batch(), !ask.batch(), false);
        json.text("description", ask.questions().stream().map(question -> words(ask, question))
                .collect(joining("\n\n")));
    }

    static String id(Question question) {
        if (question.id() == null) throw new IllegalStateException("a question of a batch has no id");
        return question.id();
    }

    private static String words(AskUserQuestion ask, Question question) {
        return (ask.batch() ? id(question) + ": " : "") + question.text()
                + (question.description() == null ? "" : "\n\n" + question.description())
                + question.options().stream().map(option -> "\n- " + option.label()
                        + (option.label().equals(option.value()) ? "" : " (" + option.value() + ")"))
                        .collect(joining());
    }
}
