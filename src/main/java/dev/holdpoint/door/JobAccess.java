package dev.holdpoint.door;

import java.util.function.BiPredicate;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Duties;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.ResumeState;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Finds the job that a caller means, if he may know of it: another tenant's doesn't
 * exist for him, another user's is forbidden.
 */
@Singleton
public class JobAccess {
    private final JobStore store;
    private final Duties duties;
    private final CurrentCall call;

    JobAccess(JobStore store, Duties duties, CurrentCall call) {
        this.store = store;
        this.duties = duties;
        this.call = call;
    }

    public Uni<Sighting> readable(String id) { return find(id, Rights::mayRead, "The job belongs to another user."); }

    public Uni<ResumeState> readableState(String id) {
        Caller caller = call.caller();
        return readable(id).chain(seen -> store.resumeState(seen.job().key())).map(state -> {
            // Between the two looks the id may have gone to another user.
            if (state == null || !Rights.mayRead(caller, state.job())) throw Refusals.noSuchJob().refused();
            return state;
        });
    }

    public Uni<Sighting> decidable(String id) {
        return find(id, duties::mayDecide, "The caller may not decide for this job.");
    }

    public Uni<Sighting> abortable(String id) {
        return find(id, Rights::mayAbort, "The caller may not abort this job.");
    }

    /** The caller, who must be allowed to drive jobs. */
    public Caller driver() {
        Caller caller = call.caller();
        if (!Rights.mayDrive(caller)) throw Refusals.forbidden("Only agents and admins drive jobs.").refused();
        return caller;
    }

    /**
     * Whose a new job is.
     *
     * @param named null where nobody was named
     * @param what  how it is named, for whoever must name somebody
     */
    public static UserId owner(Caller driver, @Nullable String named, String what) {
        return new UserId(named == null && Rights.mayOwn(driver) ? driver.subject() : Inputs.present(named, what));
    }

    private Uni<Sighting> find(String id, BiPredicate<Caller, Job> right, String otherwise) {
        Caller caller = call.caller();
        return find(caller, new JobId(id)).map(seen -> {
            if (seen == null) throw Refusals.noSuchJob().refused();
            if (!right.test(caller, seen.job())) throw Refusals.forbidden(otherwise).refused();
            return seen;
        });
    }

    /** Jobs from before a deployment had tenants stay reachable for their owners. */
    public Uni<@Nullable Sighting> find(Caller caller, JobId id) {
        return store.find(caller.space().job(id)).chain(seen -> seen != null || caller.space().equals(Space.TENANTLESS)
                ? Uni.createFrom().item(seen)
                : store.find(Space.TENANTLESS.job(id))
                        .map(older -> older != null && Rights.owns(caller, older.job()) ? older : null));
    }
}
