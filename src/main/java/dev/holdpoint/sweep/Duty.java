package dev.holdpoint.sweep;

import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import io.smallrye.mutiny.Uni;

/** One thing that the sweep sees to. Safe to run twice and on every replica: the store lets one of them win. */
interface Duty {
    Uni<Transition> see(Sighting due);
}
