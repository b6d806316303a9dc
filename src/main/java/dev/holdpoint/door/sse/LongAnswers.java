package dev.holdpoint.door.sse;

import java.time.Duration;
import java.util.function.Supplier;

import dev.holdpoint.access.Caller;
import dev.holdpoint.door.sse.StreamMeters.Kind;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Answers that take long, each as a stream of its own: signs of life for as long as
 * somebody waits, and then the one answer.
 */
@Singleton
public class LongAnswers {
    private static final Logger LOG = Logger.getLogger(LongAnswers.class);
    private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(5);

    private final OpenConnections connections;

    LongAnswers(OpenConnections connections) {
        this.connections = connections;
    }

    /**
     * Takes the response over: from then on it belongs to the stream, and the answer returned here never comes. To be
     * called on the event loop that serves the request, so that the reader can't leave in between.
     *
     * @param opening what is sent at once
     * @param sign    what is sent every few seconds
     * @param last    what ends the stream; null sends the reader away, to come back
     */
    public <T> Uni<T> open(RoutingContext context, Caller caller, Buffer opening, Supplier<Buffer> sign,
            Uni<@Nullable Buffer> last) {
        OpenConnections.Place place = connections.enter(caller, Kind.ANSWERS);
        Connection connection = new Connection(context, caller, () -> {
        });
        Cancellable signs = Multi.createFrom().ticks().startingAfter(BETWEEN_SIGNS).every(BETWEEN_SIGNS)
                .onOverflow().drop()
                .subscribe().with(tick -> connection.run(() -> give(connection, sign)));
        Cancellable waiting = last.subscribe().with(frame -> connection.run(() -> end(connection, frame)),
                failure -> connection.run(() -> broken(connection, failure)));
        place.hold(connection, () -> {
            signs.cancel();
            waiting.cancel();
        });
        connection.open();
        connection.write(opening);
        connection.run(connection::hello);
        return Uni.createFrom().nothing();
    }

    private static void give(Connection connection, Supplier<Buffer> sign) {
        if (!connection.isFull()) connection.write(sign.get());
    }

    private static void end(Connection connection, @Nullable Buffer frame) {
        if (frame == null) {
            connection.sayGoodbye();
            return;
        }
        connection.write(frame);
        connection.end();
    }

    private static void broken(Connection connection, Throwable failure) {
        LOG.debugf("answer cut: %s", failure.getMessage());
        connection.cut();
    }
}
