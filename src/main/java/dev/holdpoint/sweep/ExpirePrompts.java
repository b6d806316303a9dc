package dev.holdpoint.sweep;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import dev.holdpoint.job.Transition.Won;
import io.smallrye.mutiny.Multi;

/** Ends jobs whose prompt nobody decided in time. */
record ExpirePrompts(JobStore store, Expiries told) {
    Multi<Transition> see(List<Sighting> dead) {
        if (dead.isEmpty()) return Multi.createFrom().empty();
        Map<JobKey, PendingAction> prompts = new HashMap<>();
        for (Sighting one : dead) one.job().prompt().ifPresent(prompt -> prompts.put(one.job().key(), prompt));
        return store.expireDead(dead).invoke(outcome -> {
            if (!(outcome instanceof Won won)) return;
            PendingAction ended = prompts.get(won.job().key());
            if (ended != null) told.expired(ended, won.at());
        });
    }
}
