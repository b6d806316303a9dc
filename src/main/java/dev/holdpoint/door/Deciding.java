package dev.holdpoint.door;

import java.util.OptionalLong;
import java.util.concurrent.Executor;

import dev.holdpoint.access.Caller;
import dev.holdpoint.approval.Decided;
import dev.holdpoint.approval.Decisions;
import dev.holdpoint.approval.Proposal;
import dev.holdpoint.door.Attempts.Attempt;
import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.DecidedBy;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Sighting;
import dev.holdpoint.job.Transition;
import dev.holdpoint.sweep.RecordFirst;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * What a person does to a job. Whatever the route, it is within his rate, by his right, on record
 * when he has none, and by the same rules.
 */
@Singleton
public class Deciding {
    private final JobStore store;
    private final Decisions decisions;
    private final RecordFirst recordFirst;
    private final Attempts attempts;
    private final JobAccess access;
    private final Rates rates;
    private final CurrentCall call;

    Deciding(JobStore store, Decisions decisions, RecordFirst recordFirst, Attempts attempts, JobAccess access,
            Rates rates, CurrentCall call) {
        this.store = store;
        this.decisions = decisions;
        this.recordFirst = recordFirst;
        this.attempts = attempts;
        this.access = access;
        this.rates = rates;
        this.call = call;
    }

    /**
     * @param id         as the caller wrote it
     * @param generation the one whose prompt is meant, since an action id may come back in a later one; empty for
     *                   whichever is there
     * @return fails with {@link dev.holdpoint.door.problem.Refused} when there is no such job for him, when he
     *         may not decide it, or too often
     */
    public Uni<Decided> decide(String id, OptionalLong generation, ActionId action, Proposal proposal,
            HttpServerRequest request) {
        return decidable(id, action, request).chain(job -> job.decide(generation, action, proposal));
    }

    /**
     * The same in two steps, for who finds out from the job what the caller means.
     *
     * @param named the action as the caller names it; null when he names none
     */
    public Uni<Decidable> decidable(String id, @Nullable ActionId named, HttpServerRequest request) {
        Caller caller = call.caller();
        Traces trace = Traces.of(request);
        DecidedBy by = new DecidedBy(caller.subject(), caller.roleWords(), caller.via(), trace.place());
        Executor here = ServingContext.here();
        return rates.decision(caller, request.response().headers())
                .chain(() -> attempts.watched(caller, Attempt.toResolve(id, named), () -> access.decidable(id)))
                .map(seen -> new Decidable(seen, by, trace, here));
    }

    /** A job that the caller may decide. Nobody else may be told anything of its prompt, not even by a refusal. */
    public final class Decidable {
        private final Sighting seen;
        private final DecidedBy by;
        private final Traces trace;
        private final Executor here;

        private Decidable(Sighting seen, DecidedBy by, Traces trace, Executor here) {
            this.seen = seen;
            this.by = by;
            this.trace = trace;
            this.here = here;
        }

        /** As his right was judged by. */
        public Sighting seen() { return seen; }

        /** @param generation as for {@link Deciding#decide} */
        public Uni<Decided> decide(OptionalLong generation, ActionId action, Proposal proposal) {
            trace.concern(seen.job().key(), action);
            // Arguments are checked against schemas elsewhere; what follows may be a stream, which
            // belongs to this request's event loop.
            return decisions.decide(seen, generation, action, proposal, by)
                    .call(outcome -> outcome instanceof Decided.Accepted accepted
                            ? accepted(accepted, trace)
                            : Uni.createFrom().voidItem())
                    .emitOn(here);
        }
    }

    private Uni<Void> accepted(Decided.Accepted accepted, Traces trace) {
        trace.follow(accepted.resolution().action().references().trace());
        return recordFirst.see(accepted.resolution());
    }

    /**
     * @param id as the caller wrote it
     * @param generation the one that is meant; empty for whichever is there
     * @return fails with {@link dev.holdpoint.door.problem.Refused} when there is no such job for
     *         him, or when he may not abort it
     */
    public Uni<Transition> abort(String id, OptionalLong generation) {
        return attempts.watched(call.caller(), Attempt.toAbort(id), () -> access.abortable(id))
                .chain(seen -> store.abort(seen.job().key(), generation));
    }
}
