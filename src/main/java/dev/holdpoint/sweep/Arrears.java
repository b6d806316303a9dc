package dev.holdpoint.sweep;

import dev.holdpoint.job.Outbox;
import io.smallrye.mutiny.Uni;

/**
 * Whether the archive is owed so much that nothing new may begin: what is owed lies in the store, and must not fill it.
 */
public final class Arrears {
    private final Outbox outbox;
    private final long most;
    private volatile boolean tooMuch;

    /** @param most entries from which on no new job is taken */
    public Arrears(Outbox outbox, long most) {
        this.outbox = outbox;
        this.most = most;
    }

    /** As of the last {@link #look}. Jobs that are there go on, and so do decisions. */
    public boolean tooMuch() {
        return tooMuch;
    }

    public Uni<Void> look() {
        return outbox.backlog().invoke(backlog -> tooMuch = backlog.entries() >= most).replaceWithVoid();
    }
}
