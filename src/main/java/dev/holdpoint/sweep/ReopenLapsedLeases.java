package dev.holdpoint.sweep;

import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import io.smallrye.mutiny.Uni;

/** Offers continuations again whose worker let the lease lapse. */
record ReopenLapsedLeases(JobStore store) implements Duty {
    @Override
    public Uni<Transition> see(Sighting due) { return store.reopen(due.job().key(), due.job().generation()); }
}
