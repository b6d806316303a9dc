package dev.holdpoint.door.sse;

import dev.holdpoint.access.Caller;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.StoreTrouble;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries one job's log to one reader. It holds a position and, until its turn comes, what was looked up for it:
 * whenever there may be more and the socket takes it, it asks its fan what follows there, so nothing can be
 * missed or doubled between history and live.
 */
final class EventStream implements Fan.Reader {
    private static final Logger LOG = Logger.getLogger(EventStream.class);

    /** How many passages a reader may get before others have their turn, however fast he takes them. */
    private static final int AT_ONCE = 8;

    private final Connection connection;
    private final Fan fan;
    private final StreamMeters meters;
    private EventId position;
    private boolean begun;
    private boolean waiting;
    private @Nullable Passage found;
    private @Nullable LoggedEvent last;

    EventStream(RoutingContext context, Caller caller, Fan fan, StreamMeters meters, EventId position) {
        this.connection = new Connection(context, caller, this::advance);
        this.fan = fan;
        this.meters = meters;
        this.position = position;
    }

    Connection connection() { return connection; }

    void start(@Nullable Buffer prelude) {
        fan.enter(this);
        connection.open();
        if (prelude != null) connection.write(prelude);
        advance();
        // What is found before that takes the head along.
        connection.run(connection::hello);
    }

    /** Gives the reader whatever he hasn't got, as far as the socket takes it. */
    @Override
    public void advance() {
        try {
            for (int written = 0; isReady(); written++) {
                if (written == AT_ONCE) {
                    connection.run(this::advance);
                    return;
                }
                Passage next = next();
                if (next == null || next.isEmpty()) return;
                write(next);
            }
        } catch (RuntimeException failure) {
            broken(failure);
        }
    }

    private boolean isReady() {
        return !waiting && last == null && !connection.isClosed() && !connection.isFull();
    }

    private @Nullable Passage next() {
        Passage known = found;
        found = null;
        if (known != null && !known.isEmpty()) return known;
        // The first look sees all that was in the log when it began; after it, whatever comes is heard of.
        Passage next = fan.behind(position, this, !begun);
        begun = true;
        waiting = next == null;
        return next;
    }

    @Override
    public void found(Passage passage) {
        waiting = false;
        found = passage;
    }

    private void write(Passage passage) {
        position = passage.upTo();
        // Before it is written: a write that drains the socket at once comes back here.
        last = passage.last();
        meters.wrote(passage.events());
        if (passage.bytes().length() > 0) connection.write(passage.bytes());
        if (last != null) fan.last(last).subscribe().with(frame -> connection.run(() -> end(frame)), this::broken);
    }

    private void end(Buffer last) {
        connection.write(last);
        connection.end();
    }

    /** Cut off, the reader comes back and is told what he missed. */
    @Override
    public void lost() {
        connection.cut();
    }

    @Override
    public void broken(Throwable failure) {
        // When the store is in trouble every stream is cut, and each call says why; the reader comes back by itself.
        if (failure instanceof StoreTrouble)
            LOG.debugf("stream cut: jobId=%s: %s", fan.job().id(), failure.getMessage());
        else LOG.warnf(failure, "stream cut: jobId=%s", fan.job().id());
        connection.run(connection::cut);
    }
}
