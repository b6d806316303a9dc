package dev.holdpoint.langchain4j;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.client.Claim;
import dev.holdpoint.client.Interrupt;
import dev.holdpoint.client.Job;
import dev.holdpoint.client.Outcome;
import dev.holdpoint.client.Question;
import dev.holdpoint.client.Terms;
import dev.langchain4j.agentic.internal.SuspendedResponse;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.agentic.scope.AgenticScopeAccess;
import dev.langchain4j.agentic.scope.AgenticScopeKey;
import dev.langchain4j.agentic.scope.AgenticScopePersister;
import dev.langchain4j.agentic.scope.AgenticScopeSerializer;
import dev.langchain4j.agentic.scope.AgenticScopeStore;
import dev.langchain4j.agentic.scope.AgenticSystemSuspendedException;
import dev.langchain4j.agentic.scope.DefaultAgenticScope;

/**
 * Agentic systems that suspend themselves to ask a person. The scope travels with the prompt, in one step with the
 * pause, so that any process may claim the job and go on; people never see it.
 */
public final class HeldAgents implements AgenticScopeStore {
    private final Map<AgenticScopeKey, String> scopes = new ConcurrentHashMap<>();
    private final Map<String, Question> questions = new ConcurrentHashMap<>();

    private HeldAgents() {}

    /** Becomes the store of the agents that are built from now on. */
    public static HeldAgents install() {
        HeldAgents agents = new HeldAgents();
        AgenticScopePersister.setStore(agents);
        return agents;
    }

    /** For {@code AgenticServices.humanInTheLoopBuilder().responseProvider(…)}. */
    public Function<AgenticScope, Object> asking(Function<AgenticScope, Question> question) {
        return scope -> {
            String id = UUID.randomUUID().toString();
            questions.put(id, question.apply(scope));
            return new SuspendedResponse<String>(id);
        };
    }

    /**
     * Runs an agent to its end, however often it asks.
     *
     * @param call calls the agent, under the same memory id each time
     */
    public <T> Outcome<T> run(Job job, Terms terms, Supplier<T> call) {
        while (true) {
            AgenticScope scope;
            try {
                return new Outcome.Decided<>(call.get());
            } catch (AgenticSystemSuspendedException suspended) {
                scope = suspended.scope();
            }
            Outcome<Claim> outcome = ask(job, terms, scope);
            if (!(outcome instanceof Outcome.Decided<Claim> decided)) return outcome.withoutValue();
            complete(scope, decided.value());
        }
    }

    /**
     * Goes on where another process was suspended.
     *
     * @param job one that was claimed
     * @param agent built as it was there
     * @param call calls the agent, given the memory id
     */
    public <T> Outcome<T> resume(Job job, Terms terms, AgenticScopeAccess agent, Function<Object, T> call) {
        Claim claim = job.claim().orElseThrow();
        JsonNode context = claim.resumeContext();
        if (context == null) throw new IllegalArgumentException("not a job of suspended agents: " + job.id());
        String json = context.path("scope").asText();
        Object memoryId = AgenticScopeSerializer.fromJson(json).memoryId();
        scopes.put(new AgenticScopeKey(context.path("agent").asText(), memoryId), json);
        AgenticScope scope = agent.getAgenticScope(memoryId);
        if (scope == null)
            throw new IllegalArgumentException("built otherwise than the agent that was suspended: " + agent);
        complete(scope, claim);
        return run(job, terms, () -> call.apply(memoryId));
    }

    private Outcome<Claim> ask(Job job, Terms terms, AgenticScope scope) {
        Map.Entry<String, Question> asked = questions.entrySet().stream()
                .filter(question -> scope.pendingResponseIds().contains(question.getKey())).findFirst()
                .orElseThrow(() -> new IllegalStateException("suspended by something else than a question"));
        Map.Entry<AgenticScopeKey, String> saved = scopes.entrySet().stream()
                .filter(entry -> entry.getValue().contains(asked.getKey())).findFirst().orElseThrow();
        Map<String, String> context = Map.of("agent", saved.getKey().agentId(), "scope", saved.getValue());
        String action =
                job.pause(Interrupt.question(asked.getValue()), terms.actionId(asked.getKey()).resumeContext(context));
        return job.await(action, terms.patience());
    }

    private void complete(AgenticScope scope, Claim claim) {
        String id = claim.resolution().actionId();
        questions.remove(id);
        if (!scope.completePendingResponse(id, claim.resolution().answer()))
            throw new IllegalStateException("the agent doesn't wait for " + id);
    }

    @Override
    public boolean save(AgenticScopeKey key, DefaultAgenticScope scope) {
        scopes.put(key, AgenticScopeSerializer.toJson(scope));
        return true;
    }

    @Override
    public Optional<DefaultAgenticScope> load(AgenticScopeKey key) {
        return Optional.ofNullable(scopes.get(key)).map(AgenticScopeSerializer::fromJson);
    }

    @Override
    public boolean delete(AgenticScopeKey key) { return scopes.remove(key) != null; }

    @Override
    public Set<AgenticScopeKey> getAllKeys() { return Set.copyOf(scopes.keySet()); }
}
