package dev.holdpoint.example;

import java.time.Duration;
import java.util.Map;

import dev.holdpoint.client.Job;
import dev.holdpoint.client.Outcome;
import dev.holdpoint.client.Question;
import dev.holdpoint.client.Terms;
import dev.holdpoint.langchain4j.HeldAgents;
import dev.holdpoint.langchain4j.HeldTools;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.scope.AgenticScopeAccess;
import dev.langchain4j.agentic.workflow.HumanInTheLoop;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.V;
import dev.langchain4j.service.tool.ToolExecutor;

/**
 * LangChain4j: one agent asks a person where to, and is suspended meanwhile; the next
 * one deploys, with a tool that is held.
 */
final class DeployAgents implements Worker.Agent {
    private static final Terms TERMS = Terms.within(Duration.ofMinutes(15));

    private final Outbox outbox;
    private final HeldAgents held = HeldAgents.install();

    DeployAgents(Outbox outbox) { this.outbox = outbox; }

    /** The whole. */
    public interface Release extends AgenticScopeAccess {
        @Agent
        String release(@MemoryId String id, @V("service") String service);
    }

    /** Its second half. */
    public interface Deployer {
        @Agent("Deploys a service")
        @dev.langchain4j.service.UserMessage("Deploy {{service}} to {{region}}.")
        String deploy(@V("service") String service, @V("region") String region);
    }

    @Override
    public Outcome<String> start(Job job) {
        Release agents = agents(job);
        return held.run(job, TERMS, () -> agents.release(job.id(), "shop"));
    }

    @Override
    public Outcome<String> resume(Job job) {
        Release agents = agents(job);
        return held.resume(job, TERMS, agents, memoryId -> agents.release((String) memoryId, "shop"));
    }

    private Release agents(Job job) {
        HumanInTheLoop person = AgenticServices.humanInTheLoopBuilder().outputKey("region")
                .responseProvider(
                        held.asking(scope -> Question.of("Where shall " + scope.readState("service") + " run?")
                                .option("Europe", "eu").option("America", "us")))
                .build();
        Deployer deployer = AgenticServices.agentBuilder(Deployer.class)
                .chatModel(new ScriptedModel(messages -> wish(messages.get(0))))
                .tools(Map.of(DEPLOY, HeldTools.of(job, TERMS, deploying(job))))
                .toolExecutionErrorHandler(HeldTools::orThrow).outputKey("answer").build();
        return AgenticServices.sequenceBuilder(Release.class).subAgents(person, deployer).outputKey("answer").build();
    }

    private static final ToolSpecification DEPLOY = ToolSpecification.builder().name("deploy")
            .description("Deploys to a region.")
            .parameters(JsonObjectSchema.builder().addStringProperty("region").required("region").build()).build();

    private ToolExecutor deploying(Job job) {
        return (call, memoryId) -> "Deployed: " + outbox.deliver(job, call.id(), call.arguments());
    }

    private static ToolExecutionRequest wish(dev.langchain4j.data.message.ChatMessage asked) {
        String text = ((UserMessage) asked).singleText();
        String region = text.substring(text.lastIndexOf(' ') + 1).replace(".", "");
        return ToolExecutionRequest.builder().id("call_deploy").name("deploy")
                .arguments("{\"region\":\"" + region + "\"}").build();
    }
}
