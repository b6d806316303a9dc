package dev.holdpoint.dialect.mcp;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.holdpoint.access.Caller;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait in this process, so that a client can give one up. Request ids are counted by each client for itself:
 * only the session tells apart two clients of one caller. A cancellation that comes to another replica is missed, and
 * the call then waits for nobody until its time is up.
 */
@ApplicationScoped
class Cancellations {
    private final Map<Call, UniEmitter<? super Json>> waiting = new ConcurrentHashMap<>();

    private record Call(Space space, String subject, String session, Json request) {}

    /** Emits when the call is given up; never, when its client has no session. */
    Uni<Json> of(Caller caller, @Nullable String session, Json request) {
        if (session == null) return Uni.createFrom().nothing();
        Call call = new Call(caller.space(), caller.subject(), session, request);
        return Uni.createFrom().emitter(emitter -> {
            waiting.put(call, emitter);
            emitter.onTermination(() -> waiting.remove(call, emitter));
        });
    }

    void cancel(Caller caller, @Nullable String session, Json request) {
        if (session == null) return;
        UniEmitter<? super Json> emitter =
                waiting.get(new Call(caller.space(), caller.subject(), session, request));
        if (emitter != null) emitter.complete(request);
    }
}
