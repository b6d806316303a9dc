package dev.holdpoint.faults;

import java.util.Locale;

/** What the service waits for before it answers, and how its Redis servers write their log in these runs. */
enum Durability {
    ASYNC("everysec"), REPLICATED("everysec"), FSYNC("always");

    private final String appendfsync;

    Durability(String appendfsync) { this.appendfsync = appendfsync; }

    /** Lines of a server's configuration. */
    String[] redis() {
        return new String[]{"appendonly yes", "appendfsync " + appendfsync};
    }

    boolean needsReplica() { return this != ASYNC; }

    String word() { return name().toLowerCase(Locale.ROOT); }
}
