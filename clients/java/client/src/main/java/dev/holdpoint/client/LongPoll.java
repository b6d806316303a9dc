package dev.holdpoint.client;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Asks again and again for what a person will decide some time, also while the service is away. */
final class LongPoll implements AutoCloseable {
    private static final Duration ONE_WAIT = Duration.ofSeconds(30);

    private final Http http;
    private final @Nullable Duration patience;
    private final Cancel cancel;

    /** @param patience null for as long as it takes */
    LongPoll(Http http, @Nullable Duration patience) {
        this.http = http;
        this.patience = patience;
        this.cancel = http.cancel(() -> {});
    }

    /** The answer, or null when patience ended or somebody closed this. */
    Http.@Nullable Reply until(Http.Call call, ObjectNode body, UnaryOperator<Http.Call> eachTime) {
        long start = System.nanoTime();
        BackOff backOff = new BackOff(Duration.ofMillis(500), Duration.ofSeconds(10));
        while (!cancel.isClosed()) {
            Duration left = patience == null ? ONE_WAIT : patience.minusNanos(System.nanoTime() - start);
            Duration wait = left.isNegative() ? Duration.ZERO : left.compareTo(ONE_WAIT) < 0 ? left : ONE_WAIT;
            body.put("wait", Duration.ofMillis(wait.toMillis()).toString());
            long asked = System.nanoTime();
            Duration pause = Duration.ZERO;
            try {
                Http.Reply reply = http.call(eachTime.apply(call.waiting(wait)), cancel);
                if (reply.status() != 204) return reply;
                // A service that goes away answers at once.
                if (System.nanoTime() - asked < wait.toNanos() / 2) pause = backOff.next();
                else backOff = new BackOff(Duration.ofMillis(500), Duration.ofSeconds(10));
            } catch (CancellationException cancelled) {
                if (cancel.isClosed()) return null;
                throw cancelled;
            } catch (HoldpointUnreachable away) {
                pause = backOff.next();
            } catch (HoldpointProblem refused) {
                if (!refused.mayPass()) throw refused;
                pause = backOff.next();
            }
            if (patience != null && patience.minusNanos(System.nanoTime() - start).compareTo(pause) <= 0) return null;
            if (!pause.isZero()) pauseUnlessClosed(pause);
        }
        return null;
    }

    /** The same for a call that the service answers at once. */
    Http.@Nullable Reply until(Http.Call call) {
        return until(call, Json.object(), UnaryOperator.identity());
    }

    private void pauseUnlessClosed(Duration time) {
        try {
            cancel.pause(time);
        } catch (InterruptedException interrupted) {
            throw Http.cancelled(interrupted);
        }
    }

    @Override
    public void close() { cancel.close(); }
}
