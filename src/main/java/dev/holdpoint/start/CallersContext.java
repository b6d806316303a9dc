package dev.holdpoint.start;

import java.util.concurrent.Executor;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Where a call is served, so that its answer goes on there. */
final class CallersContext {
    private CallersContext() {}

    static Executor current() {
        Context context = Vertx.currentContext();
        return context == null ? Infrastructure.getDefaultExecutor() : task -> context.runOnContext(on -> task.run());
    }
}
