package dev.holdpoint.door.sse;

import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.LoggedEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Events as bytes on the wire. Readers of one job whose frames are equal are served together. */
@FunctionalInterface
public interface Frames {
    /** One event as it is sent; empty when nothing is said of it. */
    Buffer of(JobKey job, LoggedEvent event);

    /** Whether the stream ends with it, as every stream does with the last event of its job. */
    default boolean isLast(LoggedEvent event) {
        return event.isTerminal();
    }

    /**
     * The event that the stream ends with. Who says more of it than it holds may
     * take a look at the log; the reader waits.
     */
    default Uni<Buffer> last(JobKey job, LoggedEvent event) {
        return Uni.createFrom().item(of(job, event));
    }

    /** The same bytes for everybody, so an event that many follow is encoded once. */
    static Frames shared(Frames each) {
        return new SharedFrames(each);
    }

    static Buffer frame(@Nullable String id, String name, Json data) {
        return Buffer
                .buffer((id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: " + data.text() + "\n\n");
    }
}
