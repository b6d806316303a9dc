package dev.holdpoint.door.sse;

import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.job.EventId;
import dev.holdpoint.job.EventLog.Slice;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.LoggedEvent;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What follows a position of a log, as one write.
 *
 * @param after  the position that it follows
 * @param upTo   where a reader stands who got it; {@code after} when nothing follows yet
 * @param events how many events are in it
 * @param last   the event that the stream ends with, whose own bytes are not in it
 */
record Passage(EventId after, EventId upTo, Buffer bytes, int events, @Nullable LoggedEvent last) {
    /**
     * From here on the next event goes into the next passage: a reader who doesn't take
     * more is held in memory with one of them.
     */
    private static final int ENOUGH = 32 * 1024;

    boolean isEmpty() { return events == 0; }

    /** A slice in passages, one behind the other; one empty passage when nothing is in it. */
    static List<Passage> of(JobKey job, EventId after, Slice slice, Frames frames) {
        List<Passage> passages = new ArrayList<>();
        EventId begin = after;
        EventId end = after;
        Buffer bytes = Buffer.buffer();
        int count = 0;
        for (LoggedEvent event : slice.events()) {
            end = event.id();
            count++;
            if (frames.isLast(event)) {
                passages.add(new Passage(begin, end, bytes, count, event));
                return passages;
            }
            bytes.appendBuffer(frames.of(job, event));
            if (bytes.length() < ENOUGH) continue;
            passages.add(new Passage(begin, end, bytes, count, null));
            begin = end;
            bytes = Buffer.buffer();
            count = 0;
        }
        if (count > 0 || passages.isEmpty()) passages.add(new Passage(begin, end, bytes, count, null));
        return passages;
    }
}
