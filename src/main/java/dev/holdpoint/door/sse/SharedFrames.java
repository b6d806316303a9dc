package dev.holdpoint.door.sse;

import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.LoggedEvent;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The newest frames are kept, and a miss costs only the encoding. */
final class SharedFrames implements Frames {
    /**
     * A power of two. Together with the size of a shared frame it bounds what this holds: 16 MiB, and with each frame
     * the event that it was made from.
     */
    private static final int SHARED = 1024;
    private static final int LARGEST_SHARED = 16 * 1024;

    private final Frames each;
    private final AtomicReferenceArray<@Nullable Shared> shared = new AtomicReferenceArray<>(SHARED);

    SharedFrames(Frames each) { this.each = each; }

    private record Shared(LoggedEvent event, Buffer frame) {}

    @Override
    @SuppressWarnings("ReferenceEquality") // the place is found by identity, so it is checked by identity
    public Buffer of(JobKey job, LoggedEvent event) {
        int place = System.identityHashCode(event) & SHARED - 1;
        Shared known = shared.get(place);
        if (known != null && known.event() == event) return known.frame();
        Buffer frame = each.of(job, event);
        if (frame.length() <= LARGEST_SHARED) shared.set(place, new Shared(event, frame));
        return frame;
    }
}
