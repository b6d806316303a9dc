package dev.holdpoint.access;

import dev.holdpoint.job.Job;
import dev.holdpoint.job.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * Who may decide on what: those whom it concerns, or, with
 * {@code holdpoint.separation-of-duties}, those of them who don't own it.
 */
@ApplicationScoped
public class Duties {
    private final boolean separated;

    Duties(AuthConfig config) { this.separated = config.separationOfDuties(); }

    public boolean mayDecide(Caller caller, Job job) {
        return Rights.isConcerned(caller, job) && !(separated && Rights.owns(caller, job));
    }

    /** The owner whose jobs this caller must leave to others; null when there is none. */
    public @Nullable UserId leftToOthers(Caller caller) {
        return separated ? new UserId(caller.subject()) : null;
    }
}
