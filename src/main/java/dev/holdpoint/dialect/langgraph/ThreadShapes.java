package dev.holdpoint.dialect.langgraph;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.ResumeState;
import org.jspecify.annotations.Nullable;

/**
 * What a job looks like to LangGraph's clients: a thread, its state, and the runs
 * that bring it from one stop to the next.
 */
final class ThreadShapes {
    /** What a thread's only node and task are called: of the agent's graph this service knows nothing. */
    private static final String NODE = "agent";
    private static final EventName VALUES = new EventName("values");
    private static final EventName USER_MESSAGE = new EventName("user_message");

    private ThreadShapes() {}

    /** @param asked the form in which the reader wants to see prompts */
    static Json thread(Job job, Instant now, Json values, @Nullable Form asked) {
        Status status = Status.of(job, now);
        return Members.json(json -> {
            json.text("thread_id", job.key().id()).instant("created_at", job.createdAt())
                    .instant("updated_at", job.lastActiveAt()).instant("state_updated_at", job.lastActiveAt())
                    .json("metadata", Tree.json(metadata(job))).text("status", status.word())
                    .object("config", config -> config.object("configurable", none -> {
                    })).json("values", values)
                    .object("interrupts", tasks -> interrupts(job, now, asked)
                            .forEach(one -> tasks.objects(one.id(), List.of(one), (item, shown) -> shown.write(item))));
            if (status == Status.ERROR) job.ended().map(Phase.Ended::how).map(Ending::error)
                    .ifPresent(error -> json.object("error", error, ThreadShapes::error));
        });
    }

    static void error(Members json, JobError error) {
        json.text("error", error.code()).text("message", error.message());
    }

    static List<Shown.One> interrupts(Job job, Instant now, @Nullable Form asked) {
        return job.livePrompt(now).map(action -> new Shown(action, Form.of(job, asked)).interrupts()).orElse(List.of());
    }

    /** What the worker said of the job, and under it what is known of it here. */
    static ObjectNode metadata(Job job) {
        ObjectNode metadata = Tree.read(job.details().metadata().text()).filter(JsonNode::isObject)
                .map(ObjectNode.class::cast).orElseGet(JsonNodeFactory.instance::objectNode);
        String graph = graph(job, metadata);
        return metadata.put("graph_id", graph).put("assistant_id", graph)
                .put("user_id", job.details().owner().value())
                .put("conversation_id", job.details().conversation().value()).put("generation", job.generation());
    }

    /** The agent stands for the graph. */
    static String graph(Job job) {
        return graph(job, metadata(job));
    }

    private static String graph(Job job, ObjectNode metadata) {
        AgentId agent = job.details().agent();
        if (agent != null) return agent.value();
        return metadata.path("graph_id").isTextual() ? metadata.path("graph_id").textValue() : "holdpoint";
    }

    static Json state(ResumeState state, @Nullable Form asked) {
        Job job = state.job();
        List<Shown.One> interrupts = interrupts(job, state.at(), asked);
        boolean over = job.ended().isPresent();
        return Members.json(json -> {
            json.json("values", values(state)).texts("next", over ? List.of() : List.of(NODE))
                    .objects("tasks", over ? List.<Job>of() : List.of(job), (task, one) -> task
                            .text("id", checkpoint(job)).text("name", NODE).json("error", Json.NULL)
                            .objects("interrupts", interrupts, (item, shown) -> shown.write(item))
                            .json("checkpoint", Json.NULL).json("state", Json.NULL).json("result", Json.NULL))
                    .json("metadata", Tree.json(metadata(job))).instant("created_at", job.lastActiveAt())
                    .object("checkpoint", place -> checkpoint(place, job)).json("parent_checkpoint", Json.NULL)
                    .objects("interrupts", interrupts, (item, shown) -> shown.write(item));
        });
    }

    /** Names what waits, so that whoever sends it back decides on that and on nothing that came after it. */
    static String checkpoint(Job job) {
        return job.prompt().map(action -> action.id().value()).orElseGet(() -> job.lastEventId().toString());
    }

    static void checkpoint(Members json, Job job) {
        json.text("thread_id", job.key().id()).text("checkpoint_ns", "").text("checkpoint_id", checkpoint(job))
                .json("checkpoint_map", Json.NULL);
    }

    /** What the worker keeps as the graph's values, or all that it keeps; at the end, what came of it. */
    static Json values(ResumeState state) {
        return state.job().ended().map(ThreadShapes::result).orElseGet(() -> {
            Json values = state.retained().get(VALUES);
            if (values != null && values.isObject()) return values;
            return Members.json(json -> {
                state.retained().forEach((name, data) -> json.json(name.value(), data));
                if (!state.retained().containsKey(USER_MESSAGE))
                    json.json(USER_MESSAGE.value(), state.job().details().userMessage());
            });
        });
    }

    static Json values(Job ended) {
        return ended.ended().map(ThreadShapes::result).orElse(Json.EMPTY_OBJECT);
    }

    private static Json result(Phase.Ended ended) {
        if (!(ended.how() instanceof Ending.Completed completed)) return Json.EMPTY_OBJECT;
        return result(Optional.ofNullable(completed.result()));
    }

    static Json result(Optional<Json> result) {
        return result.map(json -> json.isObject() ? json : Members.json(values -> values.json("output", json)))
                .orElse(Json.EMPTY_OBJECT);
    }

    /** @param id where in the job's log the run begins */
    static Json run(Job job, EventId id, String status) {
        return Members.json(json -> json.text("run_id", id).text("thread_id", job.key().id())
                .text("assistant_id", graph(job)).instant("created_at", job.createdAt())
                .instant("updated_at", job.lastActiveAt()).text("status", status)
                .json("metadata", Tree.json(metadata(job))).text("multitask_strategy", "reject"));
    }
}
