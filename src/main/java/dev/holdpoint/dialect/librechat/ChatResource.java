package dev.holdpoint.dialect.librechat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.approval.Decided;
import dev.holdpoint.approval.Proposal;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.Calls.Repeat;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Deciding;
import dev.holdpoint.door.Deciding.Decidable;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.json.Requests;
import dev.holdpoint.door.problem.Problem;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.InvalidName;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.UserId;
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

/** What LibreChat's page asks about a run, and how it stops one or lets it go on. */
@Path("/api/agents/chat")
@Produces(MediaType.APPLICATION_JSON)
public class ChatResource {
    /** What clients call a conversation that has no id yet. */
    static final String NEW = "new";
    private static final int LONGEST_TARGET = 512;
    private static final int PAGE = 200;
    private static final Proposal NOTHING = new Proposal(null, null, null);

    private final JobStore store;
    private final Turns turns;
    private final Deciding deciding;
    private final JobAccess access;
    private final CurrentCall call;
    private final Calls calls;

    ChatResource(JobStore store, Turns turns, Deciding deciding, JobAccess access, CurrentCall call, Calls calls) {
        this.store = store;
        this.turns = turns;
        this.deciding = deciding;
        this.access = access;
        this.call = call;
        this.calls = calls;
    }

    @GET
    @Path("/active")
    public Uni<RestResponse<byte[]>> active(HttpServerRequest request) {
        Protocol protocol = Protocol.of(request);
        return calls.answer(request,
                () -> activeRuns(call.caller()).map(runs -> Words.ok(protocol,
                        json -> json.texts("activeJobIds", runs.stream().map(Run::id).toList()))),
                Words.refusals(protocol));
    }

    private record Run(JobId id, long generation) {
        static Run of(Job job) { return new Run(job.key().id(), job.generation()); }
    }

    /** All of them; how many a user may have is limited. */
    private Uni<List<Run>> activeRuns(Caller caller) {
        UserId user = new UserId(caller.subject());
        return Multi.createBy().repeating()
                .uni(Listing::new,
                        listing -> store.activeJobs(caller.space(), user, listing.next, PAGE).map(page -> {
                            page.items().forEach(job -> listing.runs.add(Run.of(job)));
                            listing.next = page.next();
                            return listing;
                        }))
                .whilst(listing -> listing.next != null)
                .collect().last().map(listing -> listing.runs);
    }

    private static final class Listing {
        final List<Run> runs = new ArrayList<>();
        @Nullable String next;
    }

    @GET
    @Path("/status/{conversationId}")
    public Uni<RestResponse<byte[]>> status(@RestPath String conversationId, HttpServerRequest request) {
        Protocol protocol = Protocol.of(request);
        return calls.answer(request,
                () -> status(conversationId, protocol)
                        // What was read may have gone on meanwhile: then it is another turn's state that is wanted.
                        .onFailure(failure -> failure instanceof Refused refused
                                && refused.problem().type() == ProblemType.OVERLOADED)
                        .retry().atMost(2),
                Words.refusals(protocol));
    }

    private Uni<Answer> status(String id, Protocol protocol) {
        Caller caller = call.caller();
        return access.find(caller, new JobId(id)).chain(seen -> seen == null ? inactive(protocol)
                : store.resumeState(seen.job().key()).chain(state -> state == null ? inactive(protocol)
                        : status(caller, state, protocol)));
    }

    private static Uni<Answer> inactive(Protocol protocol) {
        return Uni.createFrom().item(Words.ok(protocol, json -> json.flag("active", false)));
    }

    private Uni<Answer> status(Caller caller, ResumeState state, Protocol protocol) {
        Job job = state.job();
        if (!Rights.mayRead(caller, job)) throw Words.unauthorized().refused();
        Chat chat = Chat.of(job);
        Json pending = ChatShapes.pendingAction(chat, state);
        return turns.upTo(job.key(), job.lastEventId()).map(turn -> Words.ok(protocol,
                json -> json.flag("active", job.isActive(state.at())).text("streamId", chat.streamId())
                        .text("status", job.status().word()).jsons("aggregatedContent", turn.content())
                        .number("createdAt", chat.epoch())
                        .number("elapsedMs", state.at().toEpochMilli() - job.createdAt().toEpochMilli())
                        .json("resumeState", ChatShapes.resumeState(chat, turn, state))
                        .json("pendingAction", pending)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/abort")
    public Uni<RestResponse<byte[]>> abort(Requests.Document body, HttpServerRequest request) {
        JsonNode sent = Trees.of(body.value());
        Protocol protocol = Protocol.of(request, sent);
        return calls.once(request, Repeat.HARMFUL, () -> abort(sent, protocol), Words.refusals(protocol));
    }

    private Uni<Answer> abort(JsonNode sent, Protocol protocol) {
        if (!sent.isObject()) throw noTarget();
        String stream = target(sent, "streamId");
        String conversation = target(sent, "conversationId");
        String key = target(sent, "abortKey");
        OptionalLong generation = Resume.generation(sent);
        for (String named : new String[]{stream, conversation}) {
            if (isName(named)) return abort(named, generation, protocol);
        }
        boolean placeholder = stream.equals(NEW) || conversation.equals(NEW);
        return keyed(key).chain(named -> {
            if (isName(named)) return abort(named, generation, protocol);
            if (!placeholder) throw Words.nothingToAbort("").refused();
            return abortOnly(generation, protocol);
        });
    }

    private static boolean isName(String target) { return !target.isEmpty() && !target.equals(NEW); }

    /**
     * What a key names before its colon. Ids may have colons too: a run that the caller may stop, up to the last
     * one, goes before what is up to the first.
     */
    private Uni<String> keyed(String key) {
        String shortest = key.split(":", 2)[0];
        int last = key.lastIndexOf(':');
        if (last <= shortest.length()) return Uni.createFrom().item(shortest);
        Caller caller = call.caller();
        String longest = key.substring(0, last);
        return Uni.createFrom().deferred(() -> access.find(caller, new JobId(longest)))
                .onFailure(InvalidName.class).recoverWithNull()
                .map(seen -> seen != null && Rights.mayAbort(caller, seen.job()) ? longest : shortest);
    }

    private Uni<Answer> abortOnly(OptionalLong generation, Protocol protocol) {
        return activeRuns(call.caller()).chain(runs -> {
            Run only = only(runs, generation);
            return abort(only.id().value(), OptionalLong.of(only.generation()), protocol);
        });
    }

    /** Empty when the member isn't there. */
    private static String target(JsonNode sent, String member) {
        JsonNode value = sent.path(member);
        if (!Trees.isPresent(value)) return "";
        if (!value.isTextual() || value.textValue().isEmpty() || value.textValue().length() > LONGEST_TARGET)
            throw noTarget();
        return value.textValue();
    }

    private static RuntimeException noTarget() {
        return Words.coded(ProblemType.INVALID_REQUEST, "INVALID_ABORT_TARGET",
                "A target is a text of 1 to " + LONGEST_TARGET + " characters").refused();
    }

    private static Run only(List<Run> runs, OptionalLong generation) {
        List<Run> meant = runs.stream()
                .filter(run -> generation.isEmpty() || generation.getAsLong() == run.generation()).toList();
        if (meant.isEmpty()) throw Words.nothingToAbort(NEW).refused();
        if (meant.size() > 1) throw Words.coded(ProblemType.JOB_ACTIVE, "AMBIGUOUS_ACTIVE_RUN",
                "More than one run is active; name one of them").refused();
        return meant.getFirst();
    }

    private Uni<Answer> abort(String id, OptionalLong generation, Protocol protocol) {
        return deciding.abort(id, generation)
                .onFailure(Refused.class).transform(Words.unseen(Words.nothingToAbort(id)))
                .map(outcome -> switch (outcome) {
                    case Transition.Won won -> aborted(id, protocol);
                    case Transition.AlreadySettled settled -> settled(id, settled.status(), protocol);
                    case Transition.GenerationMismatch other -> throw Words.replaced("RUN_REPLACED").refused();
                    case Transition.NoSuchJob none -> throw Words.nothingToAbort(id).refused();
                    case Transition.Lost lost -> throw Refusals.of(lost).refused();
                });
    }

    private static Answer aborted(String id, Protocol protocol) {
        return Words.ok(protocol, json -> json.flag("success", true).text("aborted", id));
    }

    private static Answer settled(String id, JobStatus status, Protocol protocol) {
        return switch (protocol) {
            case PLAIN -> aborted(id, protocol);
            case FENCED -> Words.ok(protocol,
                    json -> json.flag("success", false).flag("settled", true).text("code", "RUN_ALREADY_SETTLED")
                            .text("streamId", id).text("terminalStatus", status.word()));
        };
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("/resume")
    public Uni<RestResponse<byte[]>> resume(Requests.Document body, HttpServerRequest request) {
        Resume sent = Resume.of(body.value());
        Protocol protocol = Protocol.of(request, sent.body());
        return calls.once(request, Repeat.HARMLESS, () -> resume(sent, request)
                .map(chat -> Words.ok(protocol, json -> json.text("streamId", chat.streamId())
                        .text("conversationId", chat.conversationId()).text("status", "resuming"))),
                Words.refusals(protocol));
    }

    private Uni<Chat> resume(Resume sent, HttpServerRequest request) {
        String id = sent.conversationId();
        OptionalLong generation = sent.generation();
        ActionId named = sent.actionId();
        return deciding.decidable(id, named, request)
                .onFailure(Refused.class).transform(Words.unseen(Words.nothingToResume()))
                .invoke(job -> check(sent, generation, job.seen()))
                .chain(job -> named == null ? unnamed(job)
                        : job.decide(generation, named, proposal(sent, job.seen(), named)))
                .map(outcome -> switch (outcome) {
                    case Decided.Accepted accepted -> Chat.of(accepted.job());
                    case Decided.Refused refused -> throw Words.of(refused).refused();
                });
    }

    /** Before anything is said of the prompt, the client must mean this run of this agent. */
    private static void check(Resume sent, OptionalLong generation, Sighting seen) {
        Chat chat = Chat.of(seen.job());
        if (generation.isPresent() && generation.getAsLong() != chat.epoch())
            throw Words.replaced("RUN_REPLACED").refused();
        if (!sent.agrees("agent_id", chat.agentId())) throw forbidden("Cannot resume with a different agent");
        if (!sent.agrees("endpoint", chat.endpoint())) throw forbidden("Cannot resume on a different endpoint");
    }

    private static RuntimeException forbidden(String error) {
        return new Problem(ProblemType.FORBIDDEN, error).refused();
    }

    /** Nothing can be decided so, but a prompt that is past its time is found dead. */
    private static Uni<Decided> unnamed(Decidable job) {
        Sighting seen = job.seen();
        PendingAction prompt = seen.job().prompt().orElseThrow(
                () -> new Problem(ProblemType.NOT_WAITING, "No live pending action to resume").refused());
        if (prompt.isLive(seen.at())) throw Inputs.invalid("actionId is required to resume");
        return job.decide(OptionalLong.of(seen.job().generation()), prompt.id(), NOTHING);
    }

    /** By what the action asks, or asked before it was decided: whoever repeats a decision means the same calls. */
    private static Proposal proposal(Resume sent, Sighting seen, ActionId action) {
        Job job = seen.job();
        return sent.proposal(job.prompt().filter(waiting -> waiting.id().equals(action))
                .or(() -> job.closed(action).map(ClosedAction::resolution).map(made -> made.action()))
                .map(found -> found.payload()).orElse(null));
    }
}
