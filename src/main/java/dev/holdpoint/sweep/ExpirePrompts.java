package dev.holdpoint.sweep;

import java.util.Optional;

import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.Won;
import io.smallrye.mutiny.Uni;

/** Ends jobs whose prompt nobody decided in time. */
record ExpirePrompts(JobStore store, Expiries told) implements Duty {
    @Override
    public Uni<Transition> see(Sighting due) {
        Job job = due.job();
        Optional<PendingAction> prompt = job.prompt();
        return store.expireDead(job.key(), job.generation(), prompt.map(PendingAction::id).orElse(null))
                .invoke(outcome -> {
                    if (outcome instanceof Won won) prompt.ifPresent(ended -> told.expired(ended, won.at()));
                });
    }
}
