package dev.holdpoint.door;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdpoint.door.problem.Limits;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.QuarkusRequestWrapper;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory that bodies take together, from the head of their request to the end of its answer,
 * and the time that one may take to arrive.
 */
@Singleton
class BodiesInFlight {
    private final AtomicLong bytes = new AtomicLong();
    private final long most;
    private final long largest;
    private final long patience;
    private final boolean toldOfTheEnd;

    /** @param shutdown only a service that waits for its answers when it shuts down is told of their end */
    BodiesInFlight(BodyLimits bodies, Limits limits,
            @ConfigProperty(name = "quarkus.shutdown.timeout") Optional<Duration> shutdown) {
        largest = limits.eventsBody().asLongValue();
        most = bodies.bodiesInFlight().map(MemorySize::asLongValue)
                .orElseGet(() -> Math.max(Runtime.getRuntime().maxMemory() / 4, largest));
        patience = bodies.bodyTime().toMillis();
        toldOfTheEnd = shutdown.filter(Duration::isPositive).isPresent();
        if (most < largest)
            throw new IllegalStateException("holdpoint.limits.bodies-in-flight must be at least"
                    + " holdpoint.limits.events-body, or the largest body could never be read.");
        if (patience < 1) throw new IllegalStateException("holdpoint.limits.body-time must be positive.");
    }

    /** What the head of a request says of its body's length; 0 where it says nothing. */
    static long declared(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }

    /** Takes room for the body that this request brings; false when there is none. */
    boolean admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        // A body that tells no length may turn out to be the largest.
        long length = isOfUnknownLength(request) ? largest : declared(request);
        if (length == 0) return true;
        Room room = Room.of(bytes, length, most);
        if (room == null) return false;
        long timer = context.vertx().setTimer(patience, late -> cut(request));
        request.end().onComplete(read -> {
            context.vertx().cancelTimer(timer);
            if (read.succeeded() && toldOfTheEnd) room.shrinkTo(request.bytesRead());
            else room.release();
        });
        if (toldOfTheEnd) QuarkusRequestWrapper.get(request).addRequestDoneHandler(done -> room.release());
        return true;
    }

    private static boolean isOfUnknownLength(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) return request.headers().contains("Transfer-Encoding");
        HttpMethod method = request.method();
        return !request.headers().contains("Content-Length")
                && (method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // there is nobody left to tell
    private static void cut(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) request.response().reset();
        else request.connection().close();
    }

    /** A part of all the room, given back once. */
    private static final class Room {
        private final AtomicLong taken;
        private long held;

        private Room(AtomicLong taken, long held) {
            this.taken = taken;
            this.held = held;
        }

        static @Nullable Room of(AtomicLong taken, long wanted, long most) {
            if (taken.addAndGet(wanted) <= most) return new Room(taken, wanted);
            taken.addAndGet(-wanted);
            return null;
        }

        synchronized void shrinkTo(long enough) {
            long less = Math.min(held, enough);
            taken.addAndGet(less - held);
            held = less;
        }

        void release() { shrinkTo(0); }
    }
}
