package dev.holdpoint.door.sse;

import java.util.Optional;
import java.util.function.Consumer;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Duties;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.sse.StreamMeters.Kind;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.EventLog;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.Json;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Opens feeds of what begins and ceases to wait. A feed has no memory: whoever connects lists first what waits already.
 */
@Singleton
public class ApprovalFeeds {
    private final EventLog log;
    private final Duties duties;
    private final OpenConnections connections;
    private final StreamMeters meters;

    ApprovalFeeds(EventLog log, Duties duties, OpenConnections connections, StreamMeters meters) {
        this.log = log;
        this.duties = duties;
        this.connections = connections;
        this.meters = meters;
    }

    /** How a change is said. */
    public interface Telling {
        /**
         * @param name   the name of the event
         * @param action what the change is about
         * @param data   as it is said by itself
         */
        Json of(Change change, String name, ActionId action, Json data);
    }

    /** Takes the response over: from then on it belongs to the feed, and the answer returned here never comes. */
    public Uni<RestResponse<byte[]>> open(RoutingContext context, Caller caller) {
        return open(context, caller, (change, name, action, data) -> data);
    }

    /** The same in other words. */
    public Uni<RestResponse<byte[]>> open(RoutingContext context, Caller caller, Telling telling) {
        if (context.request().method().equals(HttpMethod.HEAD)) return Uni.createFrom().item(RestResponse.<byte[]>ok());
        OpenConnections.Place place = connections.enter(caller, Kind.APPROVALS);
        ApprovalFeed feed = new ApprovalFeed(context, caller, meters);
        place.hold(feed.connection(), feed::stop);
        feed.start(log.changes().filter(change -> isFor(caller, change.job())).map(change -> frame(change, telling))
                .filter(Optional::isPresent).map(Optional::get));
        return Uni.createFrom().nothing();
    }

    private boolean isFor(Caller caller, Job job) {
        return job.key().space().equals(caller.space()) && duties.mayDecide(caller, job);
    }

    private static Optional<Buffer> frame(Change change, Telling telling) {
        Job job = change.job();
        return switch (change.what()) {
            case JobEvent.JobPaused paused -> Optional.of(frame(change, telling, "approval.requested",
                    paused.action().id(), json -> Shapes.approval(json, job, paused.action())));
            case JobEvent.JobResumed resumed ->
                    Optional.of(over(change, telling, "approval.decided", resumed.resolution().action().id()));
            case JobEvent.JobEnded ended -> job.closedByTheEnd().map(closed -> over(change, telling,
                    closed.outcome() == ClosedAction.Outcome.EXPIRED ? "approval.expired" : "approval.cancelled",
                    closed.id()));
            case JobEvent.JobCreated created -> Optional.empty();
            case JobEvent.JobClaimed claimed -> Optional.empty();
        };
    }

    private static Buffer over(Change change, Telling telling, String name, ActionId action) {
        return frame(change, telling, name, action, json -> Shapes.approvalIds(json, change.job(), action));
    }

    private static Buffer frame(Change change, Telling telling, String name, ActionId action, Consumer<Members> data) {
        return Frames.frame(null, name, telling.of(change, name, action, Members.json(data)));
    }
}
