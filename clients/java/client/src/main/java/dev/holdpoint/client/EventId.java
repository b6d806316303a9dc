package dev.holdpoint.client;

/** Place in a job's log. Sequence numbers count from 1 in each generation; 0 stands before the first event. */
public record EventId(long generation, long seq) {
    public static EventId of(String text) {
        int dash = text.indexOf('-');
        if (dash < 1) throw new IllegalArgumentException("not an event id: " + text);
        return new EventId(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
    }

    @Override
    public String toString() { return generation + "-" + seq; }
}
