package dev.holdpoint.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import dev.holdpoint.faults.Door.Call;
import dev.holdpoint.faults.Fact.Broken;
import dev.holdpoint.faults.Fact.Doubtful;
import dev.holdpoint.faults.Fact.GaveUp;

/** Somebody who sends the same call, to one process or the other, until the answer is definite. */
final class Caller {
    /** Longer than any fault and what it takes to get over it. */
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final String who;
    private final List<Door> doors;
    private final History history;
    private int at;

    /** Nobody answered for too long; it is in the history. */
    static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** @param first which of the doors is tried first */
    Caller(String who, List<Door> doors, int first, History history) {
        this.who = who;
        this.doors = doors;
        this.at = first;
        this.history = history;
    }

    String who() { return who; }

    Answer insist(String job, String name, Call call) throws NoAnswer {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            Answer answer = once(job, name, call);
            if (answer.isDefinite()) return answer;
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        history.add(new GaveUp(job, who, name));
        throw new NoAnswer();
    }

    /** One call; after trouble the next one goes to the other process. */
    Answer once(String job, String name, Call call) {
        Answer answer = door().call(call);
        if (answer.isDefinite()) return answer;
        if (answer.isBroken()) history.add(new Broken(job, name, answer.status(), answer.body().toString()));
        history.add(new Doubtful(job, door().name(), name, answer.status(), answer.problem(), answer.span()));
        at++;
        return answer;
    }

    Door door() { return doors.get(at % doors.size()); }

    void otherDoor() { at++; }
}
