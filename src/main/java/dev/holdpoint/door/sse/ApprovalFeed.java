package dev.holdpoint.door.sse;

import java.util.concurrent.Flow;

import dev.holdpoint.access.Caller;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Carries a feed to one reader, in one write whatever has come since the last; what the socket doesn't take yet stays in the source's bounded buffer. */
final class ApprovalFeed implements Flow.Subscriber<Buffer> {
    private static final Logger LOG = Logger.getLogger(ApprovalFeed.class);
    /** How many frames may be gathered for one write. */
    private static final int AT_ONCE = 128;

    private final Connection connection;
    private final StreamMeters meters;
    private final Object lock = new Object();
    private Flow.@Nullable Subscription source;
    private Buffer gathered = Buffer.buffer();
    private int frames;
    private int owed;

    ApprovalFeed(RoutingContext context, Caller caller, StreamMeters meters) {
        this.meters = meters;
        this.connection = new Connection(context.request(), caller, Vertx.currentContext(), this::writable);
    }

    Connection connection() { return connection; }

    void start(Multi<Buffer> frames) {
        frames.subscribe().withSubscriber(this);
        connection.open();
    }

    void stop() {
        if (source != null) source.cancel();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        source = subscription;
        subscription.request(AT_ONCE);
    }

    @Override
    public void onNext(Buffer frame) {
        boolean first;
        synchronized (lock) {
            gathered.appendBuffer(frame);
            first = ++frames == 1;
        }
        if (first) connection.run(this::deliver);
    }

    private void deliver() {
        Buffer bytes;
        int told;
        synchronized (lock) {
            bytes = gathered;
            told = frames;
            gathered = Buffer.buffer();
            frames = 0;
        }
        connection.write(bytes);
        meters.wrote(told);
        owed += told;
        if (!connection.isFull()) writable();
    }

    private void writable() {
        if (owed == 0 || source == null) return;
        int asked = owed;
        owed = 0;
        source.request(asked);
    }

    @Override
    public void onError(Throwable failure) {
        LOG.infof("feed cut: its reader fell behind (%s)", failure.getMessage());
        connection.run(connection::cut);
    }

    @Override
    public void onComplete() { connection.run(connection::end); }
}
