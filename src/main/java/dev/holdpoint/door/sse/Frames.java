package dev.holdpoint.door.sse;

import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Events as bytes on the wire. */
@FunctionalInterface
public interface Frames {
    /** One event as it is sent; empty when nothing is said of it. */
    Buffer of(JobKey job, LoggedEvent event);

    /** The same bytes for everybody, so an event that many follow is encoded once. */
    static Frames shared(Frames each) {
        return new SharedFrames(each);
    }

    static Buffer frame(@Nullable String id, String name, Json data) {
        return Buffer
                .buffer((id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: " + data.text() + "\n\n");
    }
}
