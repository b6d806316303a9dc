package dev.holdpoint.door;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** When a request is over, because it was answered or because its client has gone. */
public final class Departures {
    private Departures() {}

    /**
     * Does it once when the request is over, or at once when it already is, of which nothing else tells. To be called
     * on the event loop that serves the request, so that the client can't leave in between.
     */
    public static void whenOver(RoutingContext context, Runnable work) {
        HttpServerResponse response = context.response();
        if (response.closed() || response.ended()) work.run();
        else context.addEndHandler(over -> work.run());
    }
}
