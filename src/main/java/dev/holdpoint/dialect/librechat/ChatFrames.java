package dev.holdpoint.dialect.librechat;

import java.util.Objects;

import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Refused;
import dev.holdpoint.door.sse.Frames;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStatus;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** One turn as frames for one reader. What workers report is the same for all readers, so it is encoded once. */
final class ChatFrames implements Frames {
    private static final String MESSAGE = "message";
    private static final String ERROR = "error";
    private static final Frames REPORTED = Frames.shared((job, event) -> frame(event, MESSAGE,
            ChatShapes.event(Shapes.eventName(event.event()), Shapes.eventData(job, event))));
    /** To clients that know no other way to be told. */
    private static final String RECONNECT = "Generation state changed; reconnect to load the saved response.";

    private final Chat chat;
    private final Protocol protocol;
    private final Turns turns;
    private final Shared<Last, Buffer> lasts;

    /** What a last frame is the same for. */
    record Last(JobKey job, EventId event, Protocol protocol) {}

    /** @param lasts of all readers: a frame with a whole message in it is made once for those who wait for it */
    ChatFrames(Chat chat, Protocol protocol, Turns turns, Shared<Last, Buffer> lasts) {
        this.chat = chat;
        this.protocol = protocol;
        this.turns = turns;
        this.lasts = lasts;
    }

    /** Whoever reads the same turn in the same protocol is told the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChatFrames them && them.chat.epoch() == chat.epoch() && them.protocol == protocol;
    }

    @Override
    public int hashCode() { return Objects.hash(chat.epoch(), protocol); }

    /** What a reader is told who doesn't have what came before an event. */
    static Buffer sync(EventId upTo, Json resumeState) {
        return Frames.frame(upTo.toString(), MESSAGE, ChatShapes.sync(resumeState));
    }

    @Override
    public Buffer of(JobKey job, LoggedEvent event) {
        return switch (event.event()) {
            case JobEvent.Reported reported -> REPORTED.of(job, event);
            case JobEvent.JobCreated created -> message(event, ChatShapes.created(chat));
            case JobEvent.JobPaused paused -> message(event,
                    ChatShapes.event("on_pending_action", ChatShapes.pendingAction(chat, paused.action())));
            // The events of whoever goes on tell it all.
            case JobEvent.JobResumed resumed -> nothing();
            case JobEvent.JobClaimed claimed -> nothing();
            case JobEvent.JobEnded ended -> nothing();
        };
    }

    @Override
    public Uni<Buffer> last(JobKey job, LoggedEvent event) {
        return event.event() instanceof JobEvent.JobEnded ended
                ? lasts.of(new Last(job, event.id(), protocol), () -> last(job, event, ended.how()))
                : Frames.super.last(job, event);
    }

    private Uni<Buffer> last(JobKey job, LoggedEvent event, Ending how) {
        return switch (how) {
            case Ending.Completed completed when ChatShapes.isComplete(completed.result()) -> Uni.createFrom()
                    .item(message(event, ChatShapes.completed(chat, completed.result(), null, protocol)));
            case Ending.Completed completed -> turns.upTo(job, event.id())
                    .map(turn -> turn.whole()
                            ? message(event, ChatShapes.completed(chat, completed.result(), turn, protocol))
                            : unpublished(event, JobStatus.COMPLETE))
                    .onFailure(Refused.class).recoverWithItem(gone -> unpublished(event, JobStatus.COMPLETE));
            case Ending.Aborted aborted -> turns.upTo(job, event.id())
                    .map(turn -> turn.whole() ? message(event, ChatShapes.aborted(chat, turn, protocol))
                            : unpublished(event, JobStatus.ABORTED))
                    .onFailure(Refused.class).recoverWithItem(gone -> unpublished(event, JobStatus.ABORTED));
            case Ending.Failed failed -> error(event, ChatShapes.error(failed.error(), protocol));
            case Ending.Expired expired -> error(event, ChatShapes.error(expired.error(), protocol));
            case Ending.Replaced replaced ->
                    Uni.createFrom().item(reconcile(event, "generation_replaced", JobStatus.ABORTED));
        };
    }

    /** What the log no longer tells from its start must not be taken for the whole message. */
    private Buffer unpublished(LoggedEvent event, JobStatus status) {
        return reconcile(event, "terminal_payload_missing", status);
    }

    private Buffer reconcile(LoggedEvent event, String reason, JobStatus status) {
        return switch (protocol) {
            case FENCED -> message(event, ChatShapes.reconcile(chat, reason, status));
            case PLAIN -> frame(event, ERROR, ChatShapes.error(RECONNECT, null, protocol));
        };
    }

    private static Uni<Buffer> error(LoggedEvent event, Json data) {
        return Uni.createFrom().item(frame(event, ERROR, data));
    }

    private static Buffer nothing() { return Buffer.buffer(); }

    private static Buffer message(LoggedEvent event, @Nullable Json data) {
        return data == null ? nothing() : frame(event, MESSAGE, data);
    }

    private static Buffer frame(LoggedEvent event, String name, Json data) {
        return Frames.frame(event.id().toString(), name, data);
    }
}
