package dev.holdpoint.dialect.langgraph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.approval.Decided;
import dev.holdpoint.approval.Proposal;
import dev.holdpoint.approval.Proposal.ProposedDecision;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Decision.Scope;
import dev.holdpoint.job.DecisionKind;
import dev.holdpoint.job.Interrupt.ActionRequest;
import dev.holdpoint.job.Interrupt.AskUserQuestion;
import dev.holdpoint.job.Interrupt.ToolApproval;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Transition;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client resumes a thread with, in each of the ways that LangGraph's clients have, as a proposal
 * about the prompt that waits. What decides by its place in a list must decide as many calls as there are; whoever
 * names interrupts must name those that wait.
 */
final class Resumes {
    static final String IGNORED = "Ignored.";
    static final String RESOLVED = "Marked as resolved, without a decision.";
    private static final Set<String> MEMBERS = Set.of("type", "args", "message", "edited_action", "editedAction");

    private final Shown shown;

    private Resumes(Shown shown) { this.shown = shown; }

    /** @param shown the prompt that waits, as whoever resumes has seen it */
    static Proposal proposal(Shown shown, JsonNode resume) {
        Resumes reader = new Resumes(shown);
        JsonNode said = reader.ofTheWhole(resume);
        return switch (shown.action().payload()) {
            case ToolApproval approval -> decided(reader.decisions(approval.requests(), said));
            case AskUserQuestion ask when ask.batch() -> new Proposal(null, null, reader.answers(said));
            case AskUserQuestion ask -> new Proposal(null, reader.answer(said), null);
        };
    }

    /** Rejects whatever it is that waits. */
    static Proposal resolved(Shown shown) {
        if (!(shown.action().payload() instanceof ToolApproval approval)) {
            throw Inputs.invalid("A question can't be put aside: answer it, or cancel the run.");
        }
        return decided(approval.requests().stream().map(request -> rejected(request, RESOLVED)).toList());
    }

    private static Proposal decided(List<ProposedDecision> decisions) { return new Proposal(decisions, null, null); }

    /** What is said under the prompt's own id is said of the prompt. */
    private JsonNode ofTheWhole(JsonNode resume) {
        if (!resume.isObject() || resume.size() != 1) return resume;
        Map.Entry<String, JsonNode> only = resume.properties().iterator().next();
        return shown.isNamed(only.getKey()) ? only.getValue() : resume;
    }

    private List<ProposedDecision> decisions(List<ActionRequest> requests, JsonNode said) {
        if (said.isArray()) return inOrder(requests, elements(said), shown.form() == Form.AGENT_INBOX);
        if (!said.isObject()) throw Inputs.invalid("command.resume decides nothing: send a list of decisions,"
                + " {\"decisions\": […]}, or a map by interrupt id.");
        if (said.has("decisions")) return inOrder(requests, elements(said), false);
        if (said.has("type")) return inOrder(requests, List.of(said), false);
        return byInterrupt(requests, said);
    }

    private static List<JsonNode> elements(JsonNode said) {
        JsonNode list = said.isArray() ? said : said.path("decisions");
        if (!list.isArray() || said.isObject() && said.size() > 1)
            throw Inputs.invalid("command.resume.decisions must be a list, with nothing beside it.");
        List<JsonNode> elements = new ArrayList<>();
        list.elements().forEachRemaining(elements::add);
        return elements;
    }

    /** @param jointly whether a single response is about all calls, as it is where they were shown as one */
    private static List<ProposedDecision> inOrder(List<ActionRequest> requests, List<JsonNode> said, boolean jointly) {
        if (jointly && said.size() == 1 && requests.size() > 1) return joint(requests, Response.read(said.getFirst()));
        if (said.size() != requests.size()) throw Inputs.invalid("There are " + said.size() + " decisions for "
                + requests.size() + " calls. Decide each of them, in their order or by interrupt id.");
        List<ProposedDecision> decisions = new ArrayList<>();
        for (int at = 0; at < requests.size(); at++) {
            decisions.add(decision(requests.get(at), Response.read(said.get(at))));
        }
        return decisions;
    }

    private List<ProposedDecision> byInterrupt(List<ActionRequest> requests, JsonNode said) {
        Map<String, ActionRequest> waiting = new LinkedHashMap<>();
        requests.forEach(request -> waiting.put(shown.callId(request.toolCallId()), request));
        List<ProposedDecision> decisions = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : said.properties()) {
            ActionRequest request = waiting.get(entry.getKey());
            if (request == null)
                throw Refusals.of(new Transition.StaleAction(shown.action().id())).refused();
            JsonNode value = entry.getValue();
            boolean listed = value.isArray() || value.has("decisions");
            decisions.addAll(inOrder(List.of(request), listed ? elements(value) : List.of(value), false));
        }
        return decisions;
    }

    /**
     * One entry of a list as it came.
     *
     * @param args   null where there are none
     * @param action what an edit is to run
     */
    private record Response(String type, @Nullable JsonNode args, @Nullable String message, @Nullable JsonNode action) {
        static Response read(JsonNode said) {
            if (!said.isObject() || !said.path("type").isTextual())
                throw Inputs.invalid("A decision is an object with a type.");
            said.fieldNames().forEachRemaining(name -> {
                if (!MEMBERS.contains(name)) throw Inputs.invalid("A decision has a member that is not known.");
            });
            JsonNode message = present(said, "message");
            if (message != null && !message.isTextual()) throw Inputs.invalid("message must be a text.");
            JsonNode action = present(said, "edited_action");
            return new Response(said.path("type").textValue(), present(said, "args"),
                    message == null ? null : message.textValue(),
                    action == null ? present(said, "editedAction") : action);
        }

        private static @Nullable JsonNode present(JsonNode said, String name) {
            return said.path(name).isMissingNode() || said.path(name).isNull() ? null : said.path(name);
        }

        /** Words, which some clients send as the message and some as the arguments. */
        @Nullable
        String words() {
            if (message != null || args == null) return message;
            if (!args.isTextual()) throw Inputs.invalid("The args of a " + type + " must be a text.");
            return args.textValue();
        }

        String someWords() {
            String words = words();
            if (words == null || words.isBlank()) throw Inputs.invalid("A " + type + " needs words.");
            return words;
        }

        /** What is to run, as {@code {action, args}} or {@code {name, args}}; null when nothing is said of it. */
        @Nullable
        Action action(boolean needed) {
            JsonNode said = action == null ? args : action;
            if (said == null && !needed) return null;
            JsonNode name = said == null ? MissingNode.getInstance() : said.has("name") ? said.path("name")
                    : said.path("action");
            if (said == null || !said.isObject() || said.size() != 2 || !name.isTextual()
                    || !(said.path("args") instanceof ObjectNode arguments))
                throw Inputs.invalid("What is to run is named by its action, or name, and its args.");
            return new Action(name.textValue(), arguments);
        }
    }

    private record Action(String name, ObjectNode args) {}

    private static ProposedDecision decision(ActionRequest request, Response response) {
        return switch (response.type()) {
            case "accept", "approve" -> approved(request, response.action(false));
            case "ignore" -> ignored(request, response);
            case "reject" -> rejected(request, response.words());
            case "response" -> answered(request, response.someWords());
            case "respond" -> said(request, response.someWords());
            case "edit" -> edited(request, named(request, response.action(true)));
            default -> throw unknown();
        };
    }

    private static List<ProposedDecision> joint(List<ActionRequest> requests, Response response) {
        return switch (response.type()) {
            case "accept" -> each(requests, response.action(false), Resumes::approved);
            case "edit" -> each(requests, response.action(true), Resumes::changed);
            case "ignore" -> requests.stream().map(request -> ignored(request, response)).toList();
            case "response" -> requests.stream().map(request -> answered(request, response.someWords())).toList();
            default -> throw unknown();
        };
    }

    private interface Reading {
        ProposedDecision of(ActionRequest request, @Nullable Action action);
    }

    /** Takes apart what was shown as one. */
    private static List<ProposedDecision> each(List<ActionRequest> requests, @Nullable Action all, Reading reading) {
        if (all != null && (!all.name().equals(Shown.action(requests)) || all.args().size() != requests.size()))
            throw changed(requests);
        return requests.stream().map(request -> {
            if (all == null) return reading.of(request, null);
            JsonNode args = all.args().path(request.toolCallId().value());
            // The page makes a text of what it lets a person edit.
            JsonNode read = args.isTextual() ? Tree.read(args.textValue()).orElse(args) : args;
            if (!(read instanceof ObjectNode arguments))
                throw invalid(request, "", "must be a JSON object");
            return reading.of(request, new Action(request.name(), arguments));
        }).toList();
    }

    /** Who accepts something that he names accepts only that: the prompt may be another by now. */
    private static ProposedDecision approved(ActionRequest request, @Nullable Action seen) {
        if (seen != null && !(seen.name().equals(request.name()) && isAsAsked(request, seen)))
            throw changed(List.of(request));
        return decision(request, DecisionKind.APPROVE, null, null, null);
    }

    private static boolean isAsAsked(ActionRequest request, Action seen) {
        return Tree.read(request.arguments().text())
                .filter(asked -> Tree.same(asked, restored(request, asked, seen.args()))).isPresent();
    }

    private static ProposedDecision ignored(ActionRequest request, Response response) {
        if (response.args() != null) throw Inputs.invalid("The args of an ignore must be null.");
        return rejected(request, IGNORED);
    }

    private static ProposedDecision rejected(ActionRequest request, @Nullable String reason) {
        return decision(request, DecisionKind.REJECT, reason, null, null);
    }

    private static ProposedDecision answered(ActionRequest request, String words) {
        return request.review().allowed().contains(DecisionKind.RESPOND) ? said(request, words)
                : rejected(request, words);
    }

    private static ProposedDecision said(ActionRequest request, String words) {
        return decision(request, DecisionKind.RESPOND, null, null, words);
    }

    private static Action named(ActionRequest request, @Nullable Action action) {
        Action wanted = Inputs.present(action, "args");
        if (!wanted.name().equals(request.name())) throw invalid(request, "", "an edit can't name another tool");
        return wanted;
    }

    private static ProposedDecision edited(ActionRequest request, Action wanted) {
        JsonNode asked = Tree.read(request.arguments().text())
                .orElseThrow(() -> invalid(request, "", "has a number that is too long to be edited here"));
        return decision(request, DecisionKind.EDIT, null, Tree.json(restored(request, asked, wanted.args())), null);
    }

    /** Of several calls that are edited together, those that nobody touched are approved. */
    private static ProposedDecision changed(ActionRequest request, @Nullable Action wanted) {
        Action action = named(request, wanted);
        return request.review().allowed().contains(DecisionKind.APPROVE) && isAsAsked(request, action)
                ? approved(request, null)
                : edited(request, action);
    }

    private static ObjectNode restored(ActionRequest request, JsonNode asked, ObjectNode sent) {
        JsonNode schema = Optional.ofNullable(request.review().argsSchema()).flatMap(json -> Tree.read(json.text()))
                .orElse(MissingNode.getInstance());
        EditedArguments.Restored restored = EditedArguments.of(asked, sent, schema);
        if (!restored.faults().isEmpty()) throw Refusals.of(new Decided.Invalid(restored.faults().stream().distinct()
                .map(fault -> new Decided.Fault(request.toolCallId(),
                        "/" + fault.name().replace("~", "~0").replace("/", "~1"), fault.message()))
                .toList())).refused();
        return restored.arguments();
    }

    private static RuntimeException invalid(ActionRequest request, String path, String message) {
        return Refusals.of(new Decided.Invalid(List.of(new Decided.Fault(request.toolCallId(), path, message))))
                .refused();
    }

    private static RuntimeException changed(List<ActionRequest> requests) {
        return Refusals.of(new Decided.ArgumentsChanged(requests.stream().map(ActionRequest::toolCallId).toList()))
                .refused();
    }

    private static RuntimeException unknown() {
        return Inputs.invalid("A decision is accept, approve, edit, ignore, reject, respond or response.");
    }

    /** Of these very arguments: what is decided was read against them. */
    private static ProposedDecision decision(ActionRequest request, DecisionKind kind, @Nullable String reason,
            @Nullable Json editedArguments, @Nullable String responseText) {
        return new ProposedDecision(request.toolCallId(), kind, Scope.ONCE, reason, editedArguments, responseText,
                request.argumentsDigest());
    }

    private String answer(JsonNode said) {
        JsonNode only = single(said);
        if (only.isTextual()) return only.textValue();
        if (only.has("answer")) return text(alone(only, "answer"), "answer");
        return asked(only, "response").someWords();
    }

    private Map<String, String> answers(JsonNode said) {
        JsonNode only = single(said);
        JsonNode byQuestion = only.has("answers") ? alone(only, "answers")
                : Inputs.present(asked(only, "edit").action(true), "args").args();
        Map<String, String> answers = new LinkedHashMap<>();
        byQuestion.properties().forEach(entry -> answers.put(entry.getKey(), text(entry.getValue(), entry.getKey())));
        return answers;
    }

    private static JsonNode single(JsonNode said) {
        if (!said.isArray()) return said;
        if (said.size() != 1) throw Inputs.invalid("There are " + said.size() + " responses to one prompt.");
        return said.get(0);
    }

    private Response asked(JsonNode said, String type) {
        if (said.isObject() && !said.has("type"))
            throw Refusals.of(new Transition.StaleAction(shown.action().id())).refused();
        Response response = Response.read(said);
        if (!response.type().equals(type))
            throw Inputs.invalid("A question is answered by a response, and several by an edit of their answers.");
        return response;
    }

    private static JsonNode alone(JsonNode said, String name) {
        if (said.size() != 1) throw Inputs.invalid("Send " + name + " and nothing beside it.");
        return said.path(name);
    }

    private static String text(JsonNode value, String name) {
        if (!value.isTextual()) throw Inputs.invalid(name + " must be a text.");
        return value.textValue();
    }
}
