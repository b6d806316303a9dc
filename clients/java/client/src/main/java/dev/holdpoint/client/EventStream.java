package dev.holdpoint.client;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The events of a job, in order, each once. It is opened again by the last event's id as often as it is cut off, and
 * ends with the job or when it is closed. {@link #hasNext} waits. For one thread; {@link #close} may come from any.
 */
public final class EventStream implements Iterator<Event>, AutoCloseable {
    private final Following following;
    private final Http.Call call;
    private final boolean fromNow;
    private volatile @Nullable EventId place;
    private @Nullable Event next;
    private boolean over;

    EventStream(Http http, String jobId, From from, Duration silence) {
        this.following = new Following(http, silence);
        this.call = Http.Call.get(Http.path("jobs", jobId, "events"));
        this.place = from.cursor();
        this.fromNow = from.isNow();
    }

    /** Waits for the next event; false once there will be none. */
    @Override
    public boolean hasNext() {
        while (next == null && !over) read();
        return next != null;
    }

    @Override
    public Event next() {
        if (!hasNext() || next == null) throw new NoSuchElementException();
        Event event = next;
        next = null;
        return event;
    }

    /** The last event that was read; keep it to go on after it in another process. Nothing before the first one. */
    public Optional<EventId> place() {
        return Optional.ofNullable(place);
    }

    private void read() {
        SseReader.Frame frame = following.next(this::call, this::opened);
        over |= frame == null;
        if (frame == null || frame.id() == null) return; // what has no id isn't in the log
        Event event = new Event(EventId.of(frame.id()), frame.event(), Json.parse(frame.data()));
        place = event.id();
        next = event;
        if (!event.isEnd()) return;
        over = true;
        following.close();
    }

    private Http.Call call() {
        if (place != null) return call.with("Last-Event-ID", place.toString());
        return fromNow ? call.query("from=now") : call;
    }

    /** A stream that skips the replay and is cut off before its first event goes on where it began. */
    private void opened(HttpResponse<?> answer) {
        if (!fromNow || place != null) return;
        place = answer.headers().firstValue("Holdpoint-First-Event-Id").map(EventId::of)
                .map(first -> new EventId(first.generation(), Math.max(0, first.seq() - 1))).orElse(null);
    }

    @Override
    public void close() { following.close(); }
}
