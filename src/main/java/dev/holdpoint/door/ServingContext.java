package dev.holdpoint.door;

import java.util.concurrent.Executor;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Where a request is served: what belongs to it, its response above all, is touched by that event loop alone. */
public final class ServingContext {
    private ServingContext() {}

    /** To be asked as the request comes in; work that may end anywhere comes back there by it. */
    @SuppressWarnings("ReferenceEquality") // the very context of this request, not one like it
    public static Executor here() {
        Context context = Vertx.currentContext();
        return context == null ? Runnable::run : next -> {
            if (Context.isOnEventLoopThread() && Vertx.currentContext() == context) next.run();
            else context.runOnContext(on -> next.run());
        };
    }
}
