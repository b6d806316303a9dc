package dev.holdpoint.dialect.langgraph;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.sse.Frames;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.JobError;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.JobEvent.Reported;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.PendingAction;
import io.vertx.core.buffer.Buffer;

/**
 * One run's events as LangGraph streams them, to the next interrupt or the end. Of what becomes several frames only the
 * last has the id, so that whoever is cut off between them gets all of them again.
 */
record RunFrames(Set<StreamMode> modes, Form form) implements Frames {
    /** Under which LangGraph tells of what waits, among a graph's values. */
    static final String INTERRUPTS = "__interrupt__";

    RunFrames {
        modes = Set.copyOf(modes);
    }

    /** Tells a reader which run it is that he follows. */
    static Buffer metadata(EventId run) {
        return Frames.frame(null, "metadata", Members.json(json -> json.text("run_id", run).number("attempt", 1)));
    }

    @Override
    public Buffer of(JobKey job, LoggedEvent logged) {
        return switch (logged.event()) {
            case Reported reported -> reported(logged.id(), reported);
            case JobEvent.JobPaused paused -> paused(paused.action()).appendBuffer(end(logged.id()));
            case JobEvent.JobEnded ended -> ended(ended.how()).appendBuffer(end(logged.id()));
            case JobEvent.JobCreated created -> Buffer.buffer();
            case JobEvent.JobResumed resumed -> Buffer.buffer();
            case JobEvent.JobClaimed claimed -> Buffer.buffer();
        };
    }

    @Override
    public boolean isLast(LoggedEvent logged) {
        return isStop(logged);
    }

    /** Whether a run ends with it. */
    static boolean isStop(LoggedEvent logged) {
        return logged.event() instanceof JobEvent.JobPaused || logged.isTerminal();
    }

    private Buffer reported(EventId id, Reported reported) {
        String name = reported.name().value();
        StreamMode mode = StreamMode.ofEvent(name).orElse(StreamMode.CUSTOM);
        if (!modes.contains(mode)) return Buffer.buffer();
        Json data = mode.word().equals(name) ? reported.data()
                : Members.json(json -> json.text("name", name).json("data", reported.data()));
        return Frames.frame(id.toString(), mode.word(), data);
    }

    private Buffer paused(PendingAction action) {
        Json interrupts = Members.json(json -> interrupts(json, new Shown(action, form).interrupts()));
        return frame(StreamMode.UPDATES, interrupts).appendBuffer(frame(StreamMode.VALUES, interrupts));
    }

    static void interrupts(Members json, List<Shown.One> interrupts) {
        json.objects(INTERRUPTS, interrupts, (one, shown) -> shown.write(one));
    }

    private Buffer ended(Ending how) {
        JobError error = how.error();
        if (error != null) return error(error);
        return how instanceof Ending.Completed completed
                ? frame(StreamMode.VALUES, ThreadShapes.result(Optional.ofNullable(completed.result())))
                : Buffer.buffer();
    }

    private Buffer frame(StreamMode mode, Json data) {
        return modes.contains(mode) ? Frames.frame(null, mode.word(), data) : Buffer.buffer();
    }

    static Buffer error(JobError error) {
        return Frames.frame(null, "error", Members.json(json -> ThreadShapes.error(json, error)));
    }

    /** For a reader who has all of the run. */
    static Buffer over() {
        return Frames.frame(null, "end", Json.NULL);
    }

    private static Buffer end(EventId id) { return Frames.frame(id.toString(), "end", Json.NULL); }
}
