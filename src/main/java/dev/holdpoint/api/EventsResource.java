package dev.holdpoint.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.holdpoint.door.Answer;
import dev.holdpoint.door.Calls;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.JobAccess;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.door.sse.EventStreams;
import dev.holdpoint.door.sse.Snapshots;
import dev.holdpoint.door.sse.StreamMeters;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.stream.Cursor;
import dev.holdpoint.stream.Follower;
import dev.holdpoint.stream.Opening;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** A job's events, as a stream and as pages. */
@Path("/v1/jobs/{id}/events")
public class EventsResource {
    private final Follower follower;
    private final EventStreams streams;
    private final StreamMeters meters;
    private final Snapshots snapshots;
    private final CloudEventFrames cloudEvents;
    private final JobAccess access;
    private final CurrentCall call;
    private final Calls calls;

    EventsResource(Follower follower, EventStreams streams, StreamMeters meters, Snapshots snapshots,
            CloudEventFrames cloudEvents, JobAccess access, CurrentCall call, Calls calls) {
        this.follower = follower;
        this.streams = streams;
        this.meters = meters;
        this.snapshots = snapshots;
        this.cloudEvents = cloudEvents;
        this.access = access;
        this.call = call;
        this.calls = calls;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<RestResponse<byte[]>> follow(@RestPath String id, @RestHeader("Last-Event-ID") @Nullable String header,
            @RestQuery @Nullable String lastEventId, @RestQuery @Nullable String from,
            @RestQuery @Nullable String format, @Context HttpHeaders headers, RoutingContext context) {
        // Where two methods differ only in what they produce, the framework gives every other type to one of them.
        if (headers.getAcceptableMediaTypes().stream().noneMatch(MediaType.SERVER_SENT_EVENTS_TYPE::isCompatible))
            throw new NotAcceptableException();
        Cursor cursor = cursor(header != null ? header : lastEventId, from);
        boolean asCloudEvents = CloudEventFrames.areWanted(format);
        return open(id, cursor).chain(place -> switch (place.opening()) {
            case Opening.NoSuchJob none -> throw Refusals.noSuchJob().refused();
            case Opening.Over over -> Uni.createFrom().item(RestResponse.<byte[]>noContent());
            case Opening.From start -> {
                if (cursor instanceof Cursor.After && start.missing().isEmpty()) meters.resumed();
                yield asCloudEvents ? cloudEvents(context, place.job(), start)
                        : streams.open(context, call.caller(), place.job(), start);
            }
        });
    }

    private record Place(JobKey job, Opening opening) {}

    /** Where a reader begins in the very job that he may read; its id may have gone to another between two looks. */
    private Uni<Place> open(String id, Cursor cursor) {
        return access.readable(id).map(Sighting::job).chain(job -> follower.open(job.key(), cursor)
                .chain(opening -> isOf(job, opening) ? Uni.createFrom().item(new Place(job.key(), opening))
                        : open(id, cursor)));
    }

    private static boolean isOf(Job job, Opening opening) {
        return switch (opening) {
            case Opening.NoSuchJob none -> true;
            case Opening.Over over -> over.last().generation() == job.generation();
            case Opening.From start -> start.after().generation() == job.generation();
        };
    }

    private Uni<RestResponse<byte[]>> cloudEvents(RoutingContext context, JobKey job, Opening.From start) {
        Uni<@Nullable Buffer> first = start.missing().isEmpty()
                ? Uni.createFrom().nullItem()
                : snapshots.of(call.caller(), job, start.missing().get())
                        .map(data -> cloudEvents.snapshot(job, start.after(), data));
        return first.chain(
                prelude -> streams.open(context, call.caller(), job, start, cloudEvents.ofJobs(), prelude));
    }

    private static Cursor cursor(@Nullable String lastEventId, @Nullable String from) {
        if (from != null && !from.equals("now")) throw Inputs.invalid("from must be now.");
        if (lastEventId != null && !lastEventId.isEmpty()) {
            return new Cursor.After(
                    EventId.parse(lastEventId).orElseThrow(() -> Inputs.invalid("The cursor is not an event id.")));
        }
        return from == null ? new Cursor.Start() : new Cursor.Now();
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> page(@RestPath String id, @RestQuery @Nullable String after,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String wait, @RestQuery @Nullable String from, @RestQuery @Nullable String format,
            HttpServerRequest request) {
        return calls.answer(request, () -> {
            if (format != null) throw Inputs.invalid("Only a stream has a format.");
            int size = Inputs.pageSize(limit);
            Duration longest = Inputs.wait(wait);
            Cursor cursor = cursor(after, from);
            return open(id, cursor).chain(place -> page(place.job(), place.opening(), size, longest));
        });
    }

    private Uni<Answer> page(JobKey job, Opening opening, int size, Duration longest) {
        return switch (opening) {
            case Opening.NoSuchJob none -> throw Refusals.noSuchJob().refused();
            case Opening.Over over -> Uni.createFrom().item(page(job, Optional.empty(), List.of(), over.last()));
            case Opening.From start when start.missing().isPresent() ->
                    beside(job, start, size)
                            .chain(events -> snapshots.of(call.caller(), job, start.missing().get())
                                    .map(snapshot -> page(job, Optional.of(snapshot), events, start.after())));
            case Opening.From start -> follower.next(job, start.after(), size, longest)
                    .map(events -> page(job, Optional.empty(), events, start.after()));
        };
    }

    /** What a page has room for beside a snapshot. */
    private Uni<List<LoggedEvent>> beside(JobKey job, Opening.From start, int size) {
        return size == 1 ? Uni.createFrom().item(List.of())
                : follower.read(job, start.after(), size - 1).map(Slice::events);
    }

    /** @param start where the page begins; the snapshot, if there is one, stands there */
    private static Answer page(JobKey job, Optional<Json> snapshot, List<LoggedEvent> events, EventId start) {
        return Answer.ok(json -> json.array("items", items -> {
            snapshot.ifPresent(data -> items
                    .element(one -> one.text("id", start).text("event", Snapshots.NAME).json("data", data)));
            events.forEach(event -> items.element(one -> Shapes.event(one, job, event)));
        }).text("lastEventId", events.isEmpty() ? start : events.getLast().id()));
    }
}
