package dev.holdpoint.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.faults.Caller.NoAnswer;
import dev.holdpoint.faults.Fact.GaveUp;
import dev.holdpoint.faults.Fact.Logged;
import dev.holdpoint.faults.Fact.Read;
import dev.holdpoint.machine.Until;

/** Jobs that live side by side, with all the people, workers and subscribers they need, for as long as it takes. */
final class Load {
    private static final int LIVES = 16;
    private static final int WORKERS = 4;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration PATIENCE = Caller.PATIENCE.multipliedBy(2);

    private final List<Door> doors;
    private final History history;
    private final Gate gate = new Gate();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final Queue<String> jobs = new ConcurrentLinkedQueue<>();
    private final Queue<Follower> followers = new ConcurrentLinkedQueue<>();
    private final List<Thread> living = new ArrayList<>();
    private final List<Thread> serving = new ArrayList<>();
    private volatile boolean goesOn = true;
    private volatile boolean serves = true;

    private Load(List<Door> doors, History history) {
        this.doors = doors;
        this.history = history;
    }

    static Load start(List<Door> doors, History history) {
        Load load = new Load(doors, history);
        for (int number = 0; number < LIVES; number++) load.living.add(Thread.ofVirtual().start(load::live));
        for (int number = 0; number < WORKERS; number++) {
            int first = number;
            load.serving.add(Thread.ofVirtual().start(() -> load.work(first)));
        }
        for (Door door : doors) load.serving.add(Thread.ofVirtual().start(() -> load.lookAtInbox(door)));
        return load;
    }

    /** Returns when so many more jobs have come to their end: everything works, and the load is real. */
    void awaitMore(int lives) {
        int wanted = finished.get() + lives;
        Until.holds(lives + " more jobs come to their end", PATIENCE, () -> finished.get() >= wanted);
    }

    /** Returns when every job that lives waits for decisions that nobody makes before {@link #decide}. */
    void gather() {
        gate.close();
        Until.holds("all jobs wait for decisions", PATIENCE, () -> gate.waiting() == LIVES);
    }

    void decide() { gate.open(); }

    /** Cuts every subscriber's connection. */
    void reconnect() { followers.forEach(Follower::reconnect); }

    /**
     * Starts no more jobs, waits for the end of those under way, and writes down
     * their logs as both processes tell them.
     */
    void finish() {
        goesOn = false;
        living.forEach(Load::join);
        reconnect();
        long end = System.nanoTime() + Caller.PATIENCE.toNanos();
        while (System.nanoTime() - end < 0 && !followers.stream().allMatch(Follower::isOver))
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        followers.forEach(Follower::stop);
        for (Door door : doors) {
            Caller reader = new Caller("auditor", List.of(door), 0, history);
            jobs.forEach(job -> writeDown(job, reader));
        }
        serves = false;
        serving.forEach(Load::join);
    }

    private void live() {
        while (goesOn) {
            Life life = new Life(numbers.incrementAndGet(), doors, gate, history);
            if (!life.create()) {
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
                continue;
            }
            jobs.add(life.job());
            for (Door door : doors) followers.add(new Follower(life.job(), door, history));
            life.run();
            finished.incrementAndGet();
        }
    }

    private void work(int first) {
        Worker worker = new Worker("w" + first, new Caller("w" + first, doors, first, history), history);
        while (serves) {
            var claim = worker.claimAny();
            try {
                if (claim.isPresent()) worker.perform(claim.get());
            } catch (NoAnswer gaveUp) {
                // The history knows.
            }
        }
    }

    private void lookAtInbox(Door door) {
        Caller viewer = new Caller("viewer", List.of(door), 0, history);
        while (serves) {
            Answer answer = viewer.once("", "inbox", Routes.inbox());
            for (JsonNode item : answer.body().path("items")) {
                history.add(new Read(item.path("jobId").asText(), door.name(), "requires_action",
                        item.path("actionId").asText(), null, answer.span()));
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private void writeDown(String job, Caller reader) {
        try {
            Answer answer = reader.insist(job, "log", Routes.log(job));
            List<Fact.Event> events = answer.isSuccess()
                    ? StreamSupport.stream(answer.body().path("items").spliterator(), false).map(Routes::event).toList()
                    : null;
            history.add(new Logged(job, reader.door().name(), events));
        } catch (NoAnswer gaveUp) {
            history.add(new GaveUp(job, reader.who(), "log"));
        }
    }

    private static void join(Thread thread) {
        try {
            if (!thread.join(PATIENCE)) throw new AssertionError("somebody never stops");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
