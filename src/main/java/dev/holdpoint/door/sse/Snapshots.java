package dev.holdpoint.door.sse;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.stream.Opening.Break;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** What a reader is told whose cursor doesn't connect to the log: the resume state and why. */
@Singleton
public class Snapshots {
    public static final String NAME = "job.snapshot";

    private final JobStore store;
    private final StreamMeters meters;

    Snapshots(JobStore store, StreamMeters meters) {
        this.store = store;
        this.meters = meters;
    }

    public Uni<Json> of(Caller caller, JobKey job, Break why) {
        return store.resumeState(job).map(state -> {
            // The id may have gone to another user since the reader was let in.
            if (state == null || !Rights.mayRead(caller, state.job())) throw Refusals.noSuchJob().refused();
            meters.missed(why);
            return Members.json(json -> snapshot(json, state, why));
        });
    }

    private static void snapshot(Members json, ResumeState state, Break why) {
        json.text("reason", why.word());
        Shapes.resumeState(json, state);
    }
}
