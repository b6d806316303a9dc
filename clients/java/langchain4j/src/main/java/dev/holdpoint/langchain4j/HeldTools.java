package dev.holdpoint.langchain4j;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;

import dev.holdpoint.client.Decisions;
import dev.holdpoint.client.HoldpointProblem;
import dev.holdpoint.client.HoldpointUnreachable;
import dev.holdpoint.client.Job;
import dev.holdpoint.client.NotDecided;
import dev.holdpoint.client.Terms;
import dev.holdpoint.client.ToolCall;
import dev.holdpoint.client.Verdict;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.AiServiceTool;
import dev.langchain4j.service.tool.ToolErrorContext;
import dev.langchain4j.service.tool.ToolErrorHandlerResult;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderRequest;
import dev.langchain4j.service.tool.ToolProviderResult;

/**
 * Tools that run only once Holdpoint has let them: by the policy, or by a person. The thread waits. What is refused
 * tells the model why, and an edited call runs with the edited arguments. Who waits without an answer in the end
 * throws, so that nothing runs by accident; without {@link #orThrow} LangChain4j catches that and tells the model.
 */
public final class HeldTools implements ToolProvider {
    private final Job job;
    private final Terms terms;
    private final ToolProvider tools;

    private HeldTools(Job job, Terms terms, ToolProvider tools) {
        this.job = job;
        this.terms = terms;
        this.tools = tools;
    }

    /** All tools that a provider has. */
    public static ToolProvider of(Job job, Terms terms, ToolProvider tools) {
        return new HeldTools(job, terms, tools);
    }

    /** One tool. */
    public static ToolExecutor of(Job job, Terms terms, ToolExecutor tool) {
        return new Held(job, terms, tool);
    }

    /**
     * A {@code toolExecutionErrorHandler}: what keeps a call from being decided is thrown, and of what else fails the
     * model is told, as without it.
     */
    public static ToolErrorHandlerResult orThrow(Throwable failure, ToolErrorContext context) {
        Exception thrown = context.rawError(); // the other may be only its cause
        if (thrown instanceof NotDecided || thrown instanceof HoldpointProblem
                || thrown instanceof HoldpointUnreachable || thrown instanceof CancellationException)
            throw (RuntimeException) thrown;
        String message = failure.getMessage();
        return ToolErrorHandlerResult.text(message == null || message.isBlank() ? failure.toString() : message);
    }

    @Override
    public ToolProviderResult provideTools(ToolProviderRequest request) {
        ToolProviderResult provided = tools.provideTools(request);
        return new ToolProviderResult(provided.aiServiceTools().stream().map(this::held).toList());
    }

    private AiServiceTool held(AiServiceTool tool) {
        return tool.toBuilder().toolExecutor(of(job, terms, tool.toolExecutor())).build();
    }

    @Override
    public boolean isDynamic() { return tools.isDynamic(); }

    private record Held(Job job, Terms terms, ToolExecutor tool) implements ToolExecutor {
        @Override
        public String execute(ToolExecutionRequest request, Object memoryId) {
            Verdict verdict = ask(request);
            if (verdict instanceof Verdict.Run run) return tool.execute(with(request, run), memoryId);
            return words(verdict);
        }

        @Override
        public ToolExecutionResult executeWithContext(ToolExecutionRequest request, InvocationContext context) {
            Verdict verdict = ask(request);
            if (verdict instanceof Verdict.Run run) return tool.executeWithContext(with(request, run), context);
            return ToolExecutionResult.builder().isError(verdict instanceof Verdict.Refuse).resultText(words(verdict))
                    .build();
        }

        private Verdict ask(ToolExecutionRequest request) {
            // Some models, such as those of Ollama, give their calls no id.
            String id = request.id() == null ? UUID.randomUUID().toString() : request.id();
            ToolCall call = ToolCall.of(id, request.name(), request.arguments());
            Decisions decisions = job.approve(List.of(call), terms).orElseThrow();
            return decisions.of(call.toolCallId());
        }

        private static ToolExecutionRequest with(ToolExecutionRequest request, Verdict.Run run) {
            return request.toBuilder().arguments(run.arguments().toString()).build();
        }

        private static String words(Verdict verdict) {
            if (verdict instanceof Verdict.Respond respond) return respond.text();
            return "Not run: " + (verdict instanceof Verdict.Refuse refuse ? refuse.reason() : "nobody decided.");
        }
    }
}
