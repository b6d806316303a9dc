package dev.holdpoint.dialect.langgraph;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.access.Rights;
import dev.holdpoint.approval.Decided;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Calls.Repeat;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Deciding;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.door.sse.EventStreams;
import dev.holdpoint.door.sse.Frames;
import dev.holdpoint.job.Continuation;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.job.Text;
import dev.holdpoint.poll.LongPolls;
import dev.holdpoint.stream.Cursor;
import dev.holdpoint.stream.Follower;
import dev.holdpoint.stream.Opening;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * A run is what follows a decision: from there to the next prompt or to the end. It is known
 * by the event with which the job goes on.
 */
@Path("/langgraph/threads/{id}/runs")
public class RunsResource {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    /** What would change when or how a run goes: whoever asks for it must not be left to believe that it happens. */
    private static final List<String> NOT_OFFERED =
            List.of("input", "webhook", "after_seconds", "interrupt_before", "interrupt_after");
    /** As the server begins a stream whose reader has nothing yet. */
    private static final String FROM_THE_START = "-1";
    private static final String RUN_PLACE = "Content-Location";
    private static final int BATCH = 128;
    private static final JobError UNSEEN = new JobError("run-unseen",
            "The decision is made, and the run was not seen to its end. Join it to wait for longer.");
    private static final Logger LOG = Logger.getLogger(RunsResource.class);

    private final Resuming resuming;
    private final Deciding deciding;
    private final Follower follower;
    private final EventStreams streams;
    private final JobStore store;
    private final JobAccess access;
    private final LongPolls polls;
    private final CurrentCall call;
    private final Calls calls;

    RunsResource(Resuming resuming, Deciding deciding, Follower follower, EventStreams streams, JobStore store,
            JobAccess access, LongPolls polls, CurrentCall call, Calls calls) {
        this.resuming = resuming;
        this.deciding = deciding;
        this.follower = follower;
        this.streams = streams;
        this.store = store;
        this.access = access;
        this.polls = polls;
        this.call = call;
        this.calls = calls;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> create(@RestPath String id, Requests.Document body, HttpServerRequest request) {
        JsonNode run = ThreadsResource.tree(body);
        return calls.once(request, repeat(run), () -> decision(id, run, request));
    }

    /** The decision, told as the run that follows it. */
    private Uni<Answer> decision(String id, JsonNode sent, HttpServerRequest request) {
        // The decision stands, so trouble behind it must not look as if it had better be sent again.
        return resumed(id, sent, request).chain(this::begun)
                .chain(run -> status(run)
                        .onFailure(StoreTrouble.class).recoverWithItem(() -> Status.ofRun(run.job()))
                        .map(status -> decided(run, status)));
    }

    private static Answer decided(Run run, String status) {
        return Answer.json(ThreadShapes.run(run.job(), run.id(), status))
                .with(RUN_PLACE, place(run.job().key(), run.id()));
    }

    private static EventId runOf(Answer decision) {
        String place = Inputs.present(decision.headers().get(RUN_PLACE), RUN_PLACE);
        return eventId(place.substring(place.lastIndexOf('/') + 1));
    }

    /**
     * What was decided before, or won over a link that broke, was seen with the job of another moment:
     * then the log tells where the run began. Where it no longer does, no event may be named that could be
     * of a later run.
     */
    private Uni<Run> begun(Decided.Accepted accepted) {
        Job job = accepted.job();
        Resolution made = accepted.resolution();
        if (job.continuation().filter(Continuation::isOpen).filter(open -> open.resolution().id().equals(made.id()))
                .isPresent())
            return Uni.createFrom().item(Run.newest(job));
        EventId start = new EventId(made.generation(), 0);
        return store.find(job.key()).chain(seen -> seen == null || seen.job().generation() != made.generation()
                ? Uni.createFrom().item(new Run(job, start))
                : first(job.key(), start, event -> event instanceof JobEvent.JobResumed resumed
                        && resumed.resolution().id().equals(made.id()))
                        .map(run -> new Run(seen.job(), run.orElse(start))))
                .onFailure(StoreTrouble.class).recoverWithItem(() -> new Run(job, start));
    }

    /** The first event behind another that is so, as far as the log still reaches. */
    private Uni<Optional<EventId>> first(JobKey job, EventId after, Predicate<JobEvent> wanted) {
        return follower.open(job, new Cursor.After(after)).chain(opening -> opening instanceof Opening.From from
                && from.after().generation() == after.generation()
                        ? Multi.createBy().repeating()
                                .uni(() -> new AtomicReference<>(from.after()), place -> next(job, place))
                                .whilst(events -> !events.isEmpty()).onItem().<LoggedEvent>disjoint()
                                .filter(logged -> wanted.test(logged.event())).toUni()
                                .map(found -> Optional.ofNullable(found).map(LoggedEvent::id))
                        : Uni.createFrom().item(Optional.empty()));
    }

    /** What came behind a run, as far as the log tells. */
    private enum Successor { NONE, BEGUN, UNKNOWN }

    private Uni<Successor> successor(JobKey job, EventId run) {
        return first(job, run, JobEvent.JobResumed.class::isInstance).chain(later -> later.isPresent()
                ? Uni.createFrom().item(Successor.BEGUN)
                // Asked last: what the log still has by now it had while it was searched.
                : follower.read(job, run, 1).map(slice -> slice.kept() ? Successor.NONE : Successor.UNKNOWN));
    }

    /** A run after which another began had come to the prompt that the other decided. */
    private Uni<String> status(Run run) {
        String ofNewest = Status.ofRun(run.job());
        if (run.id().equals(run.job().lastEventId())) return Uni.createFrom().item(ofNewest);
        return successor(run.job().key(), run.id())
                .map(later -> later == Successor.BEGUN ? Status.INTERRUPTED.word() : ofNewest);
    }

    private Uni<List<LoggedEvent>> next(JobKey job, AtomicReference<EventId> place) {
        return follower.read(job, requireNonNull(place.get()), BATCH).map(EventLog.Slice::events).invoke(events -> {
            if (!events.isEmpty()) place.set(events.getLast().id());
        });
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/wait")
    public Uni<RestResponse<byte[]>> resumeAndWait(@RestPath String id, Requests.Document body,
            HttpServerRequest request) {
        JsonNode run = ThreadsResource.tree(body);
        return calls.onceAndThen(request, repeat(run),
                () -> decision(id, run, request), decided -> access.readable(id)
                        .chain(seen -> outcome(seen.job().key(), runOf(decided), ThreadsResource.form(request)))
                        .onFailure().recoverWithItem(why -> goesOn(id, why))
                        .map(outcome -> Calls.response(
                                new Answer(outcome.status(), outcome.mediaType(), outcome.body(), decided.headers()))));
    }

    /**
     * Not a status of trouble: older SDKs send whatever has one again, and a list would
     * decide the next prompt, which nobody saw.
     */
    private static Answer goesOn(String job, Throwable why) {
        unseen(job, why);
        return Answer.ok(json -> json.object("__error__", UNSEEN, ThreadShapes::error));
    }

    private static void unseen(String job, Throwable why) {
        if (why instanceof Refused || why instanceof StoreTrouble)
            LOG.debugf("run not seen: jobId=%s: %s", job, why.getMessage());
        else LOG.warnf(why, "run not seen: jobId=%s", job);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Path("/stream")
    public Uni<RestResponse<byte[]>> stream(@RestPath String id, Requests.Document body, RoutingContext context) {
        HttpServerRequest request = context.request();
        Form asked = ThreadsResource.form(request);
        JsonNode sent = ThreadsResource.tree(body);
        Set<StreamMode> modes = modes(sent.path("stream_mode"));
        return calls.onceAndThen(request, repeat(sent),
                () -> decision(id, sent, request), decided -> {
                    decided.headers().forEach(context.response()::putHeader);
                    EventId run = runOf(decided);
                    return run(id, run.toString()).chain(found -> open(context, found, run, modes, asked))
                            // As with waiting: the decision must not be sent again because its run can't be followed.
                            .onFailure().recoverWithItem(why -> {
                                unseen(id, why);
                                return told(run, RunFrames.error(UNSEEN).appendBuffer(RunFrames.over()));
                            });
                });
    }

    private static Repeat repeat(JsonNode run) {
        return Resuming.repeat(run, run.path("command").path("resume"));
    }

    private Uni<Decided.Accepted> resumed(String id, JsonNode run, HttpServerRequest request) {
        for (String name : NOT_OFFERED) {
            if (!run.path(name).isMissingNode() && !run.path(name).isNull())
                throw Inputs.invalid(name + " is not offered: a run here does nothing but resume.");
        }
        JsonNode command = run.path("command");
        JsonNode resume = command.path("resume");
        if (!command.isObject() || resume.isMissingNode() || resume.isNull())
            throw Inputs.invalid("command.resume is missing: workers begin runs, and people resume them.");
        command.fieldNames().forEachRemaining(name -> {
            if (!name.equals("resume") && !command.path(name).isNull())
                throw Inputs.invalid("A command can resume, and nothing beside it.");
        });
        return resuming.resume(id, run, resume, ThreadsResource.form(request), request);
    }

    private static Set<StreamMode> modes(JsonNode said) {
        List<String> words = new ArrayList<>();
        if (said.isTextual()) words.add(said.textValue());
        said.elements().forEachRemaining(word -> words.add(word.asText()));
        return StreamMode.read(words, Set.of(StreamMode.VALUES));
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{run}")
    public Uni<RestResponse<byte[]>> get(@RestPath String id, @RestPath String run, HttpServerRequest request) {
        return calls.answer(request, () -> run(id, run).chain(found -> status(found)
                .map(status -> Answer.json(ThreadShapes.run(found.job(), found.id(), status)))));
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{run}/join")
    public Uni<RestResponse<byte[]>> join(@RestPath String id, @RestPath String run, HttpServerRequest request) {
        return calls.answer(request, () -> {
            Form asked = ThreadsResource.form(request);
            return run(id, run).chain(found -> outcome(found.job().key(), found.id(), asked));
        });
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Path("/{run}/stream")
    public Uni<RestResponse<byte[]>> joinStream(@RestPath String id, @RestPath String run,
            @RestHeader("Last-Event-ID") @Nullable String last, @RestQuery("stream_mode") List<String> words,
            RoutingContext context) {
        Form asked = ThreadsResource.form(context.request());
        Set<StreamMode> modes = StreamMode.read(words, StreamMode.all());
        return run(id, run).chain(found -> {
            EventId after = after(found.id(), last);
            return isBehindStop(found, after).chain(over -> over ? Uni.createFrom().item(over(found))
                    : open(context, found, after, modes, asked));
        });
    }

    private static EventId after(EventId run, @Nullable String last) {
        if (last == null || last.isEmpty() || last.equals(FROM_THE_START)) return run;
        EventId named = EventId.parse(last).filter(event -> event.generation() == run.generation())
                .orElseThrow(() -> Inputs.invalid("Last-Event-ID is not an event of this run."));
        return later(run, named);
    }

    private static EventId later(EventId run, EventId place) { return place.seq() < run.seq() ? run : place; }

    /** Whether the reader has the run to its stop: what comes later is of another one. */
    private Uni<Boolean> isBehindStop(Run run, EventId after) {
        if (after.seq() <= run.id().seq()) return Uni.createFrom().item(false);
        return follower.read(run.job().key(), new EventId(after.generation(), after.seq() - 1), 1)
                .map(slice -> slice.events().stream().anyMatch(RunFrames::isStop));
    }

    /** Not 204, which the SDK takes for a broken stream. */
    private static RestResponse<byte[]> over(Run run) {
        return told(run.id(), RunFrames.over());
    }

    private static RestResponse<byte[]> replaced(Run run) {
        return told(run.id(), RunFrames.error(JobError.REPLACED).appendBuffer(RunFrames.over()));
    }

    private static RestResponse<byte[]> told(EventId run, Buffer frames) {
        return Calls.response(new Answer(200, MediaType.SERVER_SENT_EVENTS,
                RunFrames.metadata(run).appendBuffer(frames).getBytes(), Map.of()));
    }

    private Uni<RestResponse<byte[]>> open(RoutingContext context, Run run, EventId after, Set<StreamMode> modes,
            @Nullable Form asked) {
        return follower.open(run.job().key(), new Cursor.After(after)).chain(opening -> switch (opening) {
            case Opening.NoSuchJob none -> throw Refusals.noSuchJob().refused();
            case Opening.Over over -> Uni.createFrom().item(over(run));
            case Opening.From start when start.after().generation() != run.id().generation() ->
                    Uni.createFrom().item(replaced(run));
            // Whoever names what isn't there yet is sent back to where the log begins, which may be of another run.
            case Opening.From start -> follow(context, run,
                    new Opening.From(later(run.id(), start.after()), start.missing()), modes, asked);
        });
    }

    /** A reader whose place is gone from the log begins again with the values as they are. */
    private Uni<RestResponse<byte[]>> follow(RoutingContext context, Run run, Opening.From start,
            Set<StreamMode> modes, @Nullable Form asked) {
        Buffer metadata = RunFrames.metadata(run.id());
        RunFrames frames = new RunFrames(modes, Form.of(run.job(), asked));
        if (start.missing().isEmpty() || !modes.contains(StreamMode.VALUES))
            return follow(context, run, start, frames, metadata);
        // What is read by now may be of a job that took the id since it was looked at, and not for this reader.
        return state(run.job().key()).chain(state -> state.job().generation() != run.id().generation()
                ? Uni.createFrom().item(replaced(run))
                : follow(context, run, start, frames, metadata.appendBuffer(
                        Frames.frame(null, StreamMode.VALUES.word(), ThreadShapes.values(state)))));
    }

    private Uni<RestResponse<byte[]>> follow(RoutingContext context, Run run, Opening.From start, RunFrames frames,
            Buffer prelude) {
        JobKey job = run.job().key();
        String query = frames.modes().stream().map(mode -> "stream_mode=" + mode.word()).sorted()
                .collect(Collectors.joining("&", "?", ""));
        context.response().putHeader(RUN_PLACE, place(job, run.id()));
        // The SDK reads it as a path below the address that it was given, not as one of this host.
        context.response().putHeader("Location", place(job, run.id()) + "/stream" + query);
        return streams.open(context, call.caller(), job, start, frames, prelude);
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Path("/{run}/cancel")
    public Uni<RestResponse<byte[]>> cancel(@RestPath String id, @RestPath String run, HttpServerRequest request) {
        return calls.once(request, Repeat.HARMLESS, () -> {
            EventId named = eventId(run);
            return newest(id, named).chain(() -> deciding.abort(id, OptionalLong.of(named.generation())))
                    .map(Refusals::won).map(won -> Answer.noContent());
        });
    }

    /**
     * Whoever cancels a run doesn't mean the one that came after it. Who may not abort learns nothing here; he
     * is refused where that is put on record.
     */
    private Uni<Void> newest(String id, EventId run) {
        return access.find(call.caller(), new JobId(id)).chain(seen -> {
            if (seen == null || !Rights.mayAbort(call.caller(), seen.job())
                    || seen.job().generation() != run.generation())
                return Uni.createFrom().voidItem();
            if (run.seq() > seen.job().lastSeq()) throw noSuchRun();
            return successor(seen.job().key(), run).invoke(later -> {
                switch (later) {
                    case NONE -> {}
                    case BEGUN -> throw notNewest(seen.job(), "The run is over, and another came after it.");
                    case UNKNOWN -> throw notNewest(seen.job(),
                            "The log no longer reaches back to the run, and another may have come after it.");
                }
            }).replaceWithVoid();
        });
    }

    private static RuntimeException notNewest(Job job, String detail) {
        return new Problem(ProblemType.SEQUENCE_MISMATCH, detail,
                json -> json.text("lastEventId", job.lastEventId())).refused();
    }

    private record Run(Job job, EventId id) {
        static Run newest(Job job) { return new Run(job, job.lastEventId()); }
    }

    private Uni<Run> run(String id, String run) {
        return access.readable(id).map(seen -> {
            EventId named = eventId(run);
            if (named.generation() != seen.job().generation() || named.seq() > seen.job().lastSeq())
                throw noSuchRun();
            return new Run(seen.job(), named);
        });
    }

    private static EventId eventId(String run) {
        return EventId.parse(run).orElseThrow(RunsResource::noSuchRun);
    }

    private static RuntimeException noSuchRun() {
        return new Problem(ProblemType.NOT_FOUND, "The thread has no run of that id by now.").refused();
    }

    /**
     * What a run comes to, as soon as it comes to anything. Of a run that is over,
     * it is what the thread has come to since.
     */
    private Uni<Answer> outcome(JobKey job, EventId run, @Nullable Form asked) {
        return polls.poll(LONGEST_WAIT, follower.wakes(job), () -> store.find(job), seen -> hasStopped(seen, run))
                .chain(stopped -> {
                    if (stopped == null) throw new Problem(ProblemType.OUTCOME_UNKNOWN,
                            "The decision is made and the run goes on. Join it to wait for longer.")
                            .retryAfter(Duration.ofSeconds(1)).refused();
                    return state(job);
                }).map(state -> Answer.json(Members.json(json -> outcome(json, run, state, asked))));
    }

    private static boolean hasStopped(@Nullable Sighting seen, EventId run) {
        return seen == null || seen.job().generation() != run.generation()
                || !(seen.job().phase() instanceof Phase.Running);
    }

    private static void outcome(Members json, EventId run, ResumeState state, @Nullable Form asked) {
        JobError error = state.job().generation() != run.generation() ? JobError.REPLACED
                : state.job().ended().map(Phase.Ended::how).map(Ending::error).orElse(null);
        if (error != null) {
            json.object("__error__", error, ThreadShapes::error);
            return;
        }
        Tree.read(ThreadShapes.values(state).text()).ifPresent(values -> values.properties().stream()
                .filter(value -> !value.getKey().equals(RunFrames.INTERRUPTS))
                .forEach(value -> json.json(value.getKey(), Tree.json(value.getValue()))));
        List<Shown.One> interrupts = ThreadShapes.interrupts(state.job(), state.at(), asked);
        if (!interrupts.isEmpty()) RunFrames.interrupts(json, interrupts);
    }

    private Uni<ResumeState> state(JobKey job) {
        return store.resumeState(job).onItem().ifNull().failWith(() -> Refusals.noSuchJob().refused());
    }

    private static String place(JobKey job, EventId run) {
        return "/threads/" + Text.inPath(job.id().value()) + "/runs/" + run;
    }
}
