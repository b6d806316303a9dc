package dev.holdpoint.store.memory;

import java.util.HashMap;
import java.util.Map;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.ClosedAction;
import dev.holdpoint.job.Ending;
import dev.holdpoint.job.EventName;
import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Phase;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.ResolutionId;
import org.jspecify.annotations.Nullable;

/**
 * Makes one object of what several rows of a life hold, as a move leaves it: a prompt lies in its event, in that of
 * its decision, among the closed ones and in the phase. Read one by one, a life would take several times the memory
 * that it is counted for.
 */
final class Sharing {
    private final Map<ActionId, PendingAction> actions = new HashMap<>();
    private final Map<ResolutionId, Resolution> resolutions = new HashMap<>();
    private final Map<EventName, Json> retained = new HashMap<>();
    private @Nullable Ending ending;

    JobEvent of(JobEvent event) {
        return switch (event) {
            case JobEvent.JobPaused paused -> new JobEvent.JobPaused(of(paused.action()));
            case JobEvent.JobResumed resumed -> new JobEvent.JobResumed(of(resumed.resolution()));
            case JobEvent.JobEnded ended -> {
                ending = ended.how();
                yield ended;
            }
            case JobEvent.Reported reported -> {
                if (reported.retained()) retained.put(reported.name(), reported.data());
                yield reported;
            }
            case JobEvent.JobCreated created -> created;
            case JobEvent.JobClaimed claimed -> claimed;
        };
    }

    ClosedAction of(ClosedAction closed) {
        return closed.resolution() == null ? closed
                : new ClosedAction(closed.id(), closed.generation(), closed.outcome(), of(closed.resolution()));
    }

    /** @param phase read after the events */
    Phase of(Phase phase) {
        return switch (phase) {
            case Phase.Waiting waiting when waiting.action() != null -> new Phase.Waiting(of(waiting.action()));
            case Phase.Ended ended when ending != null && ending.equals(ended.how()) ->
                    new Phase.Ended(ending, ended.at());
            case Phase.Running running -> running;
            case Phase.Waiting waiting -> waiting;
            case Phase.Ended ended -> ended;
        };
    }

    /** @param data read after the events */
    Json retained(EventName name, Json data) {
        Json newest = retained.get(name);
        return newest != null && newest.equals(data) ? newest : data;
    }

    /** An id may come again, with other contents. */
    private PendingAction of(PendingAction action) {
        PendingAction known = actions.get(action.id());
        if (known != null && known.equals(action)) return known;
        actions.put(action.id(), action);
        return action;
    }

    private Resolution of(Resolution resolution) {
        Resolution known = resolutions.get(resolution.id());
        if (known != null && known.equals(resolution)) return known;
        Resolution shared = resolution.of(of(resolution.action()));
        resolutions.put(shared.id(), shared);
        return shared;
    }
}
