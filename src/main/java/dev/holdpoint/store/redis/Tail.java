package dev.holdpoint.store.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import dev.holdpoint.job.JobEvent;
import dev.holdpoint.job.LoggedEvent;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of a job that somebody follows here, without a hole: what all followers read without asking Redis.
 */
final class Tail {
    private static final int MOST_EVENTS = 1_024;
    private static final long MOST_CHARACTERS = 1 << 20;

    private final Deque<LoggedEvent> events = new ArrayDeque<>();
    private long characters;

    synchronized void add(List<LoggedEvent> heard) {
        for (LoggedEvent event : heard) {
            LoggedEvent last = events.peekLast();
            // Told twice while one connection takes over from another.
            if (last != null && last.id().generation() == event.id().generation()
                    && event.id().seq() <= last.id().seq())
                continue;
            boolean follows = last != null && last.id().generation() == event.id().generation()
                    && last.id().seq() + 1 == event.id().seq();
            if (!follows) clear();
            events.add(event);
            characters += weight(event);
        }
        while (events.size() > MOST_EVENTS || characters > MOST_CHARACTERS && events.size() > 1)
            characters -= weight(events.remove());
    }

    private static long weight(LoggedEvent event) {
        return event.event() instanceof JobEvent.Reported reported ? reported.data().text().length() : 1_000;
    }

    synchronized void clear() {
        events.clear();
        characters = 0;
    }

    /** What follows a position; null when that isn't known here. */
    synchronized @Nullable List<LoggedEvent> behind(long generation, long after, int limit) {
        LoggedEvent first = events.peekFirst();
        LoggedEvent last = events.peekLast();
        if (first == null || last == null || first.id().generation() != generation || after < first.id().seq() - 1
                || after > last.id().seq())
            return null;
        List<LoggedEvent> behind = new ArrayList<>();
        // From the end, for followers stand there.
        for (var newest = events.descendingIterator(); newest.hasNext();) {
            LoggedEvent event = newest.next();
            if (event.id().seq() <= after) break;
            behind.add(event);
        }
        List<LoggedEvent> inOrder = behind.reversed();
        return inOrder.size() > limit ? List.copyOf(inOrder.subList(0, limit)) : List.copyOf(inOrder);
    }
}
