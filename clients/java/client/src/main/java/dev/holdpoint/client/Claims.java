package dev.holdpoint.client;

import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Decided jobs as they come. {@link #hasNext} waits, and is false once this is closed. For one
 * thread; {@link #close} may come from any, and lets go of the job that {@link #next} would have
 * handed over.
 */
public final class Claims implements Iterator<Job>, AutoCloseable {
    private final Holdpoint hold;
    private final LongPoll poll;
    private final ObjectNode body;
    private @Nullable Job next;
    private boolean closed;

    Claims(Holdpoint hold, String worker, List<String> agentIds) {
        this.hold = hold;
        this.poll = new LongPoll(hold.http(), null);
        this.body = Json.object().put("workerId", worker);
        if (!agentIds.isEmpty()) body.set("agentIds", Json.tree(agentIds));
    }

    @Override
    public boolean hasNext() {
        while (!isThere()) {
            // A key for each try: should the answer get lost, the try that follows is told of the same claim, unless
            // the key is held; then it claims another job, and the first waits until its lease lapses.
            Http.Reply claimed =
                    poll.until(Http.Call.post("/v1/continuations/claim", body), body, Http.Call::repeatable);
            if (claimed == null) return false;
            Claim held = held(claimed);
            if (held != null) keep(held);
        }
        return true;
    }

    private synchronized boolean isThere() { return next != null; }

    /** Unless this was closed meanwhile: a job that nobody will be handed must not beat. */
    private synchronized void keep(Claim claim) {
        if (!closed) next = new Job(hold, claim);
    }

    /** Null when the claim holds no more: another worker may have done by now what was decided. */
    private @Nullable Claim held(Http.Reply claimed) {
        Claim claim = claimed.as(Claim.class);
        // A replay may be old even where our clock, behind the service's, knows nothing of it; a clock that is ahead
        // only costs a heartbeat.
        boolean old = claimed.replayed() || Instant.now().isAfter(claim.leaseExpiresAt());
        return old ? renewed(claim) : claim;
    }

    private @Nullable Claim renewed(Claim claim) {
        try {
            Http.Reply lease = poll.until(
                    Http.Call.post(Http.path("jobs", claim.jobId(), "heartbeat"), null).fenced(claim.fence()));
            if (lease == null) return null;
            return claim.renewed(Instant.parse(lease.body().path("leaseExpiresAt").asText()));
        } catch (HoldpointProblem refused) {
            if (refused.meansLost(false, false)) return null;
            throw refused;
        }
    }

    @Override
    public Job next() {
        Job job = hasNext() ? taken() : null;
        if (job == null) throw new NoSuchElementException();
        return job;
    }

    private synchronized @Nullable Job taken() {
        Job job = next;
        next = null;
        return job;
    }

    @Override
    public void close() {
        poll.close();
        synchronized (this) {
            closed = true;
            Job job = taken();
            if (job != null) job.close();
        }
    }
}
