package dev.holdpoint.door;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Lets readers of streams in a few at a time. When a replica is lost all its readers come to another at once, and
 * whoever brings a decision would wait on his event loop until the last of them has been served.
 */
@Singleton
class Turnstile {
    private static final int AT_ONCE = 8;
    /** In milliseconds; meanwhile the event loop looks what else has come. */
    private static final long PAUSE = 1;
    private static final String STREAM = "text/event-stream";

    private final Map<ContextInternal, Line> lines = new ConcurrentHashMap<>();

    void install(@Observes Router router) {
        router.get().order(AnswerHeaders.ORDER + 2).handler(this::admit);
    }

    private void admit(RoutingContext context) {
        if (!wantsStream(context.request().getHeader(HttpHeaders.ACCEPT))) {
            context.next();
            return;
        }
        ContextInternal here = (ContextInternal) Vertx.currentContext();
        lines.computeIfAbsent(here.unwrap(), loop -> new Line(next -> loop.setTimer(PAUSE, timer -> next.run())))
                .enter(() -> here.runOnContext(on -> {
                    if (!context.response().closed()) context.next();
                }));
    }

    private static boolean wantsStream(@Nullable String accept) { return accept != null && accept.contains(STREAM); }

    /** Those who wait on one event loop, in the order in which they came. All of it runs on that event loop. */
    static final class Line {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private final Executor later;
        private int places = AT_ONCE;
        private boolean pausing;

        /** @param later runs what it is given when the event loop has looked what else has come */
        Line(Executor later) {
            this.later = later;
        }

        void enter(Runnable reader) {
            waiting.add(reader);
            serve();
        }

        private void serve() {
            for (; places > 0 && !waiting.isEmpty(); places--) waiting.remove().run();
            if (pausing || places == AT_ONCE) return;
            pausing = true;
            later.execute(() -> {
                pausing = false;
                places = AT_ONCE;
                serve();
            });
        }
    }
}
