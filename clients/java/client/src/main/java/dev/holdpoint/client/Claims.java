package dev.holdpoint.client;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Decided jobs as they come. {@link #hasNext} waits, and is false once this is closed. For one
 * thread; {@link #close} may come from any.
 */
public final class Claims implements Iterator<Job>, AutoCloseable {
    private final Holdpoint hold;
    private final LongPoll poll;
    private final ObjectNode body;
    private @Nullable Job next;

    Claims(Holdpoint hold, String worker, List<String> agentIds) {
        this.hold = hold;
        this.poll = new LongPoll(hold.http(), null);
        this.body = Json.object().put("workerId", worker);
        if (!agentIds.isEmpty()) body.set("agentIds", Json.tree(agentIds));
    }

    @Override
    public boolean hasNext() {
        if (next != null) return true;
        // A key for each try: should the answer get lost, the try that follows is told of the same claim.
        JsonNode claim = poll.until(Http.Call.post("/v1/continuations/claim", body), body, Http.Call::repeatable);
        if (claim != null) next = new Job(hold, Json.read(claim, Claim.class));
        return next != null;
    }

    @Override
    public Job next() {
        if (!hasNext() || next == null) throw new NoSuchElementException();
        Job job = next;
        next = null;
        return job;
    }

    @Override
    public void close() { poll.close(); }
}
