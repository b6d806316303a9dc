package dev.holdpoint.measure;

import java.util.Locale;

/** What a job store is asked to do. */
enum Operation {
    CREATE, APPEND, HEARTBEAT, PAUSE, PASS, COMPLETE, FAIL, RESOLVE, ABORT, EXPIRE, CLAIM, REAP, REOPEN, RECLAIM,
    FIND, RECALL, RESOLUTION, RESUME_STATE, ACTIVE_JOBS, PENDING, WAITING, COUNT, DUE, EXPIRE_DEAD;

    /** Whether its answer is a transition. */
    boolean isMove() { return compareTo(RECLAIM) <= 0; }

    String word() { return name().toLowerCase(Locale.ROOT).replace('_', '-'); }
}
