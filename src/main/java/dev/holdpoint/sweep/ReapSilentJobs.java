package dev.holdpoint.sweep;

import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import io.smallrye.mutiny.Uni;

/** Ends running jobs whose worker fell silent. */
record ReapSilentJobs(JobStore store) implements Duty {
    @Override
    public Uni<Transition> see(Sighting due) { return store.reap(due.job().key(), due.job().generation()); }
}
