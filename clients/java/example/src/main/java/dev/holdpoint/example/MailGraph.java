package dev.holdpoint.example;

import static org.bsc.langgraph4j.GraphDefinition.END;
import static org.bsc.langgraph4j.GraphDefinition.START;
import static org.bsc.langgraph4j.action.AsyncEdgeAction.edge_async;
import static org.bsc.langgraph4j.action.AsyncNodeAction.node_async;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.holdpoint.client.Decisions;
import dev.holdpoint.client.Job;
import dev.holdpoint.client.Outcome;
import dev.holdpoint.client.Terms;
import dev.holdpoint.client.ToolCall;
import dev.holdpoint.client.Verdict;
import dev.holdpoint.langgraph4j.HeldGraph;
import dev.holdpoint.langgraph4j.HeldNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import org.bsc.langgraph4j.CompileConfig;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphInput;
import org.bsc.langgraph4j.GraphStateException;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.checkpoint.FileSystemSaver;
import org.bsc.langgraph4j.state.AgentState;

/**
 * LangGraph4j: model → (a mail? stop until a person has decided, send it, model again) → end.
 * Checkpoints are files that every worker can read.
 */
final class MailGraph implements Worker.Agent {
    private static final Terms TERMS = Terms.within(Duration.ofMinutes(15));

    private final Outbox outbox;
    private final ScriptedModel model = new ScriptedModel(messages -> ToolExecutionRequest.builder().id("call_mail")
            .name("send_email").arguments("{\"to\":\"bob@example.com\",\"subject\":\"Invoice\"}").build());

    MailGraph(Outbox outbox) { this.outbox = outbox; }

    @Override
    public Outcome<String> start(Job job) {
        Map<String, Object> input = Map.of("ask", "Send Bob the invoice.");
        return answer(graph(job).run(job, job.id() + "-" + job.generation(), GraphInput.args(input)));
    }

    @Override
    public Outcome<String> resume(Job job) { return answer(graph(job).resume(job)); }

    private static Outcome<String> answer(Outcome<AgentState> outcome) {
        if (!(outcome instanceof Outcome.Decided<AgentState> ended)) return outcome.withoutValue();
        return new Outcome.Decided<>(ended.value().<String>value("answer").orElseThrow());
    }

    private HeldGraph<AgentState> graph(Job job) {
        try {
            StateGraph<AgentState> graph = new StateGraph<>(AgentState::new)
                    .addNode("model", node_async(this::think))
                    .addNode("tools", HeldNode.of(MailGraph::calls, (state, decisions) -> act(job, state, decisions)))
                    .addEdge(START, "model")
                    .addConditionalEdges("model", edge_async(state -> calls(state).isEmpty() ? END : "tools"),
                            Map.of("tools", "tools", END, END))
                    .addEdge("tools", "model");
            CompiledGraph<AgentState> compiled = graph.compile(CompileConfig.builder()
                    .checkpointSaver(
                            new FileSystemSaver(outbox.folder().resolve("checkpoints"), graph.getStateSerializer()))
                    .build());
            return HeldGraph.of(compiled, TERMS).watchedBy(output -> job.append("node", output.node()));
        } catch (GraphStateException wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    private Map<String, Object> think(AgentState state) {
        List<ChatMessage> messages =
                new ArrayList<>(List.of(UserMessage.from(state.<String>value("ask").orElseThrow())));
        state.<String>value("result")
                .ifPresent(result -> messages.add(ToolExecutionResultMessage.from("call_mail", "send_email", result)));
        AiMessage said = model.chat(messages).aiMessage();
        if (!said.hasToolExecutionRequests()) return Map.of("answer", said.text());
        ToolExecutionRequest wish = said.toolExecutionRequests().get(0);
        return Map.of("call", wish.id(), "tool", wish.name(), "arguments", wish.arguments());
    }

    /** What the model wants and nobody has done yet. */
    private static List<ToolCall> calls(AgentState state) {
        if (state.value("call").isEmpty() || state.value("result").isPresent()) return List.of();
        String arguments = state.<String>value("arguments").orElseThrow();
        return List.of(ToolCall
                .of(state.<String>value("call").orElseThrow(), state.<String>value("tool").orElseThrow(), arguments)
                .describedAs("Send the invoice."));
    }

    private Map<String, Object> act(Job job, AgentState state, Decisions decisions) {
        Verdict verdict = decisions.of(state.<String>value("call").orElseThrow());
        if (verdict instanceof Verdict.Run run)
            return Map.of("result",
                    "Sent to " + outbox.deliver(job, run.toolCallId(), run.arguments().path("to").asText()) + ".");
        if (verdict instanceof Verdict.Respond respond) return Map.of("result", respond.text());
        return Map.of("result", "Not sent: " + (verdict instanceof Verdict.Refuse refuse ? refuse.reason() : ""));
    }
}
