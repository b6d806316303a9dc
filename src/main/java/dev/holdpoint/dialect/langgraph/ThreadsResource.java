package dev.holdpoint.dialect.langgraph;

import static java.util.stream.Collectors.joining;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.holdpoint.dialect.langgraph.ThreadLists.Found;
import dev.holdpoint.dialect.langgraph.ThreadLists.Search;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.ResumeState;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Jobs as threads: found, read, and put aside. */
@Path("/langgraph/threads")
@Produces(MediaType.APPLICATION_JSON)
public class ThreadsResource {
    private static final long MOST_VALUES = 8_000_000;

    private final ThreadLists lists;
    private final Resuming resuming;
    private final JobStore store;
    private final JobAccess access;
    private final Calls calls;

    ThreadsResource(ThreadLists lists, Resuming resuming, JobStore store, JobAccess access, Calls calls) {
        this.lists = lists;
        this.resuming = resuming;
        this.store = store;
        this.access = access;
        this.calls = calls;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/search")
    public Uni<RestResponse<byte[]>> search(Requests.Document body, HttpServerRequest request) {
        return calls.answer(request, () -> {
            Form asked = form(request);
            AtomicLong left = new AtomicLong(MOST_VALUES);
            return lists.find(Search.of(tree(body)))
                    .chain(found -> Multi.createFrom().iterable(found)
                            .onItem().transformToUniAndConcatenate(one -> thread(one, asked, left)).collect().asList())
                    .map(threads -> array(threads.stream()));
        });
    }

    /** @param left characters that the values of threads may still take; those that come too late go without */
    private Uni<Json> thread(Found found, @Nullable Form asked, AtomicLong left) {
        Job job = found.job();
        Uni<Json> values = job.ended().isPresent() || left.get() <= 0
                ? Uni.createFrom().item(ThreadShapes.values(job))
                : store.resumeState(job.key())
                        // A job that took the id since it was found may be one that this caller doesn't get to see.
                        .map(state -> state == null || state.job().generation() != job.generation()
                                ? Json.EMPTY_OBJECT
                                : ThreadShapes.values(state));
        return values.map(known -> left.addAndGet(-known.text().length()) < 0 ? Json.EMPTY_OBJECT : known)
                .map(known -> ThreadShapes.thread(job, found.at(), known, asked));
    }

    private static Answer array(Stream<Json> elements) {
        return Answer.json(new Json(elements.map(Json::text).collect(joining(",", "[", "]"))));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/count")
    public Uni<RestResponse<byte[]>> count(Requests.Document body, HttpServerRequest request) {
        return calls.answer(request, () -> lists.count(Search.of(tree(body)))
                .map(count -> Answer.json(new Json(count.toString()))));
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<byte[]>> get(@RestPath String id, HttpServerRequest request) {
        return calls.answer(request, () -> {
            Form asked = form(request);
            return state(id).map(state -> Answer.json(
                    ThreadShapes.thread(state.job(), state.at(), ThreadShapes.values(state), asked)));
        });
    }

    @GET
    @Path("/{id}/state")
    public Uni<RestResponse<byte[]>> state(@RestPath String id, HttpServerRequest request) {
        return calls.answer(request, () -> {
            Form asked = form(request);
            return state(id).map(state -> Answer.json(ThreadShapes.state(state, asked)));
        });
    }

    @GET
    @Path("/{id}/state/{checkpoint}")
    public Uni<RestResponse<byte[]>> stateAt(@RestPath String id, @RestPath String checkpoint,
            HttpServerRequest request) {
        return calls.answer(request, () -> {
            Form asked = form(request);
            return state(id).map(state -> at(checkpoint, state, asked));
        });
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/{id}/state/checkpoint")
    public Uni<RestResponse<byte[]>> stateAt(@RestPath String id, Requests.Document body, HttpServerRequest request) {
        return calls.answer(request, () -> {
            Form asked = form(request);
            JsonNode checkpoint = tree(body).path("checkpoint").path("checkpoint_id");
            return state(id).map(state -> checkpoint.isTextual() ? at(checkpoint.textValue(), state, asked)
                    : Answer.json(ThreadShapes.state(state, asked)));
        });
    }

    /** Of a graph's checkpoints only the one where the job stands is known here. */
    private static Answer at(String checkpoint, ResumeState state, @Nullable Form asked) {
        if (checkpoint.equals(ThreadShapes.checkpoint(state.job())))
            return Answer.json(ThreadShapes.state(state, asked));
        throw new Problem(ProblemType.NOT_FOUND, "Only the newest checkpoint of a thread can be read.").refused();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/{id}/history")
    public Uni<RestResponse<byte[]>> history(@RestPath String id, Requests.Document body, HttpServerRequest request) {
        return calls.answer(request, () -> {
            Form asked = form(request);
            JsonNode before = tree(body).path("before");
            return state(id).map(state -> array(before.isMissingNode() || before.isNull()
                    ? Stream.of(ThreadShapes.state(state, asked))
                    : Stream.empty()));
        });
    }

    /**
     * What the page does to a thread that it marks as resolved: the graph is sent to its end.
     * Here the calls that wait are rejected.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/{id}/state")
    public Uni<RestResponse<byte[]>> putAside(@RestPath String id, Requests.Document body, HttpServerRequest request) {
        JsonNode update = tree(body);
        return calls.once(request, Resuming.repeat(update, MissingNode.getInstance()), () -> {
            if (!update.path("as_node").asText().equals("__end__") || !update.path("values").isNull())
                throw Inputs.invalid("A thread's state can't be written, except for values null as node __end__.");
            return resuming.putAside(id, update, form(request), request).map(resumed -> Answer.ok(json -> json
                    .object("checkpoint", place -> ThreadShapes.checkpoint(place, resumed.job()))
                    .object("configurable", place -> ThreadShapes.checkpoint(place, resumed.job()))));
        });
    }

    private Uni<ResumeState> state(String id) {
        return access.readable(id).chain(seen -> store.resumeState(seen.job().key())
                .onItem().ifNull().failWith(() -> Refusals.noSuchJob().refused())
                // The right to read was that of another job when this one took its id meanwhile.
                .chain(state -> state.job().generation() == seen.job().generation()
                        ? Uni.createFrom().item(state)
                        : state(id)));
    }

    static JsonNode tree(Requests.Document body) {
        return Tree.read(body.value().text())
                .orElseThrow(() -> Inputs.invalid("The body has a number that is too long."));
    }

    static @Nullable Form form(HttpServerRequest request) {
        String word = request.getHeader(Form.HEADER);
        return word == null ? null : Form.parse(word).orElseThrow(() -> Inputs.invalid(
                Form.HEADER + " is agent-inbox, hitl, hitl-js or per-call."));
    }
}
