package dev.holdpoint.langgraph4j;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.holdpoint.client.Decisions;
import dev.holdpoint.client.ToolCall;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.action.AsyncNodeActionWithConfig;
import org.bsc.langgraph4j.action.InterruptableAction;
import org.bsc.langgraph4j.action.InterruptionMetadata;
import org.bsc.langgraph4j.state.AgentState;
import org.jspecify.annotations.Nullable;

/**
 * A node that runs tools, and stops the graph before it does. {@link HeldGraph} gets it past that with a verdict on
 * each call. The verdicts are in no state and in no checkpoint, and count for one run of the node on exactly these
 * calls; so nothing but a claim lets a tool run.
 */
public final class HeldNode<S extends AgentState> implements AsyncNodeActionWithConfig<S>, InterruptableAction<S> {
    static final String CALLS = "holdpoint_calls";
    static final String GRANT = "holdpoint_grant";

    private final Function<S, List<ToolCall>> calls;
    private final BiFunction<S, Decisions, Map<String, Object>> tools;

    private HeldNode(Function<S, List<ToolCall>> calls, BiFunction<S, Decisions, Map<String, Object>> tools) {
        this.calls = calls;
        this.tools = tools;
    }

    /** What was decided about these calls, for one use. */
    record Grant(List<ToolCall> calls, Decisions decisions, AtomicBoolean used) {
        static Grant of(List<ToolCall> calls, Decisions decisions) {
            return new Grant(calls, decisions, new AtomicBoolean());
        }
    }

    /**
     * @param calls what the state says is to be called
     * @param tools acts on the verdicts, and answers what changes in the state
     */
    public static <S extends AgentState> HeldNode<S> of(Function<S, List<ToolCall>> calls,
            BiFunction<S, Decisions, Map<String, Object>> tools) {
        return new HeldNode<>(calls, tools);
    }

    @Override
    public Optional<InterruptionMetadata<S>> interrupt(String nodeId, S state, RunnableConfig config) {
        List<ToolCall> wanted = calls.apply(state);
        Grant grant = grant(config);
        if (grant != null && grant.calls().equals(wanted) && !grant.used().get()) return Optional.empty();
        return Optional.of(InterruptionMetadata.builder(nodeId, state).addMetadata(CALLS, wanted).build());
    }

    @Override
    public CompletableFuture<Map<String, Object>> apply(S state, RunnableConfig config) {
        Grant grant = grant(config);
        if (grant == null || !grant.calls().equals(calls.apply(state)) || !grant.used().compareAndSet(false, true))
            return CompletableFuture.failedFuture(new IllegalStateException("nobody decided about these calls"));
        try {
            return CompletableFuture.completedFuture(tools.apply(state, grant.decisions()));
        } catch (RuntimeException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    private static @Nullable Grant grant(RunnableConfig config) {
        return config.metadata(GRANT).filter(Grant.class::isInstance).map(Grant.class::cast).orElse(null);
    }
}
