package dev.holdpoint.door.sse;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdpoint.access.Caller;
import dev.holdpoint.job.Json;
import io.quarkus.arc.Arc;
import io.quarkus.vertx.runtime.VertxCurrentContextFactory;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.ext.web.RoutingContext;

/**
 * One open stream. Everything about it runs on its own event loop. Nothing is queued for it beyond the socket's write
 * queue: a reader that leaves that full for too long is cut off, and comes back with its last id.
 */
final class Connection {
    /** Between two looks at a connection, in seconds. */
    static final int TICK = 5;
    private static final int TICKS_TO_HEARTBEAT = 3;
    private static final int TICKS_TO_STALL = 2;

    private static final int RETRY = 2000;

    private final HttpConnection socket;
    private final Caller reader;
    private final HttpServerResponse response;
    private final Context context;
    private final Runnable onWritable;
    private final AtomicBoolean released = new AtomicBoolean();
    private Runnable onRelease = () -> {
    };
    private boolean begun;
    private boolean closed;
    private int idleTicks;
    private int stalledTicks;

    /** @param onWritable called on the event loop when a full write queue has drained */
    Connection(RoutingContext routing, Caller reader, Runnable onWritable) {
        this.socket = routing.request().connection();
        this.reader = reader;
        this.response = routing.response();
        this.context = Vertx.currentContext();
        this.onWritable = onWritable;
    }

    Caller reader() { return reader; }

    /** @param release gives back what the connection holds; runs once, however the connection ends */
    void onRelease(Runnable release) {
        onRelease = release;
    }

    void release() {
        if (released.compareAndSet(false, true)) onRelease.run();
    }

    /** Sends nothing yet: whoever opens it may write what waits, and then has {@link #hello} run behind it. */
    void open() {
        response.setStatusCode(200).setChunked(true);
        response.putHeader("Content-Type", "text/event-stream").putHeader("Cache-Control", "no-cache, no-transform")
                .putHeader("X-Accel-Buffering", "no");
        response.drainHandler(drained -> drained());
    }

    /** Lets the reader know that he is followed, if nothing has told him so yet. */
    void hello() {
        if (!begun) write(Buffer.buffer());
    }

    /**
     * The framework keeps what it knows of a request, and of the steps towards its answer, until that is over: of a
     * stream, for hours, and as much again as the stream needs.
     */
    private void forgetRequest() {
        response.headersEndHandler(null).exceptionHandler(failed -> release()).endHandler(ended -> release())
                .closeHandler(gone -> release());
        Arc.container().requestContext().terminate();
        if (Arc.container().getCurrentContextFactory() instanceof VertxCurrentContextFactory scopes)
            scopes.keys().forEach(context::removeLocal);
    }

    /**
     * Takes the step on the event loop. A connection that is closed by then gives back what it holds instead: when the
     * reader left before his stream began, nothing else tells.
     */
    void run(Runnable step) {
        context.runOnContext(now -> {
            if (isClosed()) release();
            else step.run();
        });
    }

    boolean isClosed() { return closed || response.closed() || response.ended(); }

    /** A closed one isn't. */
    boolean isFull() { return !isClosed() && response.writeQueueFull(); }

    void write(Buffer bytes) {
        if (isClosed()) return;
        idleTicks = 0;
        if (begun) {
            response.write(bytes);
            return;
        }
        begun = true;
        response.write(retry(RETRY).appendBuffer(bytes));
        // Not at once: the framework has yet to take note of an answer that never comes.
        run(this::forgetRequest);
    }

    private void drained() {
        stalledTicks = 0;
        if (!isClosed()) onWritable.run();
    }

    /** Ends the stream in good order. */
    void end() {
        if (isClosed()) return;
        hello();
        closed = true;
        response.end();
        release();
    }

    /** Ends the stream, and sends its readers back at different moments, so that they don't all come at once. */
    void sayGoodbye() {
        write(retry(1000 + Math.floorMod(System.identityHashCode(this), 4000)));
        end();
    }

    /** Ends the stream of a reader who would not be let in any more, and tells him so. */
    void sendAway() {
        if (isFull()) {
            cut();
            return;
        }
        // Without an id: where the reader stands in the log is what it was.
        write(Frames.frame(null, "job.reauthenticate", new Json("{\"reason\":\"access_ended\"}")));
        end();
    }

    /** @param millis how long a reader waits before it comes back */
    private static Buffer retry(int millis) {
        return Buffer.buffer("retry: " + millis + "\n\n");
    }

    /** Drops the connection; the reader sees it break and comes back. */
    @SuppressWarnings("FutureReturnValueIgnored") // there is nobody left to tell
    void cut() {
        if (isClosed()) return;
        closed = true;
        // Not a reset of the response: that waits for a write queue to drain which this reader never empties.
        if (socket instanceof Http1xServerConnection own)
            own.channel().close();
        else
            response.reset();
        release();
    }

    void tick() {
        stalledTicks = isFull() ? stalledTicks + 1 : 0;
        if (stalledTicks >= TICKS_TO_STALL) {
            cut();
            return;
        }
        // Counted before it is compared: a heartbeat may come early by a tick, never late.
        if (++idleTicks >= TICKS_TO_HEARTBEAT && !isFull()) write(Buffer.buffer(":\n\n"));
    }
}
