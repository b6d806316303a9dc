package dev.holdpoint.api;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

import dev.holdpoint.access.Caller;
import dev.holdpoint.approval.Masking;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Calls.Repeat;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.Traces;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.AgentId;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.Fence;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.JobDetails;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent.Reported;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.NewJob;
import dev.holdpoint.job.NewJob.IfActive;
import dev.holdpoint.job.Text;
import dev.holdpoint.job.Timing;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.Won;
import dev.holdpoint.mask.Masks;
import dev.holdpoint.sweep.Arrears;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What a worker does to its job. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class WorkerResource {
    private static final String FENCE = "Holdpoint-Fence";
    private static final String EXPECTED_SEQ = "Holdpoint-Expected-Seq";
    private static final int LONGEST_CODE = 256;
    private static final int LONGEST_MESSAGE = 16_000;
    private static final Duration LATER = Duration.ofSeconds(5);

    private final JobStore store;
    private final JobAccess access;
    private final Calls calls;
    private final Ids ids;
    private final Timing timing;
    private final Limits limits;
    private final Masks masks;
    private final Masking masking;
    private final Arrears arrears;

    WorkerResource(JobStore store, JobAccess access, Calls calls, Ids ids, Timing timing, Limits limits, Masks masks,
            Masking masking, Arrears arrears) {
        this.store = store;
        this.access = access;
        this.calls = calls;
        this.ids = ids;
        this.timing = timing;
        this.limits = limits;
        this.masks = masks;
        this.masking = masking;
        this.arrears = arrears;
    }

    @POST
    public Uni<RestResponse<byte[]>> create(Requests.CreateJob body, HttpServerRequest request) {
        return calls.once(request, Repeat.HARMFUL, () -> {
            NewJob wanted = newJob(access.driver(), body);
            if (arrears.tooMuch()) throw new Problem(ProblemType.ARCHIVE_BEHIND,
                    "No new job is taken until the archive has caught up; those that are there go on.")
                    .retryAfter(LATER)
                    .refused();
            return store.create(wanted).map(Refusals::won).map(WorkerResource::created);
        });
    }

    private static Answer created(Won won) {
        String path = "/v1/jobs/" + Text.inPath(won.job().key().id().value());
        return Answer.of(201, json -> {
            Shapes.job(json, won.job(), won.at());
            json.text("fence", won.job().fence());
        }).with("Location", path);
    }

    private NewJob newJob(Caller caller, Requests.CreateJob body) {
        JobId id = new JobId(body.id() == null ? ids.next() : body.id());
        ConversationId conversation =
                new ConversationId(body.conversationId() == null ? id.value() : body.conversationId());
        if (body.metadata() != null && !body.metadata().isObject()) throw Inputs.invalid("metadata must be an object.");
        JobDetails details = new JobDetails(JobAccess.owner(caller, body.userId(), "userId"), conversation,
                body.agentId() == null ? null : new AgentId(body.agentId()),
                body.runId(), body.responseMessageId(),
                Json.NULL.equals(body.userMessage()) ? null : masked(body.userMessage()),
                body.metadata() == null ? Json.EMPTY_OBJECT : masks.masked(body.metadata()));
        OptionalLong expected =
                body.expectedGeneration() == null ? OptionalLong.empty() : OptionalLong.of(body.expectedGeneration());
        return new NewJob(caller.space().job(id), details, ifActive(body.ifActive()), expected);
    }

    private static IfActive ifActive(@Nullable String word) {
        return switch (word) {
            case null -> IfActive.REPLACE;
            case "replace" -> IfActive.REPLACE;
            case "reject" -> IfActive.REJECT;
            default -> throw Inputs.invalid("ifActive must be replace or reject.");
        };
    }

    @POST
    @Path("/{id}/events")
    @Consumes({MediaType.APPLICATION_JSON, "application/x-ndjson"})
    public Uni<RestResponse<byte[]>> append(@RestPath String id, @RestHeader(FENCE) @Nullable String fence,
            Requests.Events body, HttpServerRequest request) {
        // Not @RestHeader, which takes an empty header for none: whoever sends a
        // condition must not append without it.
        String expectedSeq = request.getHeader(EXPECTED_SEQ);
        Supplier<Uni<Answer>> work = () -> append(job(id), Inputs.fence(fence), expectedSeq, body);
        // What landed no longer has the condition that it came with.
        return calls.once(request, Repeat.harmlessIf(expectedSeq != null), work);
    }

    private Uni<Answer> append(JobKey job, Fence fence, @Nullable String expectedSeq, Requests.Events body) {
        OptionalLong expected =
                expectedSeq == null ? OptionalLong.empty() : OptionalLong.of(Inputs.number(expectedSeq, EXPECTED_SEQ));
        List<Reported> events = body.events().stream().map(this::event).toList();
        if (events.isEmpty()) throw Inputs.invalid("Send at least one event.");
        return store.append(job, fence, expected, events).map(Refusals::won).map(won -> appended(won, events.size()));
    }

    private static Answer appended(Won won, int count) {
        EventId last = won.job().lastEventId();
        return Answer.of(202, json -> json.text("firstEventId", new EventId(last.generation(), last.seq() - count + 1))
                .text("lastEventId", last));
    }

    private Reported event(Requests.@Nullable Event event) {
        Requests.Event present = Inputs.present(event, "event");
        Json data = Inputs.present(present.data(), "data");
        EventName name = new EventName(Inputs.present(present.event(), "event"));
        long most = limits.eventData().asLongValue();
        if (data.utf8Length() > most)
            throw new Problem(ProblemType.PAYLOAD_TOO_LARGE, "An event's data may have at most " + most + " bytes.")
                    .refused();
        if (present.retain() != null && !present.retain().equals("latest"))
            throw Inputs.invalid("retain must be latest.");
        return new Reported(name, masks.masked(data), present.retain() != null);
    }

    @POST
    @Path("/{id}/pause")
    public Uni<RestResponse<byte[]>> pause(@RestPath String id, @RestHeader(FENCE) @Nullable String fence,
            Requests.Pause body,
            HttpServerRequest request) {
        // A name of the worker's own makes it the same pause.
        boolean isNamed = body.action() != null && body.action().actionId() != null;
        return move(request, Repeat.harmlessIf(isNamed), () -> {
            Traces trace = Traces.of(request);
            JobKey job = job(id);
            Fence shown = Inputs.fence(fence);
            return Pauses.read(body, ids, masking, trace.place())
                    .invoke(wanted -> trace.concern(job, wanted.action()))
                    .chain(wanted -> store.pause(job, shown, wanted, null));
        });
    }

    @POST
    @Path("/{id}/complete")
    public Uni<RestResponse<byte[]>> complete(@RestPath String id, @RestHeader(FENCE) @Nullable String fence,
            Requests.Complete body,
            HttpServerRequest request) {
        return move(request, Repeat.HARMLESS,
                () -> store.complete(job(id), Inputs.fence(fence), masked(body.result())));
    }

    @POST
    @Path("/{id}/fail")
    public Uni<RestResponse<byte[]>> fail(@RestPath String id, @RestHeader(FENCE) @Nullable String fence,
            Requests.Fail body,
            HttpServerRequest request) {
        return move(request, Repeat.HARMLESS, () -> store.fail(job(id), Inputs.fence(fence), error(body)));
    }

    private @Nullable Json masked(@Nullable Json json) { return json == null ? null : masks.masked(json); }

    private JobError error(Requests.Fail body) {
        String code = Inputs.present(body.code(), "code");
        if (code.isEmpty() || code.length() > LONGEST_CODE) throw Inputs.invalid("code has 1 to 256 characters.");
        String message = Inputs.present(body.message(), "message");
        if (message.length() > LONGEST_MESSAGE) throw Inputs.invalid("message has at most 16000 characters.");
        return new JobError(code, masks.masked(message));
    }

    @POST
    @Path("/{id}/heartbeat")
    @Consumes(MediaType.WILDCARD)
    public Uni<RestResponse<byte[]>> heartbeat(@RestPath String id, @RestHeader(FENCE) @Nullable String fence,
            HttpServerRequest request) {
        return calls.once(request, Repeat.HARMLESS,
                () -> store.heartbeat(job(id), Inputs.fence(fence)).map(Refusals::won)
                        .map(won -> Answer.ok(json -> json.instant("leaseExpiresAt", won.job().dueAt(timing)))));
    }

    private JobKey job(String id) { return access.driver().space().job(new JobId(id)); }

    private Uni<RestResponse<byte[]>> move(HttpServerRequest request, Repeat repeat, Supplier<Uni<Transition>> move) {
        return calls.once(request, repeat, () -> move.get().map(Refusals::won).map(WorkerResource::job));
    }

    static Answer job(Won won) { return Answer.ok(json -> Shapes.job(json, won.job(), won.at())); }
}
