package dev.holdpoint.sweep;

import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import io.smallrye.mutiny.Uni;

/** Deletes ended jobs whose retention is over; the store refuses while the archive is still owed one. */
record ReclaimEndedJobs(JobStore store) implements Duty {
    @Override
    public Uni<Transition> see(Sighting due) { return store.reclaim(due.job().key(), due.job().generation()); }
}
