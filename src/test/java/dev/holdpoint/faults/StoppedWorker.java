package dev.holdpoint.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import dev.holdpoint.faults.Caller.NoAnswer;
import dev.holdpoint.faults.Worker.Claim;

/**
 * A worker in a process of its own: it claims a job, keeps its lease alive, and goes on when it is told
 * to. Whoever stops it in between makes it a worker that knows nothing of its replacement. What it does
 * goes to standard output, one fact a line.
 */
final class StoppedWorker {
    static final String NAME = "stopped worker";
    static final String HOLDS = "holds a job";
    static final String DONE = "has tried";
    /** Marks behind every event there may be, a heartbeat and the end. */
    static final int LATE_WRITES = 22;
    private static final int MARKS = LATE_WRITES - 2;

    private StoppedWorker() {}

    public static void main(String[] ports) throws IOException, NoAnswer, InterruptedException {
        History history = new History();
        List<Door> doors = new ArrayList<>();
        for (String port : ports) doors.add(new Door("port " + port, Integer.parseInt(port)));
        Worker worker = new Worker(NAME, new Caller(NAME, doors, 0, history), history);
        Optional<Claim> claim = worker.claimAny();
        while (claim.isEmpty()) claim = worker.claimAny();
        Claim held = claim.get();
        tell(history);
        System.out.println(HOLDS);

        AtomicBoolean told = new AtomicBoolean();
        Thread beating = Thread.ofVirtual().start(() -> beat(worker, held, told));
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            in.readLine();
        }
        told.set(true);
        beating.join();
        // Whoever replaced it has written since, so no guess of the newest event may help it.
        for (long behind = 1; behind <= MARKS; behind++) worker.mark(held, behind);
        worker.heartbeat(held);
        worker.complete(held);
        tell(history);
        System.out.println(DONE);
        doors.forEach(Door::close);
    }

    private static void beat(Worker worker, Claim held, AtomicBoolean told) {
        try {
            while (!told.get() && worker.heartbeat(held).isSuccess())
                LockSupport.parkNanos(Session.LEASE.dividedBy(3).toNanos());
        } catch (NoAnswer gaveUp) {
            // The history knows.
        }
    }

    /** Facts may be told twice; only their first telling counts. */
    private static void tell(History history) {
        history.facts().forEach(fact -> System.out.println(History.line(fact)));
    }
}
