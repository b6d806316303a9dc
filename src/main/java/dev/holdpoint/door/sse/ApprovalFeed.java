package dev.holdpoint.door.sse;

import java.util.concurrent.Flow;

import dev.holdpoint.access.Caller;
import dev.holdpoint.job.EventLog;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureFailure;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries a feed to one reader, in one write what has come since the last; beyond a little, what the socket doesn't
 * take yet stays in the source's bounded buffer.
 */
final class ApprovalFeed implements Flow.Subscriber<Buffer> {
    private static final Logger LOG = Logger.getLogger(ApprovalFeed.class);
    /**
     * How many bytes are enough for one write: a reader who doesn't take more is
     * held in memory with these and one frame.
     */
    private static final int ENOUGH = 32 * 1024;

    private final Connection connection;
    private final StreamMeters meters;
    private final Object lock = new Object();
    private Flow.@Nullable Subscription source;
    private Buffer gathered = Buffer.buffer();
    private int frames;

    ApprovalFeed(RoutingContext context, Caller caller, StreamMeters meters) {
        this.meters = meters;
        this.connection = new Connection(context, caller, this::deliver);
    }

    Connection connection() { return connection; }

    void start(Multi<Buffer> told) {
        told.subscribe().withSubscriber(this);
        connection.open();
        connection.run(connection::hello);
    }

    void stop() {
        if (source != null) source.cancel();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        source = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(Buffer frame) {
        boolean first;
        boolean enough;
        synchronized (lock) {
            gathered.appendBuffer(frame);
            first = ++frames == 1;
            enough = gathered.length() >= ENOUGH;
        }
        if (first) connection.run(this::deliver);
        if (!enough) askForMore();
    }

    /** Leaves what is gathered where it is while the socket takes nothing; it is called again when that has drained. */
    private void deliver() {
        if (connection.isClosed() || connection.isFull()) return;
        Buffer bytes;
        int told;
        synchronized (lock) {
            bytes = gathered;
            told = frames;
            gathered = Buffer.buffer();
            frames = 0;
        }
        if (told == 0) return;
        connection.write(bytes);
        meters.wrote(told);
        if (bytes.length() >= ENOUGH) askForMore();
    }

    private void askForMore() {
        if (source != null) source.request(1);
    }

    @Override
    public void onError(Throwable failure) {
        switch (failure) {
            case BackPressureFailure behind -> LOG.info("feed cut: its reader fell behind");
            // The store has said what is the matter, once for all feeds.
            case EventLog.ChangesMissed missed -> LOG.debugf("feed cut: %s", missed.getMessage());
            default -> LOG.warn("feed cut", failure);
        }
        connection.run(connection::cut);
    }

    @Override
    public void onComplete() { connection.run(connection::end); }
}
