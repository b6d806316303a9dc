package dev.holdpoint.door.sse;

import java.time.InstantSource;

import dev.holdpoint.access.Caller;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.stream.Follower;
import dev.holdpoint.stream.Opening;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Opens streams of a job's events. */
@Singleton
public class EventStreams {
    private final Fans fans;
    private final Snapshots snapshots;
    private final OpenConnections connections;
    private final StreamMeters meters;
    private final Frames frames = Frames.shared((job, event) -> Frames.frame(event.id().toString(),
            Shapes.eventName(event.event()), Shapes.eventData(job, event)));

    EventStreams(Follower follower, Snapshots snapshots, OpenConnections connections, StreamMeters meters,
            InstantSource clock) {
        this.fans = new Fans(follower, clock);
        this.snapshots = snapshots;
        this.connections = connections;
        this.meters = meters;
    }

    /** Takes the response over: from then on it belongs to the stream, and the answer returned here never comes. */
    public Uni<RestResponse<byte[]>> open(RoutingContext context, Caller caller, JobKey job, Opening.From start) {
        Uni<@Nullable Buffer> first = start.missing().isEmpty()
                ? Uni.createFrom().nullItem()
                : snapshots.of(caller, job, start.missing().get())
                        .map(data -> Frames.frame(start.after().toString(), Snapshots.NAME, data));
        return first.chain(prelude -> open(context, caller, job, start, frames, prelude));
    }

    /**
     * The same in other words.
     *
     * @param prelude what comes before the first event; a reader whose cursor didn't connect must be told so by it
     */
    public Uni<RestResponse<byte[]>> open(RoutingContext context, Caller caller, JobKey job, Opening.From start,
            Frames frames, @Nullable Buffer prelude) {
        if (context.request().method().equals(HttpMethod.HEAD)) {
            sayWhereItBegins(context, start);
            return Uni.createFrom().item(RestResponse.<byte[]>ok());
        }
        OpenConnections.Place place = connections.enter(caller, job);
        sayWhereItBegins(context, start);
        Fan fan = fans.of(job, frames);
        EventStream stream = new EventStream(context, caller, fan, meters, start.after());
        place.hold(stream.connection(), () -> fan.leave(stream));
        stream.start(prelude);
        return Uni.createFrom().nothing();
    }

    /** A snapshot comes first where there is one, and stands where the reader begins. */
    private static void sayWhereItBegins(RoutingContext context, Opening.From start) {
        EventId after = start.after();
        EventId first = start.missing().isPresent() ? after : new EventId(after.generation(), after.seq() + 1);
        context.response().putHeader("Holdpoint-First-Event-Id", first.toString());
    }
}
