package dev.holdpoint.api;

import java.time.InstantSource;

import dev.holdpoint.cloudevents.CloudEvent;
import dev.holdpoint.cloudevents.CloudEvents;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.sse.Frames;
import dev.holdpoint.door.sse.Snapshots;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Change;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.TraceParent;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Streams whose every frame carries a CloudEvent. Ids and names of the frames are what they always are. */
@Singleton
class CloudEventFrames {
    private final CloudEvents cloudEvents;
    private final Ids ids;
    private final InstantSource clock;
    private final Frames frames = Frames.shared(this::frame);

    CloudEventFrames(CloudEvents cloudEvents, Ids ids, InstantSource clock) {
        this.cloudEvents = cloudEvents;
        this.ids = ids;
        this.clock = clock;
    }

    /** Whether the stream is asked for in this form. */
    static boolean areWanted(@Nullable String format) {
        if (format != null && !format.equals("cloudevents")) throw Inputs.invalid("format must be cloudevents.");
        return format != null;
    }

    Frames ofJobs() { return frames; }

    private Buffer frame(JobKey job, LoggedEvent logged) {
        String name = Shapes.eventName(logged.event());
        // A worker chooses its names freely, and must not speak as the service does.
        String type = logged.event() instanceof JobEvent.Reported ? "worker." + name : name;
        return Frames.frame(logged.id().toString(), name, cloudEvents.written(new CloudEvent(
                CloudEvent.id(job, logged.id(), type), type, CloudEvent.subject(job.id()), logged.at(),
                trace(logged.event()), Shapes.eventData(job, logged))));
    }

    /** No event of the log: each is another one, of the moment at which it is told. */
    Buffer snapshot(JobKey job, EventId position, Json data) {
        return Frames.frame(position.toString(), Snapshots.NAME, cloudEvents.written(new CloudEvent(
                "evt_" + ids.next().replace("-", ""), Snapshots.NAME, CloudEvent.subject(job.id()), clock.instant(),
                null,
                data)));
    }

    Json approval(Change change, String name, ActionId action, Json data) {
        JobKey job = change.job().key();
        LoggedEvent logged = change.event();
        return cloudEvents.written(new CloudEvent(CloudEvent.id(job, logged.id(), name), name,
                CloudEvent.subject(job.id(), action), logged.at(), trace(logged.event()), data));
    }

    private static @Nullable TraceParent trace(JobEvent event) {
        return switch (event) {
            case JobEvent.JobPaused paused -> paused.action().references().trace();
            case JobEvent.JobResumed resumed -> resumed.resolution().decidedBy().trace();
            case JobEvent.Reported reported -> null;
            case JobEvent.JobCreated created -> null;
            case JobEvent.JobClaimed claimed -> null;
            case JobEvent.JobEnded ended -> null;
        };
    }
}
