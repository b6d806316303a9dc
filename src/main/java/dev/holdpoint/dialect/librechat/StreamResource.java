package dev.holdpoint.dialect.librechat;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.ServingContext;
import dev.holdpoint.door.problem.ProblemType;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.door.sse.EventStreams;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.stream.Cursor;
import dev.holdpoint.stream.Follower;
import dev.holdpoint.stream.Opening;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Where LibreChat's page follows a run. */
@Path("/api/agents/chat/stream/{streamId}")
public class StreamResource {
    private static final long LAST_SAFE_INTEGER = (1L << 53) - 1;

    private final JobStore store;
    private final Follower follower;
    private final EventStreams streams;
    private final Turns turns;
    private final Shared<ChatFrames.Last, Buffer> lasts = new Shared<>();
    private final JobAccess access;
    private final CurrentCall call;
    private final Calls calls;

    StreamResource(JobStore store, Follower follower, EventStreams streams, Turns turns, JobAccess access,
            CurrentCall call, Calls calls) {
        this.store = store;
        this.follower = follower;
        this.streams = streams;
        this.turns = turns;
        this.access = access;
        this.call = call;
        this.calls = calls;
    }

    /** Where a reader begins, and what he is told before. */
    private record Beginning(Opening opening, @Nullable Buffer prelude) {
        static Beginning at(EventId after) {
            return new Beginning(new Opening.From(after, Optional.empty()), null);
        }
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<RestResponse<byte[]>> follow(@RestPath String streamId, @RestQuery @Nullable String resume,
            @RestQuery @Nullable String generationCreatedAt, @RestHeader("Last-Event-ID") @Nullable String header,
            @RestQuery @Nullable String lastEventId, HttpServerRequest request, RoutingContext context) {
        Protocol protocol = Protocol.of(request);
        Caller caller = call.caller();
        Executor here = ServingContext.here();
        return calls.answer(request, () -> {
            Long pinned = pinned(generationCreatedAt);
            Cursor cursor = cursor(header == null ? lastEventId : header);
            boolean again = "true".equals(resume);
            return state(streamId).chain(state -> {
                Chat chat = chat(caller, state, pinned);
                return begin(state, chat, cursor, again).emitOn(here)
                        .chain(start -> open(context, caller, state.job(), chat, protocol, start));
            });
        }, Words.refusals(protocol));
    }

    private static @Nullable Long pinned(@Nullable String generation) {
        if (generation == null) return null;
        try {
            long named = Inputs.number(generation, "generationCreatedAt");
            if (named <= LAST_SAFE_INTEGER) return named;
        } catch (Refused malformed) {
            // Said in LibreChat's words below.
        }
        throw Words.coded(ProblemType.INVALID_REQUEST, "INVALID_GENERATION_IDENTITY", "Invalid generation identity")
                .refused();
    }

    private static Cursor cursor(@Nullable String lastEventId) {
        return lastEventId == null || lastEventId.isEmpty() ? new Cursor.Start()
                : new Cursor.After(
                        EventId.parse(lastEventId).orElseThrow(() -> Inputs.invalid("The cursor is not an event id.")));
    }

    private Uni<ResumeState> state(String streamId) {
        return access.readable(streamId).chain(seen -> store.resumeState(seen.job().key()))
                .onFailure(Refused.class).transform(Words.unseen(Words.noStream()))
                .onItem().ifNull().failWith(() -> Words.noStream().refused());
    }

    /**
     * Of the moment that the stream begins with: a turn that took the id since
     * the caller was looked at is another turn.
     */
    private static Chat chat(Caller caller, ResumeState state, @Nullable Long pinned) {
        if (!Rights.mayRead(caller, state.job())) throw Words.unauthorized().refused();
        Chat chat = Chat.of(state.job());
        if (pinned != null && pinned != chat.epoch()) throw Words.replaced("GENERATION_REPLACED").refused();
        return chat;
    }

    private Uni<Beginning> begin(ResumeState state, Chat chat, Cursor cursor, boolean again) {
        Job job = state.job();
        if (!(cursor instanceof Cursor.After)) return begin(state, chat, again);
        return follower.open(job.key(), cursor).chain(opening -> switch (opening) {
            case Opening.NoSuchJob none -> throw Words.noStream().refused();
            case Opening.From from when from.missing().isPresent() -> begin(state, chat, true);
            case Opening.From from -> Uni.createFrom().item(new Beginning(from, null));
            case Opening.Over over -> Uni.createFrom().item(new Beginning(over, null));
        });
    }

    /**
     * From the start if the log reaches back to it, or with a snapshot; of a turn
     * that is over, the last frame tells all.
     */
    private Uni<Beginning> begin(ResumeState state, Chat chat, boolean again) {
        Job job = state.job();
        EventId last = job.lastEventId();
        if (job.ended().isPresent())
            return Uni.createFrom().item(Beginning.at(new EventId(last.generation(), last.seq() - 1)));
        if (!again) return follower.open(job.key(), new Cursor.Start())
                .chain(opening -> opening instanceof Opening.From from && from.after().seq() > 0
                        ? begin(state, chat, true)
                        : Uni.createFrom().item(new Beginning(opening, null)));
        return turns.upTo(job.key(), last).map(turn -> new Beginning(new Opening.From(last, Optional.empty()),
                ChatFrames.sync(last, ChatShapes.resumeState(chat, turn, state))));
    }

    private Uni<Answer> open(RoutingContext context, Caller caller, Job job, Chat chat, Protocol protocol,
            Beginning start) {
        return switch (start.opening()) {
            case Opening.NoSuchJob none -> throw Words.noStream().refused();
            case Opening.Over over -> Uni.createFrom().item(Answer.noContent());
            case Opening.From from when from.after().generation() != chat.epoch() ->
                    throw Words.replaced("GENERATION_REPLACED").refused();
            case Opening.From from -> {
                context.response().putHeader(Protocol.HEADER, String.valueOf(protocol.number()));
                yield streams
                        .open(context, caller, job.key(), from, new ChatFrames(chat, protocol, turns, lasts),
                                start.prelude())
                        .map(head -> new Answer(head.getStatus(), MediaType.SERVER_SENT_EVENTS, new byte[0],
                                Map.of()));
            }
        };
    }
}
