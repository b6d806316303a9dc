package dev.holdpoint.api.sse;

import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.holdpoint.api.json.Shapes;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Events as bytes on the wire. An event that many follow is encoded once: the newest frames are shared, and a miss costs only the encoding. */
final class Frames {
    /** A power of two. Together with the size of a shared frame it bounds what this holds: 16 MiB. */
    private static final int SHARED = 1024;
    private static final int LARGEST_SHARED = 16 * 1024;

    private final AtomicReferenceArray<@Nullable Shared> shared = new AtomicReferenceArray<>(SHARED);

    private record Shared(LoggedEvent event, Buffer frame) {}

    @SuppressWarnings("ReferenceEquality") // the place is found by identity, so it is checked by identity
    Buffer of(JobKey job, LoggedEvent event) {
        int place = System.identityHashCode(event) & SHARED - 1;
        Shared known = shared.get(place);
        if (known != null && known.event() == event) return known.frame();
        Buffer frame = frame(event.id().toString(), Shapes.eventName(event.event()), Shapes.eventData(job, event));
        if (frame.length() <= LARGEST_SHARED) shared.set(place, new Shared(event, frame));
        return frame;
    }

    static Buffer heartbeat() { return Buffer.buffer(":\n\n"); }

    /** Without an id: where the reader stands in the log is what it was. */
    static Buffer reauthenticate() {
        return frame(null, "job.reauthenticate", new Json("{\"reason\":\"access_ended\"}"));
    }

    /** @param millis how long a reader waits before it comes back */
    static Buffer retry(int millis) {
        return Buffer.buffer("retry: " + millis + "\n\n");
    }

    static Buffer frame(@Nullable String id, String name, Json data) {
        return Buffer
                .buffer((id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: " + data.text() + "\n\n");
    }
}
