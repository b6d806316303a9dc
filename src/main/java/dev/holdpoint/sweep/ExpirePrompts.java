package dev.holdpoint.sweep;

import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import io.smallrye.mutiny.Uni;

/** Ends jobs whose prompt nobody decided in time. */
record ExpirePrompts(JobStore store) implements Duty {
    @Override
    public Uni<Transition> see(Sighting due) {
        Job job = due.job();
        return store.expireDead(job.key(), job.generation(), job.prompt().map(PendingAction::id).orElse(null));
    }
}
