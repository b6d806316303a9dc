package dev.holdpoint.door.sse;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdpoint.access.Caller;
import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.LoggedEvent;
import dev.holdpoint.job.StoreTrouble;
import dev.holdpoint.stream.Follower;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries one job's log to one reader. It holds a position and no events: whenever it is woken and the socket takes more, it reads on from
 * there, so nothing can be missed or doubled between history and live.
 */
final class EventStream {
    private static final Logger LOG = Logger.getLogger(EventStream.class);
    private static final int BATCH = 128;
    private static final int CHUNK = 32 * 1024;

    private final Connection connection;
    private final Follower follower;
    private final Frames frames;
    private final StreamMeters meters;
    private final JobKey job;
    private final AtomicBoolean woken = new AtomicBoolean();
    private EventId position;
    private boolean begun;
    private boolean reading;
    private boolean more;
    private @Nullable LoggedEvent last;
    private @Nullable Cancellable wakes;

    EventStream(RoutingContext context, Caller caller, Follower follower, Frames frames, StreamMeters meters,
            JobKey job, EventId position) {
        this.connection = new Connection(context.request(), caller, Vertx.currentContext(), this::advance);
        this.follower = follower;
        this.frames = frames;
        this.meters = meters;
        this.job = job;
        this.position = position;
    }

    Connection connection() { return connection; }

    void start(@Nullable Buffer prelude) {
        connection.open();
        if (prelude != null) connection.write(prelude);
        // Subscribed before the first read, or what lands between the two would wait for the next wake.
        wakes = follower.wakes(job).subscribe().with(id -> wake(), this::broken);
        advance();
    }

    void stop() {
        if (wakes != null) wakes.cancel();
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) connection.run(this::awake);
    }

    private void awake() {
        woken.set(false);
        advance();
    }

    private void advance() {
        if (reading) {
            more = true;
            return;
        }
        if (connection.isClosed() || connection.isFull()) return;
        reading = true;
        // The first look must see all that is in the log; after it, whatever comes is heard of.
        Uni<Slice> next = begun ? follower.heard(job, position, BATCH) : follower.read(job, position, BATCH);
        begun = true;
        next.subscribe().with(slice -> connection.run(() -> deliver(slice)),
                this::broken);
    }

    private void deliver(Slice slice) {
        if (connection.isClosed()) return;
        if (!slice.kept()) {
            // The log has moved past this reader: cut off, it comes back and is told what it missed.
            connection.cut();
            return;
        }
        // Still reading while it writes: a write that drains the socket at once calls back, and must not read on from the middle of this slice.
        write(slice.events());
        if (last != null) {
            frames.last(job, last).subscribe().with(frame -> connection.run(() -> end(frame)), this::broken);
            return;
        }
        reading = false;
        if (more || !slice.events().isEmpty()) {
            more = false;
            advance();
        }
    }

    private void end(Buffer last) {
        connection.write(last);
        connection.end();
    }

    private void write(List<LoggedEvent> events) {
        Buffer chunk = Buffer.buffer();
        for (LoggedEvent event : events) {
            // What the socket doesn't take stays in the log, or a slow reader would hold a whole slice of large events in memory.
            if (chunk.length() == 0 && connection.isFull()) return;
            position = event.id();
            meters.wrote();
            if (frames.isLast(event)) {
                last = event;
                break;
            }
            chunk.appendBuffer(frames.of(job, event));
            if (chunk.length() < CHUNK) continue;
            connection.write(chunk);
            chunk = Buffer.buffer();
        }
        if (chunk.length() > 0) connection.write(chunk);
    }

    private void broken(Throwable failure) {
        // When the store is in trouble every stream is cut, and each call says why; the reader comes back by itself.
        if (failure instanceof StoreTrouble) LOG.debugf("stream cut: jobId=%s: %s", job.id(), failure.getMessage());
        else LOG.warnf(failure, "stream cut: jobId=%s", job.id());
        connection.run(connection::cut);
    }
}
