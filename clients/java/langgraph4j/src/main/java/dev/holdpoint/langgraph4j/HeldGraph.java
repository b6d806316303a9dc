package dev.holdpoint.langgraph4j;

import java.util.List;
import java.util.function.Consumer;

import dev.holdpoint.client.Decisions;
import dev.holdpoint.client.Job;
import dev.holdpoint.client.Outcome;
import dev.holdpoint.client.Terms;
import dev.holdpoint.client.ToolCall;
import org.bsc.async.AsyncGenerator;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphInput;
import org.bsc.langgraph4j.GraphResult;
import org.bsc.langgraph4j.NodeOutput;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.action.InterruptionMetadata;
import org.bsc.langgraph4j.state.AgentState;
import org.jspecify.annotations.Nullable;

/**
 * Runs a graph with {@link HeldNode}s as a job: where it stops, Holdpoint is asked, and it goes on from its checkpoint.
 */
public final class HeldGraph<S extends AgentState> {
    private final CompiledGraph<S> graph;
    private final Terms terms;
    private final Consumer<NodeOutput<S>> watcher;

    private HeldGraph(CompiledGraph<S> graph, Terms terms, Consumer<NodeOutput<S>> watcher) {
        this.graph = graph;
        this.terms = terms;
        this.watcher = watcher;
    }

    /** @param graph compiled with a checkpoint saver that every worker can read */
    public static <S extends AgentState> HeldGraph<S> of(CompiledGraph<S> graph, Terms terms) {
        return new HeldGraph<>(graph, terms, output -> {});
    }

    /** Told what each node made, as it happens: to append it to the job, for example. */
    public HeldGraph<S> watchedBy(Consumer<NodeOutput<S>> consumer) {
        return new HeldGraph<>(graph, terms, consumer);
    }

    /** Runs a new thread of the graph to its end. */
    public Outcome<S> run(Job job, String threadId, GraphInput input) {
        GraphInput next = input;
        HeldNode.@Nullable Grant grant = null;
        while (true) {
            AsyncGenerator<NodeOutput<S>> outputs = graph.stream(next, config(threadId, grant));
            NodeOutput<S> last = null;
            for (NodeOutput<S> output : outputs) {
                last = output;
                watcher.accept(output);
            }
            GraphResult result = GraphResult.from(outputs);
            if (!result.isInterruptionMetadata()) {
                if (last == null) throw new IllegalStateException("the graph ended without a state");
                return new Outcome.Decided<>(last.state());
            }
            List<ToolCall> calls = callsOf(result.asInterruptionMetadata());
            Outcome<Decisions> outcome = job.approve(calls, terms.threadId(threadId));
            if (!(outcome instanceof Outcome.Decided<Decisions> decided)) return outcome.withoutValue();
            grant = HeldNode.Grant.of(calls, decided.value());
            next = GraphInput.resume();
        }
    }

    /**
     * Goes on with the thread of a job that was claimed. The graph stops where it had
     * stopped, and the claim has the answer.
     */
    public Outcome<S> resume(Job job) {
        String threadId = job.claim().orElseThrow().action().threadId();
        if (threadId == null) throw new IllegalArgumentException("not a job of a graph: " + job.id());
        return run(job, threadId, GraphInput.resume());
    }

    private static RunnableConfig config(String threadId, HeldNode.@Nullable Grant grant) {
        RunnableConfig.Builder config = RunnableConfig.builder().threadId(threadId);
        return grant == null ? config.build() : config.addMetadata(HeldNode.GRANT, grant).build();
    }

    @SuppressWarnings("unchecked") // only a HeldNode puts anything there
    private static List<ToolCall> callsOf(InterruptionMetadata<?> stop) {
        return (List<ToolCall>) stop.metadata(HeldNode.CALLS)
                .orElseThrow(
                        () -> new IllegalStateException("stopped by something else than a HeldNode: " + stop.nodeId()));
    }
}
