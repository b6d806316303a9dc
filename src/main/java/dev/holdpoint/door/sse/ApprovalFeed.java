package dev.holdpoint.door.sse;

import java.util.concurrent.Flow;

import dev.holdpoint.access.Caller;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Carries a feed to one reader, a frame at a time; what the socket doesn't take yet stays in the source's bounded buffer. */
final class ApprovalFeed implements Flow.Subscriber<Buffer> {
    private static final Logger LOG = Logger.getLogger(ApprovalFeed.class);

    private final Connection connection;
    private final StreamMeters meters;
    private Flow.@Nullable Subscription source;
    private boolean owed;

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
        subscription.request(1);
    }

    @Override
    public void onNext(Buffer frame) { connection.run(() -> deliver(frame)); }

    private void deliver(Buffer frame) {
        connection.write(frame);
        meters.wrote(1);
        owed = true;
        if (!connection.isFull()) writable();
    }

    private void writable() {
        if (!owed || source == null) return;
        owed = false;
        source.request(1);
    }

    @Override
    public void onError(Throwable failure) {
        LOG.infof("feed cut: its reader fell behind (%s)", failure.getMessage());
        connection.run(connection::cut);
    }

    @Override
    public void onComplete() { connection.run(connection::end); }
}
