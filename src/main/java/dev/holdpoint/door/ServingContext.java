package dev.holdpoint.door;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Where a request is served: what belongs to it, its response above all, is touched by that event loop alone. */
final class ServingContext {
    private ServingContext() {}

    /** Work that may end anywhere, whose outcome comes back to where it is asked for. */
    @SuppressWarnings("ReferenceEquality") // the very context of this request, not one like it
    static <T> Uni<T> comingBack(Uni<T> work) {
        Context context = Vertx.currentContext();
        return context == null ? work : work.emitOn(next -> {
            if (Vertx.currentContext() == context) next.run();
            else context.runOnContext(on -> next.run());
        });
    }
}
