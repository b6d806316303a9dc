package dev.holdpoint.faults;

import java.util.EnumSet;
import java.util.Set;

import dev.holdpoint.faults.HistoryCheck.Rule;

/** What breaks. */
enum Fault {
    SERVICE_KILLED("kill -9 of a service process", 3, 20),
    SERVICE_STOPPED("a service process stands still (SIGSTOP)", 1, 3),
    WORKER_STOPPED("a worker stands still (SIGSTOP)", 1, 3),
    REDIS_KILLED("kill -9 of Redis, then a restart", 2, 5),
    SENTINEL_FAILOVER("kill -9 of the primary, Sentinel", 1, 2),
    CLUSTER_FAILOVER("kill -9 of a primary, Cluster", 1, 3),
    PARTITION("10 s partition, Cluster", 1, 2);

    private final String words;
    private final int few;
    private final int many;

    Fault(String words, int few, int many) {
        this.words = words;
        this.few = few;
        this.many = many;
    }

    String words() { return words; }

    int rounds(boolean thorough) { return thorough ? many : few; }

    /** What nobody promises. */
    Set<Rule> mayBreak(Durability durability) {
        return switch (this) {
            case SERVICE_KILLED, SERVICE_STOPPED, WORKER_STOPPED, REDIS_KILLED -> EnumSet.noneOf(Rule.class);
            // Where nothing waits for a replica, what a lost primary had acknowledged is lost with
            // it; but nobody is left without a word.
            case SENTINEL_FAILOVER, CLUSTER_FAILOVER, PARTITION -> durability == Durability.ASYNC
                    ? EnumSet.complementOf(EnumSet.of(Rule.TROUBLE_HAS_A_NAME))
                    : OF_READERS;
        };
    }

    /** Reads and streams tell what the server at their side has, confirmed or not. */
    private static final Set<Rule> OF_READERS =
            EnumSet.of(Rule.ONE_WINNER, Rule.NOT_PENDING_AGAIN, Rule.SEEN_STAYS, Rule.STREAM_IS_THE_LOG);
}
